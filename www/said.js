// Line: Report -> www. What is said in English without a code, by its sentence: words/ has it as `core.said.SENTENCE` with its holes.

import { keysOf, t } from "./strings.js";

const START = "core.said.";
/** Texts of others may be of any length; sentences are not. */
const LONGEST = 1000;

/**
 * A part that fills a hole is looked for as well: `the digest in {0}` of `the text beside the document`.
 * @param {string} text
 * @param {number} [depth]
 * @returns {string | undefined} nothing where the language has no such sentence
 */
export function said(text, depth = 0) {
	if (text.length > LONGEST || depth > 2) return undefined;
	for (const key of keysOf(START)) {
		const found = pattern(key.slice(START.length)).exec(text);
		if (!found) continue;
		return t(key, Object.fromEntries(found.slice(1).map((part, hole) => [hole, said(part, depth + 1) ?? part])));
	}
	return undefined;
}

/** @param {string} sentence */
const pattern = (sentence) =>
	new RegExp(`^${sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\d\}/g, "(.*?)")}$`, "su");
