// Line: Report -> www. The anatomy as data: a report to the rows of the tree, their lines and their scale. No DOM here.

import { platformName } from "../format.js";
import { outcomeOf } from "../model.js";
import { t } from "../strings.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Outcome} Outcome
 * @typedef {import("../model.js").Model} Model
 * @typedef {object} Row one box, with all that is needed to draw it
 * @property {Node} node
 * @property {number} depth 0 for a root
 * @property {number} position its place among its siblings, from 1
 * @property {number} siblings how many they are
 * @property {boolean[]} rails for each column left of its elbow: does a line pass through
 * @property {boolean} expandable
 * @property {boolean} expanded
 * @property {Outcome} outcome
 * @property {string} note for layers what made them, for a config that it is the image ID
 * @property {number | null} scale for layers: 0 to 1, the square root of the share of the largest sibling
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
	addRows({ model, open, kept, rows }, model.roots, 0, []);
	return rows;
}

/**
 * What is open at first: the roots, the image to look at, and the way to each failure.
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
 * @param {boolean[]} rails
 */
function addRows(walk, nodes, depth, rails) {
	const { model, open, kept, rows } = walk;
	const shown = kept ? nodes.filter((node) => kept.has(node.id)) : nodes;
	const largest = Math.max(1, ...sizesOf(shown));
	// Two arrays for all siblings together: ten thousand rows must not cost ten thousand arrays.
	const [through, ended] =
		depth > 0
			? [
					[...rails, true],
					[...rails, false],
				]
			: [rails, rails];
	shown.forEach((node, index) => {
		const children = model.children(node);
		const expanded = children.length > 0 && (kept ? children.some(({ id }) => kept.has(id)) : open.has(node.id));
		rows.push({
			node,
			depth,
			position: index + 1,
			siblings: shown.length,
			rails,
			expandable: children.length > 0,
			expanded,
			outcome: outcomeOf(node),
			note: noteOf(model, node),
			scale: node.kind === "layer" && node.size !== null ? Math.sqrt(Math.min(1, node.size / largest)) : null,
		});
		if (expanded) addRows(walk, children, depth + 1, index < shown.length - 1 ? through : ended);
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
	return madeBy(model, node);
}

/** The command of the history line, without what Docker's builders put around it. @param {Model} model @param {Node} node */
function madeBy(model, node) {
	if (node.kind !== "layer" || node.historyIndex === undefined) return "";
	const { createdBy = "", secret } = model.config(model.node(node.parent))?.history?.[node.historyIndex] ?? {};
	if (secret) return t("secret.covered");
	return createdBy
		.slice(0, 400)
		.replace(/^(RUN )?(\|\d+ .*?)?\/bin\/sh -c (#\(nop\)\s+)?/, "")
		.replace(/ # buildkit$/, "")
		.trim();
}

/** @param {Node} node */
const haystack = (node) =>
	[node.kind, platformName(node.platform), node.title, node.digest, node.mediaType].join(" ").toLowerCase();
