// The words of the page by key, in the language that was chosen; the tables are in words/, one file an area and language.

import { AREAS } from "./areas.js";
import { words as english } from "./words/en/first.en.js";

/**
 * @typedef {Record<string, string>} Words
 */

/** The languages that there are, with what Intl and the document's `lang` call them. */
export const LANGUAGES = /** @type {const} */ ({ en: "en-GB", zh: "zh-CN" });

/** @typedef {keyof typeof LANGUAGES} Language */
/** @typedef {keyof typeof AREAS | keyof typeof import("../how/word-areas.js").AREAS} Area */

/** All words that are here, by language. English is what shows if another table lacks a word. @type {Record<Language, Words>} */
const tables = { en: { ...english }, zh: {} };

/** @type {Map<string, Promise<void>>} */
const loads = new Map([["first.en", Promise.resolve()]]);

/** The areas that are in view or were. @type {Set<Area>} */
const wanted = new Set(["first"]);

/** @type {Set<() => void>} */
const listeners = new Set();

/** @type {Language} */
let language = "en";
let intl = intlOf(language);

/** The language that was asked for last: of two switches the later one wins. @type {Language} */
let asked = language;

/** @param {Language} one */
function intlOf(one) {
	const tag = LANGUAGES[one];
	return {
		tag,
		plural: new Intl.PluralRules(tag),
		numbers: new Intl.NumberFormat(tag),
		lists: new Intl.ListFormat(tag),
	};
}

/** The locale for Intl: `zh-CN`. */
export const locale = () => intl.tag;

/** @returns {Language} the one that is shown */
export const shown = () => language;

/** The languages of elements on one page of others; nothing if there is one language at a time. @type {Set<Language>} */
const spoken = new Set();

/**
 * Brings the words of an area in the present language; the view that shows them waits for it.
 * @param {Area} area
 */
export function loadWords(area) {
	wanted.add(area);
	return Promise.all([...(spoken.size > 0 ? spoken : [language])].map((one) => loaded(area, one)));
}

/** A load that failed is forgotten, so that the next one tries again. @param {Area} area @param {Language} into */
function loaded(area, into) {
	const key = `${area}.${into}`;
	const known =
		loads.get(key) ??
		/** @type {Record<Area, import("./areas.js").Files>} */ (AREAS)[area]
			[into]()
			.then(({ words }) => addWords(words, into));
	loads.set(key, known);
	known.catch(() => loads.delete(key));
	return known;
}

/**
 * Switches once the words of all that was shown are here; the tables of before stay if they cannot be had.
 * @param {Language} into
 */
export async function setLanguage(into) {
	asked = into;
	await bring(into);
	if (asked !== into || language === into) return;
	language = into;
	intl = intlOf(into);
	for (const redraw of listeners) redraw();
}

/** The words of all that was shown, also of what is shown meanwhile. @param {Language} into */
async function bring(into) {
	for (let brought = 0; brought < wanted.size; ) {
		brought = wanted.size;
		await Promise.all([...wanted].map((area) => loaded(area, into)));
	}
}

/** Those of them whose words have come: one load more that fails does not silence them. @type {Set<Language>} */
const heard = new Set();

/**
 * Brings a language beside those that are spoken already; the present one stays what it is.
 * @param {Language} into @param {Area[]} areas
 */
export async function speakBeside(into, areas) {
	spoken.add(into);
	for (const area of areas) wanted.add(area);
	await bring(into).catch((error) => {
		if (!heard.has(into)) spoken.delete(into);
		throw error;
	});
	heard.add(into);
	spoken.add(into);
}

/** @type {Partial<Record<Language, typeof intl>>} */
const intls = {};

/** Sets the language of the next texts without drawing anything anew. @param {Language} into */
export function turnTo(into) {
	language = into;
	intl = intls[into] ??= intlOf(into);
}

/**
 * Draws in this language, not in the one of the page around.
 * @template T
 * @param {Language} into @param {() => T} draw that does not wait for anything
 */
export function within(into, draw) {
	const before = language;
	turnTo(into);
	try {
		return draw();
	} finally {
		turnTo(before);
	}
}

/** @param {() => void} redraw called after each switch @returns {() => void} ends it */
export function onLanguage(redraw) {
	listeners.add(redraw);
	return () => listeners.delete(redraw);
}

/** @param {Words} words @param {Language} [into] */
export function addWords(words, into = language) {
	Object.assign(tables[into], words);
}

/** The keys of the chosen language that begin so. @param {string} start */
export const keysOf = (start) => Object.keys(tables[language]).filter((key) => key.startsWith(start));

/** @param {string} key */
export const has = (key) => Object.hasOwn(tables[language], key) || Object.hasOwn(tables.en, key);

/**
 * The words of a key. `{name}` stands for a parameter, and `{name|file|files}` for the word that goes with its count.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string} the key itself if no table has it
 */
export function t(key, params = {}) {
	const message = tables[language][key] ?? tables.en[key] ?? key;
	return message.replace(/\{(\w+)(?:\|([^|]*)\|([^}]*))?\}/g, (hole, name, one, other) => {
		const value = params[name];
		if (value === undefined) return hole;
		if (other) return intl.plural.select(Number(value)) === "one" ? one : other;
		return typeof value === "number" ? intl.numbers.format(value) : value;
	});
}

/**
 * The words of the first key that the table has: `first("error.odd", "error.unknown")`.
 * @param {...string} keys
 */
export const first = (...keys) => t(keys.find(has) ?? keys[keys.length - 1] ?? "");

/**
 * `a, b and c`
 * @param {string[]} parts
 */
export const listed = (parts) => intl.lists.format(parts).replace(/和(?=\d)/, "和 ");
