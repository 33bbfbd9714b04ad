// Reports -> Report. Several files opened one by one, in one report: each keeps its tree under a root of its own.

import { summaryOf } from "../layers/merge.js";
import { placesOf, withPlaces } from "./places.js";

/** @typedef {import("../../types.js").Report} Report */

/** @param {Report[]} reports at least one @returns {Report} */
export function joinReports(reports) {
	const [first, ...others] = reports;
	if (!first) throw new Error("there is no report");
	if (others.length === 0) return first;
	/** @type {Report["nodes"]} */
	const nodes = [];
	/** @type {string[]} */
	const roots = [];
	/** @type {Map<string, import("./places.js").Place>} */
	const places = new Map();
	for (const [at, report] of reports.entries()) {
		const moved = mover(roots.length);
		for (const node of report.nodes) nodes.push(asMoved(node, moved));
		// Entries with the same key have one verdict; another file may hold anything at the same place.
		for (const [id, place] of placesOf(report) ?? []) places.set(moved(id), { ...place, key: `${at} ${place.key}` });
		roots.push(...report.roots.map(moved));
	}
	const pasted = reports.flatMap((report) => report.pasted ?? []);
	const report = { ...first, nodes, roots, summary: summaryOf(nodes), ...(pasted.length > 0 && { pasted }) };
	return withPlaces(report, places);
}

/** The id of a node in the report of all. @param {number} offset how many roots come before */
const mover = (offset) => (/** @type {string} */ id) => id.replace(/^\d+/, (root) => String(Number(root) + offset));

/** @param {import("../../types.js").Node} node @param {(id: string) => string} moved @returns {import("../../types.js").Node} */
const asMoved = (node, moved) => ({
	...node,
	id: moved(node.id),
	parent: node.parent === null ? null : moved(node.parent),
	...(node.history && {
		history: node.history.map((line) => (line.layer ? { ...line, layer: moved(line.layer) } : line)),
	}),
});
