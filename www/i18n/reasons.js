// The sentence about a check or an error in the page's language, by the code of its reason and the values in it.

import { visible } from "./format.js";
import { has, t } from "./strings.js";

/** @typedef {{ reason?: string, params?: Record<string, Param>, message?: string }} Said */
/** @typedef {string | number | Said | Said[]} Param */

/** The longest value that a sentence repeats. */
const LONGEST = 300;

/** The depth to which sentences stand within sentences. */
const DEEPEST = 4;

/**
 * @param {Said} said
 * @param {number} [depth]
 * @returns {string | undefined} nothing if there is no code, or no words for it
 */
export function reasonWords({ reason, params = {} }, depth = 0) {
	const key = `core.reason.${reason}`;
	if (!reason || !has(key) || depth > DEEPEST) return undefined;
	const words = Object.entries(params).map(([name, value]) => [name, valueWords(name, value, depth + 1)]);
	return t(key, Object.fromEntries(words));
}

/** Of values only codes have words; what a document says stays as it is. @param {string} name @param {Param} value @param {number} depth @returns {string | number} */
function valueWords(name, value, depth) {
	if (typeof value === "number") return value;
	if (Array.isArray(value)) return value.map((one) => valueWords(name, one, depth)).join(t("list.semicolon"));
	if (typeof value === "object") return reasonWords(value, depth) ?? visible(value.message ?? "", LONGEST);
	const key = `core.param.${name}.${value}`;
	return has(key) ? t(key) : visible(value, LONGEST);
}
