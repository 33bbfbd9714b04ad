// Line: Reports -> Report. Several files opened one by one, in one report: each keeps its tree under a root of its own.

import { summaryOf } from "./merge.js";
import { placesOf, withPlaces } from "./places.js";

/** @typedef {import("../types.js").Report} Report */

/** @param {Report[]} reports at least one @returns {Report} */
export function joined(reports) {
	const [first, ...others] = reports;
	if (!first) throw new Error("there is no report");
	return others.reduce(two, first);
}

/** @param {Report} one @param {Report} other */
function two(one, other) {
	const offset = one.roots.length;
	const moved = (/** @type {string} */ id) => id.replace(/^\d+/, (root) => String(Number(root) + offset));
	const nodes = other.nodes.map((node) => ({
		...node,
		id: moved(node.id),
		parent: node.parent === null ? null : moved(node.parent),
		...(node.history && {
			history: node.history.map((line) => (line.layer ? { ...line, layer: moved(line.layer) } : line)),
		}),
	}));
	const all = [...one.nodes, ...nodes];
	const roots = [...one.roots, ...other.roots.map(moved)];
	const pasted = [...(one.pasted ?? []), ...(other.pasted ?? [])];
	const report = { ...one, nodes: all, roots, summary: summaryOf(all), ...(pasted.length > 0 && { pasted }) };
	const theirs = [...(placesOf(other) ?? [])].map(([id, place]) => /** @type {const} */ ([moved(id), place]));
	return withPlaces(report, new Map([...(placesOf(one) ?? []), ...theirs]));
}
