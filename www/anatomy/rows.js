// Report -> www. The anatomy as data: a report to the rows of the tree, their lines and their scale. No DOM here.

import { platformName } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { commandOf } from "../lib/command.js";
import { markOf, outcomeOf } from "../model/model.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Outcome} Outcome
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {object} Row one box, with all that is needed to draw it
 * @property {Node} node
 * @property {number} depth 0 for a root
 * @property {number} position its place among its siblings, from 1
 * @property {number} siblings how many they are
 * @property {boolean} expandable
 * @property {boolean} expanded
 * @property {Outcome} outcome
 * @property {import("../views/marks.js").Mark} mark the outcome, or `info` for what was hashed and held against nothing
 * @property {string} note for layers what made them, for a config that it is the image ID, for others what is in them
 * @property {number | null} size what there is to download of it
 * @property {number | null} scale for layers: 0 to 1, the share of the largest sibling
 * @property {number} tone for layers: 0 for the first to 1 for the last
 */

/**
 * The rows of the tree from top to bottom.
 * @param {Model} model
 * @param {{ open: ReadonlySet<string>, filter?: string }} view `open`: the ids that show their children
 * @returns {Row[]}
 */
export function rowsOf(model, { open, filter = "" }) {
	const kept = filter.trim() ? matching(model, filter.trim().toLowerCase()) : undefined;
	/** @type {Row[]} */
	const rows = [];
	addRows({ model, open, kept, rows }, model.roots, 0);
	return rows;
}

/**
 * The rows that are open at first: the roots, the image to look at, and the way to each failure.
 * @param {Model} model
 * @returns {Set<string>}
 */
export function openAtFirst(model) {
	const open = new Set(model.roots.map((node) => node.id));
	const chosen = model.chosen();
	for (const node of chosen ? [chosen, ...model.ancestors(chosen)] : []) open.add(node.id);
	for (const node of model.report.nodes) {
		if (outcomeOf(node) === "fail") for (const up of model.ancestors(node)) open.add(up.id);
	}
	return open;
}

/**
 * The part of a list that is in view, in rows; `before` and `after` are the heights left out.
 * @param {{ count: number, rowHeight: number, top: number, height: number, overscan?: number }} view
 */
export function windowOf({ count, rowHeight, top, height, overscan = 8 }) {
	const first = Math.max(0, Math.min(count, Math.floor(Math.max(0, top) / rowHeight)) - overscan);
	const last = Math.min(count, Math.ceil((Math.max(0, top) + height) / rowHeight) + overscan);
	return {
		first,
		last: Math.max(first, last),
		before: first * rowHeight,
		after: (count - Math.max(first, last)) * rowHeight,
	};
}

/** @typedef {{ model: Model, open: ReadonlySet<string>, kept?: Set<string>, rows: Row[] }} Walk */

/**
 * @param {Walk} walk
 * @param {Node[]} nodes siblings
 * @param {number} depth
 */
function addRows(walk, nodes, depth) {
	const { model, open, kept, rows } = walk;
	const shown = kept ? nodes.filter((node) => kept.has(node.id)) : nodes;
	const largest = Math.max(1, ...sizesOf(shown));
	const layers = shown.filter(({ kind }) => kind === "layer");
	const at = new Map(layers.map((node, index) => [node, index]));
	shown.forEach((node, index) => {
		const children = model.children(node);
		const expanded = children.length > 0 && (kept ? children.some(({ id }) => kept.has(id)) : open.has(node.id));
		rows.push({
			node,
			depth,
			position: index + 1,
			siblings: shown.length,
			expandable: children.length > 0,
			expanded,
			outcome: outcomeOf(node),
			mark: markOf(node),
			note: noteOf(model, node),
			size: downloadOf(model, node),
			scale: node.kind === "layer" && node.size !== null ? Math.min(1, node.size / largest) : null,
			tone: layers.length > 1 && node.kind === "layer" ? (at.get(node) ?? 0) / (layers.length - 1) : 0,
		});
		if (expanded) addRows(walk, children, depth + 1);
	});
}

/** Bounded, since `Math.max` takes its values as arguments. @param {Node[]} nodes */
const sizesOf = (nodes) => nodes.flatMap(({ kind, size }) => (kind === "layer" && size ? [size] : [])).slice(0, 30_000);

/**
 * The ids of the nodes that hold the words, and of all above them.
 * @param {Model} model
 * @param {string} words lower case
 */
function matching(model, words) {
	/** @type {Set<string>} */
	const kept = new Set();
	for (const node of model.report.nodes) {
		if (!haystack(node).includes(words)) continue;
		kept.add(node.id);
		for (const up of model.ancestors(node)) kept.add(up.id);
	}
	return kept;
}

/** @param {Model} model @param {Node} node */
function noteOf(model, node) {
	const image = model.node(node.parent);
	if (node.kind === "config" && node.digest && image?.imageId === node.digest) return t("anatomy.imageId");
	if (node.kind === "index") return t("anatomy.platforms", { n: platformsIn(model, node) });
	const layers = node.kind === "layer" ? 0 : model.layers(node).length;
	return layers > 0 ? t("kinds.layer", { n: layers }) : madeBy(model, node);
}

/** @param {Model} model @param {Node} index */
const platformsIn = (model, index) => model.children(index).filter(({ kind }) => kind === "manifest").length;

/** The bytes of an image and not those of its document; an index has no single size. @param {Model} model @param {Node} node */
function downloadOf(model, node) {
	if (node.kind === "index") return null;
	return node.kind === "manifest" ? model.download(node) : node.size;
}

/** The command of the history line, without what Docker's builders put around it. @param {Model} model @param {Node} node */
function madeBy(model, node) {
	if (node.kind !== "layer" || node.historyIndex === undefined) return "";
	const { createdBy = "", secret } = model.config(model.node(node.parent))?.history?.[node.historyIndex] ?? {};
	if (secret) return t("secret.covered");
	return commandOf(createdBy);
}

/** @param {Node} node */
const haystack = (node) =>
	[node.kind, platformName(node.platform), node.title, node.digest, node.mediaType].join(" ").toLowerCase();
