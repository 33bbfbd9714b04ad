/** The page's first view as text: index.html is served with it, so that it is seen before any script has come. */

import { nothing } from "lit";
import { loadSettings } from "../page/settings.js";
import { firstState } from "../page/state.js";
import { pageView } from "../views/page-view.js";

/** An attribute that is still open where a value comes: its name and what stands before the value. */
const OPEN = /\s([@.?]?[\w-]+)=("?)([^"<>]*)$/;
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {unknown} value */
const escaped = (value) =>
	String(value).replace(/[&<>"]/g, (one) => ESCAPES[/** @type {keyof typeof ESCAPES} */ (one)]);

/** @param {import("../page/samples.js").Sample[]} samples @returns {string} in English, which is the language of the file */
export function shell(samples) {
	const state = { ...firstState(loadSettings(undefined, "")), samples };
	const text = written(pageView(state, { api: /** @type {any} */ ({}), defaultProxy: "" }));
	return text.replace(/\s*\n\s*/g, "\n");
}

/** @param {any} value what a template holds @returns {string} */
function written(value) {
	if (value === nothing || value === undefined || value === null || value === false) return "";
	if (Array.isArray(value)) return value.map(written).join("");
	return value.strings ? template(value) : escaped(value);
}

/** @param {{ strings: readonly string[], values: unknown[] }} template */
function template({ strings, values }) {
	let text = strings[0] ?? "";
	values.forEach((value, index) => {
		const next = strings[index + 1] ?? "";
		const open = text.lastIndexOf("<") > text.lastIndexOf(">") ? OPEN.exec(text) : null;
		if (!open) text += written(value) + next;
		else text = attribute(text, open, value, next);
	});
	return text;
}

/** Listeners and properties are the script's; what is nothing or false is left out. @param {string} text @param {RegExpExecArray} open @param {unknown} value @param {string} next */
function attribute(text, [whole, name = "", quote = "", before = ""], value, next) {
	const head = text.slice(0, text.length - whole.length);
	const rest = quote ? next.replace(/^"/, "") : next;
	if (/^[@.]/.test(name) || value === nothing || value === undefined) return head + rest;
	if (name.startsWith("?")) return head + (value ? ` ${name.slice(1)}` : "") + rest;
	return quote ? text + escaped(value) + next : `${head} ${name}="${before}${escaped(value)}"${next}`;
}
