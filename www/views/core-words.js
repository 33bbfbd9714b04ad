// Words of the core in the page's language, by their codes; a sentence without a code stays in English.

import { html } from "lit";
import { checkKeys } from "../i18n/check-keys.js";
import { visible } from "../i18n/format.js";
import { reasonWords } from "../i18n/reasons.js";
import { has, shown, t } from "../i18n/strings.js";

/** @typedef {import("../types.js").Check} Check */

/** A sentence without a code: English in every language. @param {string} text @param {number} [max] */
export const english = (text, max) =>
	shown() === "en" ? visible(text, max) : html`<span lang="en">${visible(text, max)}</span>`;

/**
 * @param {string[]} keys the first that the table has is taken
 * @param {string} own the core's sentence
 * @param {number} [max]
 */
export function coreWords(keys, own, max) {
	const key = keys.find(has);
	return key ? html`${t(key)} <span class="own note" lang="en">${visible(own, max)}</span>` : english(own, max);
}

/** The same if the sentence alone says all. @param {string} key @param {string} own @param {Record<string, string>} [params] */
export const named = (key, own, params) => (has(key) ? visible(t(key, params), 600) : english(own, 600));

/** As plain text, for names. @param {string} key @param {string} own */
export const namedText = (key, own) => (has(key) ? t(key) : visible(own, 100));

/** @param {Check} check @param {number} [max] */
export function checkText(check, max = 1000) {
	const words = reasonWords(check);
	return words === undefined ? coreWords(checkKeys(check), check.message, max) : visible(words, max);
}

/** An error by its reason, else its own sentence. @param {import("../i18n/reasons.js").Said} error @param {number} [max] */
export const errorText = (error, max) => visible(reasonWords(error), max) || english(error.message ?? "", max);

/** A check in one line of plain text. @param {Check} check */
export function checkWords(check) {
	const words = reasonWords(check);
	if (words !== undefined) return visible(words, 500);
	const key = checkKeys(check).find(has);
	return key ? t(key) : visible(check.message, 500);
}
