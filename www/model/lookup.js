// Report -> www. What is this sha256? The answer of the core in words.

import { LOOKUP_DIGITS } from "../engine/limits.js";
import { platformName, shortDigest, visible } from "../i18n/format.js";
import { has, t } from "../i18n/strings.js";
import { nameOf } from "./model.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {object} Hit one place; `as` is a key of the words `is.*`
 * @property {string} as
 * @property {string} digest in full
 * @property {Node} [node] @property {Node} [above] its parent
 * @property {number} [layer] which layer it is of, if no node stands for that
 * @property {string} [name] what the text calls it, if no node has it
 * @property {string} [code] the same by its stable code
 * @typedef {object} Lookup
 * @property {string} query as it was read; empty if it was no digest
 * @property {Hit[]} hits
 * @property {number} digests how many different digests begin so
 * @property {string[]} could what it could be, if it does not occur: keys of the words `could.*`
 * @property {string} [known] what it is wherever it occurs: a key of the words `known.*`
 */

/**
 * The answer in sentences.
 * @param {Lookup} lookup
 * @returns {string[]}
 */
export function lookupWords({ query, hits, digests, could, known }) {
	if (!query) return [t("lookup.invalid", { n: LOOKUP_DIGITS })];
	const short = visible(shortDigest(query), 40);
	const words = [];
	if (hits.length === 0) words.push(t("lookup.miss", { digest: short }));
	else if (digests > 1) words.push(t("lookup.several", { digest: short, n: digests }));
	if (known && has(`known.${known}`)) words.push(t(`known.${known}`));
	return [...words, ...could.map((key) => t(`could.${key}`))];
}

/** One place in words: `the config's digest, which is the image ID …`. @param {Hit} hit */
export const hitWords = (hit) => t(`is.${hit.as}`, { name: visible(named(hit), 100) });

/** `layer 2, linux/amd64` @param {Hit} hit */
function named({ node, above, layer, name = "", code }) {
	if (!node) return code && has(`core.meaning.${code}`) ? t(`core.meaning.${code}`) : name;
	if (layer) return `${t("kind.layer")} ${layer}`;
	const own = `${t(`kind.${node.kind}`)} ${node.kind === "layer" ? nameOf(node) : ""}`.trim();
	const platform = platformName(node.platform ?? above?.platform);
	return platform ? `${own}${t("list.comma")}${platform}` : own;
}
