// Line: www, the words of the page by key, in the language that was chosen; the tables are in words/, one file an area and language.

import { AREAS } from "./words/areas.js";
import { words as english } from "./words/first.en.js";

/**
 * @typedef {string | { one: string, other: string }} Message forms by the count `n`
 * @typedef {Record<string, Message>} Words
 */

/** The languages that there are, with what Intl calls them. */
export const LANGUAGES = /** @type {const} */ ({ en: "en-GB" });

/** @typedef {keyof typeof LANGUAGES} Language */

/** All words that are here, by language. English is what shows where another table lacks a word. */
const tables = { en: { .../** @type {Words} */ (english) } };

/** The areas that were asked for, each with what loads it in a language. @type {Set<string>} */
const wanted = new Set();

/** @type {Map<string, Promise<void>>} */
const loads = new Map();

/** @type {Language} */
const language = "en";
const intl = intlOf(language);

/** @param {Language} one */
function intlOf(one) {
	const tag = LANGUAGES[one];
	return { plural: new Intl.PluralRules(tag), numbers: new Intl.NumberFormat(tag), lists: new Intl.ListFormat(tag) };
}

/**
 * Brings the words of an area in the present language; whoever shows them waits for it.
 * @param {keyof typeof AREAS} area
 */
export function loadWords(area) {
	wanted.add(area);
	return loaded(area, language);
}

/** A load that failed is forgotten, so that the next one tries again. @param {string} area @param {Language} into */
function loaded(area, into) {
	const key = `${area}.${into}`;
	const load = AREAS[/** @type {keyof typeof AREAS} */ (area)][into];
	const known = loads.get(key) ?? load().then(({ words }) => addWords(words, into));
	loads.set(key, known);
	known.catch(() => loads.delete(key));
	return known;
}

/** @param {Words} words @param {Language} [into] */
export function addWords(words, into = language) {
	Object.assign(tables[into], words);
}

/** @param {string} key */
export const has = (key) => Object.hasOwn(tables[language], key) || Object.hasOwn(tables.en, key);

/**
 * The words of a key. `{name}` stands for a parameter; the form follows `n` where there are several.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string} the key itself where no table has it
 */
export function t(key, params = {}) {
	const message = tables[language][key] ?? tables.en[key] ?? key;
	const form =
		typeof message === "string" ? message : message[intl.plural.select(Number(params.n)) === "one" ? "one" : "other"];
	return form.replace(/\{(\w+)\}/g, (hole, name) => {
		const value = params[name];
		if (value === undefined) return hole;
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
export const listed = (parts) => intl.lists.format(parts);
