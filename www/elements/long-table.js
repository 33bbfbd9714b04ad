// Report -> www. `<stow-long-table>`: a table of very many rows of equal height, of which only those in view are drawn.

import { html } from "lit";
import { windowIn } from "../views/window.js";
import { Part, vars } from "./part.js";
import { Printing } from "./printing.js";

/** The height of a row in pixels, until one was drawn. */
const ROW = 36;
/** The most rows that are printed. */
const PRINTED = 2000;

/** `<stow-long-table .heads=${templates} .count .row=${(index) => templates} label>` */
export class StowLongTable extends Part {
	static properties = { heads: {}, count: {}, row: {}, label: {}, top: { state: true } };

	constructor() {
		super();
		/** @type {unknown[]} */
		this.heads = [];
		this.count = 0;
		/** @type {(index: number) => unknown[]} */
		this.row = () => [];
		this.label = "";
		this.top = 0;
		this.printing = new Printing(this, () => this.performUpdate());
	}

	render() {
		const { count, heads } = this;
		const height = this.firstElementChild?.clientHeight || 480;
		const view = this.printing.active
			? { first: 0, last: Math.min(count, PRINTED), before: 0, after: 0 }
			: windowIn({ count, rowHeight: ROW, top: this.top, height, overscan: 12 });
		const space = (/** @type {number} */ pixels) =>
			html`<div class="space" role="none" ${vars({ "--height": `${pixels}px` })}></div>`;
		const cells = (/** @type {unknown[]} */ all, /** @type {string} */ role) =>
			all.map((cell) => html`<div class="long-cell" role=${role}>${cell}</div>`);
		return html`<div class="long-box" tabindex="0" role="table" aria-label=${this.label} aria-rowcount=${count + 1} @scroll=${this.scrolled} ${vars({ "--cells": String(heads.length) })}>
			<div class="long-row is-head" role="row" aria-rowindex="1">${cells(heads, "columnheader")}</div>
			${space(view.before)}${Array.from(
				{ length: view.last - view.first },
				(_, at) =>
					html`<div class="long-row" role="row" aria-rowindex=${view.first + at + 2}>${cells(this.row(view.first + at), "cell")}</div>`,
			)}${space(view.after)}</div>`;
	}

	scrolled() {
		this.top = this.firstElementChild?.scrollTop ?? 0;
	}
}
