// Line: Report -> www. Every identity of the image in view: its formula, what prints it, and how it is known.

import { outcomeOf, titleOf } from "./model.js";

/**
 * @typedef {import("./types.js").Node} Node
 * @typedef {import("./model.js").Model} Model
 * @typedef {"proved" | "claimed" | "derived" | "failed"} Known
 * @typedef {object} Identity `what`, `formula` and `prints` are keys of the strings
 * @property {string} what
 * @property {string} formula
 * @property {string} prints
 * @property {string} value
 * @property {Known} known
 * @property {string} [of] which layer or platform
 * @property {string} [id] the node that it selects
 */

/**
 * @param {Model} model
 * @param {Node | undefined} image
 * @returns {Identity[]}
 */
export function identitiesOf(model, image) {
	if (!image) return [];
	const indexes = model
		.ancestors(image)
		.filter(({ kind }) => kind === "index")
		.reverse();
	return [
		...indexes.flatMap((node) => own(node, "index", "index", "index")),
		...(image.kind === "schema1"
			? own(image, "payload", "payload", "manifest")
			: own(image, "manifest", "manifest", "manifest")),
		...imageId(model, image),
		...model.layers(image).flatMap(layer),
	];
}

/** @param {Node} node @param {string} what @param {string} formula @param {string} prints @returns {Identity[]} */
function own(node, what, formula, prints) {
	if (!node.digest) return [];
	return [
		{ what, formula, prints, value: node.digest, known: knownOf(node), of: titleOf(node) || undefined, id: node.id },
	];
}

/** @param {Model} model @param {Node} image @returns {Identity[]} */
function imageId(model, image) {
	const config = model.config(image);
	const value = image.imageId ?? (config !== image ? config?.digest : undefined);
	if (!value || image.kind !== "manifest") return [];
	return [
		{
			what: "imageId",
			formula: "config",
			prints: "imageId",
			value,
			known: config ? knownOf(config) : "claimed",
			id: config?.id,
		},
	];
}

/** @param {Node} node @param {number} index @returns {Identity[]} */
function layer(node, index) {
	const of = node.title || String(index + 1);
	/** @type {Identity[]} */
	const found = [];
	const about = { of, id: node.id };
	if (node.digest)
		found.push({
			what: "layer",
			formula: "layer",
			prints: "layer",
			value: node.digest,
			known: knownOf(node),
			...about,
		});
	const unpacked = node.checks.find(({ id }) => id === "diff-id")?.outcome;
	const proved = unpacked === "pass";
	if (node.diffId) {
		const known = unpacked === "fail" ? "failed" : proved ? "proved" : "claimed";
		found.push({ what: "diffId", formula: "diffId", prints: "diffId", value: node.diffId, known, ...about });
	}
	if (node.chainId) {
		const formula = index === 0 ? "chainId.first" : "chainId";
		found.push({
			what: "chainId",
			formula,
			prints: "chainId",
			value: node.chainId,
			known: proved && index === 0 ? "proved" : "derived",
			...about,
		});
	}
	return found;
}

/** A digest is proved only over bytes that were read here and that nothing disproves. @param {Node} node @returns {Known} */
function knownOf(node) {
	if (node.checks.some(({ id, outcome }) => id === "digest" && outcome === "fail")) return "failed";
	return node.read && outcomeOf(node) !== "not-checked" ? "proved" : "claimed";
}
