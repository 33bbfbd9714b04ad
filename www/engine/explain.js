// Report -> core -> www. Asks the core about an image: its identities, commands to check it by hand, places of a digest.

import { fileName } from "../lib/file-name.js";
import { outcomeOf } from "../model/model.js";
import { answered } from "./session.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {"proved" | "claimed" | "derived" | "failed" | "unknown"} Known
 * @typedef {object} Identity `what`, `formula` and `prints` are keys of the words
 * @property {string} what @property {string} formula @property {string} prints
 * @property {string} value empty if it is not known here
 * @property {Known} known
 * @property {string} [id] the node that has it
 * @property {number} [layer] which layer it is of, from 1
 * @property {string} [below] of a ChainID: that of the layers below
 * @typedef {object} Printed what a tool prints: `tool` is a key of the words `tool.*`
 * @property {string} tool @property {string} what @property {string[]} values @property {number} count @property {Known} known
 * @typedef {object} Explanation
 * @property {Identity[]} own of the image's documents
 * @property {Identity[]} layers of its layers: the first of `ofLayers`
 * @property {number} ofLayers @property {number} layerCount
 * @property {Printed[]} printed
 * @typedef {{ tool: string, lines: string[], note?: string, expect?: string }} Recipe `tool` and `note` are keys of the words
 *   `hand.*`; `expect`: the hex digits that its last line prints
 * @typedef {object} HashInput
 * @property {"bytes" | "text" | "none"} kind `bytes`: those of a node; `text`: the string itself; `none`: not at hand
 * @property {string} [digest] of the bytes @property {string} [text]
 * @property {string} [why] a key of the words `input.*`
 * @property {Recipe[]} recipes
 */

/** The checks that say something of a digest. */
const OF_DIGESTS = new Set(["digest", "diff-id"]);

/**
 * The identities of an image and what each tool prints; of a config alone, if there is no image.
 * @param {Model} model
 * @param {Node | undefined} image
 * @returns {Promise<Explanation>}
 */
export async function explainImage(model, image) {
	const nodes = image ? around(model, image) : model.roots;
	const { identities, printed } = await asked("explainImage", given(model, nodes, image));
	const { own, layers, ofLayers, layerCount } = identities;
	const named = (/** @type {any[]} */ all) => all.map(({ node, ...one }) => ({ ...one, id: nodes[node]?.id }));
	return { own: named(own), layers: named(layers), ofLayers, layerCount, printed };
}

/**
 * The commands for one node, the best known tool first.
 * @param {Model} model
 * @param {Node} node
 * @returns {Promise<Recipe[]>}
 */
export const recipes = (model, node) => asked("recipes", given(model, withParent(model, node), node));

/**
 * The input of an identity's hash, and the commands that make the same.
 * @param {Model} model
 * @param {Identity} identity
 * @returns {Promise<HashInput>}
 */
export function inputOf(model, identity) {
	const node = model.node(identity.id);
	return asked("inputOf", given(model, node ? withParent(model, node) : [], node), identity);
}

/**
 * The places of a digest, or of the beginning of one.
 * @param {Model} model
 * @param {string} text
 * @returns {Promise<import("../model/lookup.js").Lookup>}
 */
export async function lookUp(model, text) {
	const { nodes, forms = [], pasted = [] } = model.report;
	const { hits, ...answer } = await asked("lookUp", { ...given(model, nodes), forms, pasted }, text);
	/** @param {any} hit */
	const placed = ({ node, ...hit }) => ({ ...hit, node: nodes[node], above: model.node(nodes[node]?.parent) });
	return { ...answer, hits: hits.map(placed) };
}

/** @param {"explainImage" | "recipes" | "inputOf" | "lookUp"} name @param {any[]} question */
const asked = (name, ...question) => answered((remote) => remote.explain(name, ...question));

/** The nodes that tell about an image: those above, beside and below it. @param {Model} model @param {Node} image */
function around(model, image) {
	const beside = model.node(image.parent);
	return [
		...new Set([image, ...model.ancestors(image), ...(beside ? model.children(beside) : []), ...model.children(image)]),
	];
}

/** @param {Model} model @param {Node} node */
const withParent = (model, node) => [node, ...model.ancestors(node).slice(0, 1)];

/** As much of the report as the question is about. @param {Model} model @param {Node[]} nodes @param {Node} [node] */
function given({ report }, nodes, node) {
	const places = new Map(nodes.map(({ id }, at) => [id, at]));
	return {
		nodes: nodes.map((one) => picked(one, places)),
		node: node && places.get(node.id),
		reference: report.source.reference,
		file: node?.digest ? fileName(node.digest) : undefined,
	};
}

/** @param {Node} node @param {Map<string, number>} places */
function picked(node, places) {
	const { kind, digest, read, imageId, diffId, chainId, diffIds, compression, subject } = node;
	const checks = node.checks
		.filter(({ id }) => OF_DIGESTS.has(id))
		.map(({ id, outcome, expected, actual }) => ({ id, outcome, expected, actual }));
	const parent = places.get(node.parent ?? "");
	const mark = outcomeOf(node);
	return { kind, parent, digest, read, mark, imageId, diffId, chainId, diffIds, compression, subject, checks };
}
