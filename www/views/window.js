// Computes which rows of a long list are in view, as browsers draw no box as tall as all rows together.

import { windowOf } from "../anatomy/rows.js";

/** Firefox drops boxes above 17.8 million pixels, Chromium cuts them at 33.5; above this the scroll bar is to scale. */
export const TALLEST = 15_000_000;

/** @typedef {{ count: number, rowHeight: number, top: number, height: number, overscan?: number }} View `top`: of the scroll bar */

/**
 * The rows to draw, and the heights left out before and after them.
 * @param {View} view
 */
export function windowIn(view) {
	const { count, rowHeight, height, overscan = 8 } = view;
	const { whole, box } = heights(view);
	if (whole <= TALLEST) return windowOf(view);
	const real = realTop(view);
	const first = Math.max(0, Math.floor(real / rowHeight) - overscan);
	const last = Math.min(count, Math.ceil((real + height) / rowHeight) + overscan);
	const drawn = (last - first) * rowHeight;
	const before = Math.min(Math.max(0, view.top - (real - first * rowHeight)), Math.max(0, box - drawn));
	return { first, last, before, after: Math.max(0, box - before - drawn) };
}

/**
 * The position of the scroll bar that brings a row into view; the present one if the row is in view.
 * @param {View} view @param {number} index
 */
export function topFor(view, index) {
	const { rowHeight, height } = view;
	const { whole, box } = heights(view);
	const real = realTop(view);
	const from = index * rowHeight;
	if (from >= real && from + rowHeight <= real + height) return view.top;
	const wanted = from < real ? from : from + rowHeight - height;
	return whole <= TALLEST ? wanted : (wanted / Math.max(1, whole - height)) * Math.max(1, box - height);
}

/** The position of the first row in view if the list were drawn whole. @param {View} view */
function realTop(view) {
	const { whole, box } = heights(view);
	if (whole <= TALLEST) return view.top;
	const free = Math.max(1, box - view.height);
	return (Math.min(Math.max(0, view.top), free) / free) * (whole - view.height);
}

/** @param {View} view */
function heights({ count, rowHeight }) {
	const whole = count * rowHeight;
	return { whole, box: Math.min(whole, TALLEST) };
}
