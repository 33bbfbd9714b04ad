// Report -> artifact. Documents below one that failed are not opened: their digests are not those that were promised.

import { coded } from "../../lib/coded.js";
import { isLeaf } from "../layers/leaf.js";

/** The checks that fail if bytes are not the promised ones. */
const IDENTITY = new Set(["digest", "size"]);

/**
 * @param {import("../../types.js").Report} report
 * @param {import("../../types.js").Node} node the blob that is to be read
 * @throws an Error with the code `digest-mismatch` or `unsupported-input` if the node or a document above it failed a check
 */
export function assertStanding(report, node) {
	const byId = new Map(report.nodes.map((one) => [one.id, one]));
	for (let at = /** @type {typeof node | undefined} */ (node); at; at = byId.get(at.parent ?? "")) {
		const failed = at.checks.find(({ outcome }) => outcome === "fail");
		if (!failed) continue;
		const { id, message, reason, params } = failed;
		throw coded(IDENTITY.has(id) ? "digest-mismatch" : "unsupported-input", message, { reason, params });
	}
}

/**
 * The layer that is to be read.
 * @param {import("../../types.js").Report} report
 * @param {string} id of its node
 * @throws an Error with the code `not-found` or `unsupported-input` if it is none, or as {@link assertStanding} does
 */
export function standingLayer(report, id) {
	const node = report.nodes.find((one) => one.id === id);
	if (!node) throw coded("not-found", `the report has no node "${id}"`);
	if (!isLeaf(node)) throw coded("unsupported-input", "the node is no layer");
	assertStanding(report, node);
	return node;
}
