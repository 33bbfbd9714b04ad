// Report -> Comparison. What has been proved of one side: its documents, its layers; and the platforms that it has.

import { isVerified } from "../layers/merge.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {object} Checked
 * @property {"verified" | "open" | "none" | "unread" | "faulty" | "failed"} state `failed`: a digest does not match; `faulty`: a
 *   document fails the check `check`; `unread`: a document is not here; `none`: no digest was held against another; `open`: the
 *   documents match, and not all layers are verified
 * @property {string} [check]
 * @property {{ verified: number, remembered: number, of: number }} layers `remembered`: by an earlier visit alone
 */

/** The checks that say if bytes are those that were named. */
const DIGESTS = new Set(["digest", "diff-id"]);

/** A policy is the reader's own, and a comparison may ask for another platform than an image is for. */
const NOT_ITS_OWN = new Set(["policy", "platform"]);

/**
 * The facts of a side. A layer that another report had read in this session counts: its list is kept by the digests that it proved.
 * @param {Report} report @param {import("./compare-images.js").About} about
 * @param {import("../layers/memory.js").Known[]} known @returns {Checked}
 */
export function checkedOf({ nodes }, { image, layers: ids }, known) {
	const own = new Set(ids);
	const listed = new Map(known.map(({ id, remembered }) => [id, remembered !== undefined]));
	const layers = nodes.filter(({ id }) => own.has(id));
	const documents = nodes.filter(({ id, parent, kind, path }) => {
		const isConfig = parent === image && (kind === "config" || path === "$.config");
		return !own.has(id) && (isConfig || isAbove(nodes, id, image));
	});
	const isHere = (/** @type {Node} */ node) => (node.read ? isVerified(node) : listed.get(node.id) === false);
	const count = {
		verified: layers.filter(isHere).length,
		remembered: layers.filter((node) => !node.read && listed.get(node.id) === true).length,
		of: layers.length,
	};
	return { ...stateOf(documents, layers, count.verified === count.of), layers: count };
}

/** @param {Node[]} documents @param {Node[]} layers @param {boolean} isWhole @returns {Pick<Checked, "state" | "check">} */
function stateOf(documents, layers, isWhole) {
	const all = [...documents, ...layers].flatMap(({ checks }) => checks.filter(({ id }) => DIGESTS.has(id)));
	if (all.some(({ outcome }) => outcome === "fail")) return { state: "failed" };
	const failed = documents
		.flatMap(({ checks }) => checks)
		.find(({ id, outcome }) => outcome === "fail" && !NOT_ITS_OWN.has(id));
	if (failed) return { state: "faulty", check: failed.id };
	if (documents.some((node) => !node.read || node.checks.some(isOpen))) return { state: "unread" };
	if (isWhole && (layers.length > 0 || all.some(({ outcome }) => outcome === "pass"))) return { state: "verified" };
	return { state: all.some(({ outcome }) => outcome === "pass") ? "open" : "none" };
}

/** A digest that was named and not held against the bytes. @param {import("../../types.js").Check} check */
const isOpen = ({ id, outcome, expected }) => id === "digest" && outcome === "not-checked" && expected !== null;

/** True if a node is the image, or names it. @param {Node[]} nodes @param {string} id @param {string} image */
function isAbove(nodes, id, image) {
	const seen = new Set();
	for (
		let at = nodes.find((node) => node.id === image);
		at && !seen.has(at.id);
		at = nodes.find((node) => node.id === at?.parent)
	) {
		if (at.id === id) return true;
		seen.add(at.id);
	}
	return false;
}

/** The platforms of an index, each once; of anything else the one that its config names. @param {Report} report @returns {string[]} */
export function platformsOf({ nodes }) {
	const own = nodes.filter(({ about, platform }) => about === undefined && platform);
	const images = own.filter(({ kind, parent }) => kind === "manifest" && parent !== null);
	const named = images.length > 0 ? images : own.filter(({ kind }) => kind === "config");
	const all = named.map(({ platform: { os, architecture, variant } = {} }) =>
		[os, architecture, variant].filter(Boolean).join("/"),
	);
	return [...new Set(all)];
}
