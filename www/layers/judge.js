// Line: archive -> Report. What of an opened archive is read at once: everything small, so that a drop is enough.

import { withNodes } from "./merge.js";
import { isCalledLayer, isPackedEntry, placesOf, withPlaces } from "./places.js";
import { formOf } from "./sniff.js";
import { verifyLayers } from "./verify.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./places.js").Place} Place
 * @typedef {{ signal?: AbortSignal, limits?: import("../types.js").LayerLimits }} How
 */

/** Files up to this size are read whole, and so are the blobs of an archive; together at most so many bytes. */
export const WHOLE = 64 * 1024 * 1024;
const TOGETHER = 4 * WHOLE;

/** How much of an entry is kept of a compressed archive, by which its form is known. */
const BEGINNING = 512;

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
	const { now, hollow, large } = await sorted(report, places);
	const known = withNodes(
		report,
		large.map((node) => later(node, `it has ${node.size ?? "many"} bytes`)),
	);
	const whole = now.length > 0 ? await verify(known, now, how) : known;
	return hollow.length > 0 ? hashed(whole, hollow, places, how) : whole;
}

/** Which nodes are read now, which are no tar and only hashed, which are too large. @param {Report} report @param {Map<string, Place>} places */
async function sorted(report, places) {
	/** @type {{ now: Node[], hollow: Node[], large: Node[] }} */
	const found = { now: [], hollow: [], large: [] };
	let total = 0;
	for (const node of report.nodes) {
		const place = places.get(node.id);
		if (!place || node.read) continue;
		const { bytes, head } = place;
		const size = bytes instanceof Uint8Array ? bytes.length : bytes.size;
		const isLayer = isCalledLayer(node, place);
		// What an archive had no room to keep is not known to be no tar.
		const isSeen = !isPackedEntry(bytes) || (head?.length ?? 0) >= Math.min(size, BEGINNING);
		if (size > WHOLE || total + size > TOGETHER) {
			found.large.push(node);
			continue;
		}
		total += size;
		if (isLayer && isSeen && !(await formOf(isPackedEntry(bytes) ? (head ?? new Uint8Array()) : bytes)))
			found.hollow.push(node);
		else found.now.push(node);
	}
	return found;
}

/** @param {Report} report @param {Node[]} nodes @param {How} how */
function verify(report, nodes, { signal, limits }) {
	const nobody = async () => ({ error: { code: "not-found", message: "its bytes are not at hand" } });
	return verifyLayers(report, { layers: nodes.map(({ id }) => id), cache: false, signal, limits }, nobody);
}

/**
 * Blobs that are called layers and hold nothing that could be unpacked: their digests are proved, and their DiffIDs are not.
 * @param {Report} report @param {Node[]} nodes @param {Map<string, Place>} places @param {How} how
 */
async function hashed(report, nodes, places, how) {
	const blobs = new Map([...places].map(([id, place]) => [id, { ...place, blob: true }]));
	const found = await verify(withPlaces({ ...report }, blobs), nodes, how);
	const changed = nodes.map((node) => {
		const { checks, digest, size, read } = found.nodes.find(({ id }) => id === node.id) ?? node;
		const proof = checks.filter(({ id }) => id === "digest" || id === "size");
		if (proof.some(({ outcome }) => outcome === "fail"))
			return { ...node, checks: [...proof, ...others(node)], digest, size, read };
		return { ...node, checks: [...proof, HOLLOW, ...others(node)], digest, size, read };
	});
	return withNodes(report, changed);
}

/** @param {Node} node */
const others = ({ checks }) =>
	checks
		.filter(({ id }) => id !== "digest" && id !== "size")
		.map((check) => (check.id === "diff-id" ? { ...check, message: "there is no tar to compare with it" } : check));

/** @type {import("../types.js").Check} */
const HOLLOW = {
	id: "tar",
	outcome: "warn",
	expected: null,
	actual: null,
	source: null,
	message: "the blob is what its digest says, and neither a tar nor compressed: no program can unpack it as a layer",
};

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
