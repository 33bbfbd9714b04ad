// Line: Report -> www. A formula opened: what goes into an identity's hash, and the commands that do the same.

import { chainCommand, recipes } from "./by-hand.js";

/**
 * @typedef {import("./image-identities.js").Identity} Identity
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./by-hand.js").Recipe} Recipe
 * @typedef {object} Input
 * @property {"bytes" | "text" | "none"} kind `bytes`: those of a node; `text`: the string itself; `none`: not at hand
 * @property {string} [digest] of the bytes
 * @property {string} [text]
 * @property {string} [why] a key of the strings' `input.*`
 * @property {Recipe[]} recipes
 */

/**
 * @param {Identity} identity
 * @param {Model} model
 * @returns {Input}
 */
export function inputOf({ what, formula, value, id, below }, model) {
	const node = model.node(id);
	if (formula === "chainId.first") return { kind: "none", why: "first", recipes: [] };
	if (what === "chainId") {
		if (!below || !node?.diffId) return { kind: "none", why: "claimed", recipes: [] };
		return {
			kind: "text",
			text: `${below} ${node.diffId}`,
			recipes: [
				{ tool: "chain", lines: [chainCommand(below, node.diffId)], expect: value.slice(value.indexOf(":") + 1) },
			],
		};
	}
	if (!node || !value) return { kind: "none", why: "unknown", recipes: [] };
	const all = recipes(node, model);
	if (what === "diffId") return { kind: "none", why: "unpacked", recipes: all.filter(({ tool }) => tool === "layer") };
	const hashed = all.filter(({ tool }) => tool !== "layer");
	// The bytes of a signed schema 1 document are not those that are hashed: its payload is.
	if (formula === "payload") return { kind: "bytes", digest: value, why: "payload", recipes: hashed };
	return node.read && node.digest === value
		? { kind: "bytes", digest: value, recipes: hashed }
		: { kind: "none", why: node.read ? "other" : "unread", recipes: hashed };
}
