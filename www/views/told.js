// Line: Report -> www. What the core says in English, in the page's language where it has a code; its own sentence is the detail.

import { html } from "lit";
import { checkKeys } from "../check-keys.js";
import { visible } from "../format.js";
import { said } from "../said.js";
import { has, shown, t } from "../strings.js";

/** @typedef {import("../types.js").Check} Check */

/** What has no code, in the page's language where it is known, else as the English that it is. @param {string} text @param {number} [max] */
export function english(text, max) {
	const words = said(text);
	if (shown() === "en" || words !== undefined) return visible(words ?? text, max);
	return html`<span lang="en">${visible(text, max)}</span>`;
}

/**
 * @param {string[]} keys the first that the table has is taken
 * @param {string} own the core's sentence
 * @param {number} [max]
 */
export function told(keys, own, max) {
	// Where the language has the sentence itself, it says all.
	const key = said(own) === undefined && keys.find(has);
	return key ? html`${t(key)} <span class="own note" lang="en">${visible(own, max)}</span>` : english(own, max);
}

/** The same where the sentence alone says all. @param {string} key @param {string} own @param {Record<string, string>} [params] */
export const named = (key, own, params) => (has(key) ? visible(t(key, params), 600) : english(own, 600));

/** As plain text, for names. @param {string} key @param {string} own */
export const namedText = (key, own) => (has(key) ? t(key) : visible(own, 100));

/** @param {Check} check @param {number} [max] */
export const checkTold = (check, max = 1000) => told(checkKeys(check), check.message, max);

/** A check in one line of plain text. @param {Check} check */
export function checkWords(check) {
	const key = checkKeys(check).find(has);
	return key ? t(key) : visible(check.message, 500);
}
