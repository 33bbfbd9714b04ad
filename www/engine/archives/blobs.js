// file bytes -> layers -> Report. Files that are no archives: documents, joined by digest, and layers, unpacked.

import { keepIndex } from "../layers/memory.js";
import { summaryOf, withNodes, withVerdict } from "../layers/merge.js";
import { verifyLayers } from "../layers/verify.js";
import { WHOLE } from "./judge.js";
import { placesOf, withPlaces } from "./places.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("./open.js").Given} Given
 * @typedef {import("./open.js").File} File
 * @typedef {import("./judge.js").How} How
 */

/** Facts that are left out for a file without a description. */
const UNTOLD = new Set(["digest", "size"]);

/**
 * The report over documents and layers at hand.
 * @param {Given[]} given @param {import("./open.js").Options} options
 * @returns {Promise<Report>}
 */
export async function layerFiles(given, { session, expected, mediaType, name, signal, limits }) {
	const { small, large } = bySize(given);
	const inputs = await Promise.all(small.map(asBytes));
	const about = { expected, mediaType, name: name ?? given.find((one) => one.name)?.name };
	const report =
		inputs.length > 0 || large.length === 0
			? await session.run(signal, (remote, job) => remote.open(job, inputs, about))
			: blankReport(about.name);
	const files = [...small, ...large].filter(
		(one) => one.file && !one.unpackedText && (one.form || large.includes(one)),
	);
	/** @type {Described[]} */
	const known = [];
	for (const one of files)
		known.push({ blob: one.file, node: await described(one, given.length > 1, { signal, limits }) });
	const { report: named, layers } = placed(report, known);
	for (const { listed } of files) keepFiles(named, listed);
	if (layers.length === 0) return named;
	return verifyLayers(named, { layers, cache: false, signal, limits }, missing);
}

/** The list of files of a layer that was opened alone, for who explores it. @param {Report} report @param {File["listed"]} listed */
function keepFiles({ nodes }, listed) {
	const digest = listed?.verdict?.digest;
	if (!listed?.index || !digest) return;
	for (const node of nodes)
		if (node.kind === "layer" && node.parent === null && node.read && node.digest === digest)
			keepIndex(node, listed.index);
}

/** The place of a file that is at hand, and has gone. */
const missing = async () => ({ error: { code: "not-found", message: "the file is not at hand" } });

/** Documents are read whole, and small files; what is large stays where it is. @param {Given[]} given */
function bySize(given) {
	/** @type {{ small: File[], large: File[] }} */
	const found = { small: [], large: [] };
	let room = WHOLE;
	for (const one of /** @type {File[]} */ (given)) {
		const size = one.unpackedText?.length ?? one.file?.size ?? 0;
		if (size > room) found.large.push(one);
		else {
			found.small.push(one);
			room -= size;
		}
	}
	return found;
}

/** @param {File} one */
async function asBytes({ text, file, unpackedText, name }) {
	if (text !== undefined) return { bytes: new TextEncoder().encode(text), text: true };
	return { bytes: unpackedText ?? new Uint8Array(await file.arrayBuffer()), text: false, name };
}

/** @param {string} [name] @returns {Report} */
const blankReport = (name) => ({
	schema: 1,
	source: { kind: "file", ...(name && { name }) },
	nodes: [],
	roots: [],
	summary: summaryOf([]),
});

/** @param {string} id @param {File} file @returns {Node} */
const blank = (id, { file, form }) => ({
	id,
	kind: form ? "layer" : "unknown",
	mediaType: null,
	size: file.size,
	digest: null,
	parent: null,
	read: false,
	checks: [],
});

/** @typedef {{ blob: Blob, node: Node }} Described a file, and what is known of it */

/**
 * The report with what is known of files: each at its own node, and at the layers that it is, which are yet to be read.
 * @param {Report} report @param {Described[]} files
 * @returns {{ report: Report, layers: string[] }}
 */
export function placed(report, files) {
	/** @type {Map<string, Node[]>} */
	const byDigest = new Map();
	for (const node of report.nodes) {
		if (node.digest === null) continue;
		const same = byDigest.get(node.digest);
		if (same) same.push(node);
		else byDigest.set(node.digest, [node]);
	}
	/** @type {Map<string, Node>} */
	const changed = new Map();
	/** @type {Set<string>} */
	const layers = new Set();
	const places = new Map([...(placesOf(report) ?? [])]);
	/** @type {Node[]} */
	const more = [];
	for (const { blob, node } of files) {
		const place = { bytes: blob, key: node.digest ?? "file" };
		const same = node.digest === null ? undefined : byDigest.get(node.digest);
		if (!same) {
			const id = String(report.roots.length + more.length);
			const unread = node.read ? [] : [notRead(node)];
			const own = { ...node, id, held: true, checks: [...unread, ...node.checks] };
			more.push(own);
			places.set(id, { ...place, key: `${place.key} ${id}`, blob: node.kind !== "layer", sizeless: true });
			if (own.digest !== null) byDigest.set(own.digest, [own]);
			continue;
		}
		for (const one of same) {
			const isLayer = one.kind === "layer" && one.parent !== null;
			if (isLayer) layers.add(one.id);
			else if (one.kind !== "unknown" || one.parent !== null) continue;
			else changed.set(one.id, asFile(one, node));
			places.set(one.id, isLayer ? place : { ...place, sizeless: true });
		}
	}
	const named = withNodes(report, changed.values());
	const nodes = [...named.nodes, ...more];
	const roots = [...report.roots, ...more.map(({ id }) => id)];
	return { report: withPlaces({ ...named, nodes, roots, summary: summaryOf(nodes) }, places), layers: [...layers] };
}

/** The node of a file as if no document had named it. @param {File} one @param {boolean} among @param {How} how */
async function described(one, among, how) {
	const node = blank("0", one);
	const { verdict, entries = [] } = one.listed ?? {};
	if (verdict) return withVerdict(node, verdict, entries);
	// If nothing else is here that could name it, a large file is not read unasked.
	if (!among)
		return one.listed ? { ...node, entries, entryCount: one.listed.entryCount, checks: one.listed.checks } : node;
	const alone = withPlaces(
		{ ...blankReport(), nodes: [node], roots: ["0"] },
		new Map([["0", { key: "0", bytes: one.file, blob: !one.form, sizeless: true }]]),
	);
	const { nodes } = await verifyLayers(alone, { layers: ["0"], cache: false, ...how }, missing);
	return nodes[0] ?? node;
}

/** @param {Node} file @returns {import("../../types.js").Check} */
const notRead = ({ size }) => ({
	id: "digest",
	outcome: "not-checked",
	expected: null,
	actual: null,
	source: null,
	message: `not read yet: the file has ${size} bytes, and at most ${WHOLE} are read unasked`,
});

/** The node of a file without a description, with what was found in it. @param {Node} node @param {Node} file @returns {Node} */
function asFile(node, file) {
	const { compression, diffId, unpacked, entryCount, fileBytes, toc, entries = [] } = file;
	const tar = file.checks.find(({ id }) => id === "tar");
	// No tar, and no layer; if it could not be unpacked to its end, its kind is unknown.
	if (tar?.reason === "compression-not-read")
		return { ...node, checks: [...node.checks.filter(({ id }) => id !== "parse"), tar] };
	if (tar?.outcome === "fail" && entries.length === 0)
		return diffId ? node : { ...node, checks: [...node.checks, tar] };
	const facts = { compression, diffId, unpacked, entryCount, fileBytes, entries, ...(toc && { toc }) };
	const own = node.checks.filter(({ id }) => id !== "parse");
	const checks = [
		...own,
		...file.checks.filter(({ id, expected }) => !UNTOLD.has(id) && (id !== "diff-id" || expected)),
	];
	return { ...node, ...facts, kind: "layer", read: true, checks };
}
