// Reads at once what is small in an opened archive, so that a drop is enough.

import { withNodes } from "../layers/merge.js";
import { verifyLayers } from "../layers/verify.js";
import { placesOf } from "./places.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("./places.js").Place} Place
 * @typedef {{ signal?: AbortSignal, limits?: import("../../types.js").LayerLimits }} How
 */

/** Files up to this size are read whole, and so are the blobs of an archive; together at most so many bytes. */
export const WHOLE = 64 * 1024 * 1024;
const TOGETHER = 4 * WHOLE;

/**
 * @param {Report} report @param {How} how @param {number} [size] of the archive
 * @returns {Promise<Report>}
 */
export async function judged(report, how, size = 0) {
	const places = placesOf(report);
	if (!places) return report;
	if (size > WHOLE) {
		const waiting = report.nodes.filter(({ id, read }) => places.has(id) && !read);
		const why = `the archive has ${size} bytes`;
		return withNodes(
			report,
			waiting.map((node) => later(node, why)),
		);
	}
	const { now, large } = sorted(report, places);
	const known = withNodes(
		report,
		large.map((node) => later(node, `it has ${node.size ?? "many"} bytes`)),
	);
	return now.length > 0 ? verify(known, now, how) : known;
}

/** The nodes that are read now, and those that are too large. @param {Report} report @param {Map<string, Place>} places */
function sorted(report, places) {
	/** @type {{ now: Node[], large: Node[] }} */
	const found = { now: [], large: [] };
	let total = 0;
	for (const node of report.nodes) {
		const place = places.get(node.id);
		if (!place || node.read) continue;
		const { bytes } = place;
		const size = bytes instanceof Uint8Array ? bytes.length : bytes.size;
		if (size > WHOLE || total + size > TOGETHER) {
			found.large.push(node);
			continue;
		}
		total += size;
		found.now.push(node);
	}
	return found;
}

/** @param {Report} report @param {Node[]} nodes @param {How} how */
function verify(report, nodes, { signal, limits }) {
	const missing = async () => ({ error: { code: "not-found", message: "its bytes are not at hand" } });
	const layers = nodes.map(({ id }) => id);
	return verifyLayers(report, { layers, cache: false, signal, limits }, missing);
}

/** @param {Node} node @param {string} why @returns {Node} */
function later(node, why) {
	const message = `not read yet, so not checked: ${why}, and at most ${WHOLE} are read unasked`;
	const checks = node.checks.map((check) =>
		check.outcome === "not-checked" && (check.id === "digest" || check.id === "diff-id")
			? { ...check, message }
			: check,
	);
	return { ...node, checks };
}
