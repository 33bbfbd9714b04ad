// Line: file bytes -> layers -> Report. Files that are no archives: documents, joined by digest, and layers, unpacked.

import { WHOLE } from "./judge.js";
import { summaryOf, withNodes, withVerdict } from "./merge.js";
import { placesOf, withPlaces } from "./places.js";
import { verifyLayers } from "./verify.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./open.js").Given} Given
 * @typedef {import("./open.js").File} File
 * @typedef {import("./judge.js").How} How
 */

/** What is not said about a file that nobody described. */
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
	let report =
		inputs.length > 0 || large.length === 0
			? await session.run(signal, (remote, job) => remote.open(job, inputs, about))
			: blankReport(about.name);
	for (const file of [...small, ...large]) {
		if (file.file && (file.form || large.includes(file)))
			report = await placed(report, file, given.length > 1, { signal, limits });
	}
	return report;
}

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

/**
 * The report with what is known of a file: at its own node, and at the layers that it is.
 * @param {Report} report @param {File} one @param {boolean} among whether others may name it @param {How} how
 */
async function placed(report, one, among, how) {
	if (one.unpackedText) return report;
	const file = await described(one, among, how);
	const same = report.nodes.filter(({ digest }) => digest !== null && digest === file.digest);
	const unknown = same.filter(({ kind, parent }) => kind === "unknown" && parent === null);
	const layers = same.filter(({ kind, parent }) => kind === "layer" && parent !== null);
	const place = { bytes: one.file, key: file.digest ?? "file" };
	if (same.length === 0) return appended(report, file, place);
	const named = withNodes(
		report,
		unknown.map((node) => asFile(node, file)),
	);
	const nodes = new Map([...(placesOf(named) ?? [])]);
	for (const { id } of [...unknown, ...layers]) nodes.set(id, place);
	withPlaces(named, nodes);
	if (layers.length === 0) return named;
	const nobody = async () => ({ error: { code: "not-found", message: "the file is not at hand" } });
	return verifyLayers(named, { layers: layers.map(({ id }) => id), cache: false, ...how }, nobody);
}

/** The node of a file as if nobody had named it. @param {File} one @param {boolean} among @param {How} how */
async function described(one, among, how) {
	const node = blank("0", one);
	const { verdict, entries = [] } = one.listed ?? {};
	if (verdict) return withVerdict(node, verdict, entries);
	// Where nothing else is here that could name it, a large file is not read unasked.
	if (!among)
		return one.listed ? { ...node, entries, entryCount: one.listed.entryCount, checks: one.listed.checks } : node;
	const alone = withPlaces(
		{ ...blankReport(), nodes: [node], roots: ["0"] },
		new Map([["0", { key: "0", bytes: one.file, blob: !one.form }]]),
	);
	const nobody = async () => ({ error: { code: "not-found", message: "the file is not at hand" } });
	const { nodes } = await verifyLayers(alone, { layers: ["0"], cache: false, ...how }, nobody);
	return nodes[0] ?? node;
}

/** @param {Report} report @param {Node} file @param {{ bytes: Blob, key: string }} place @returns {Report} */
function appended(report, file, place) {
	const id = String(report.roots.length);
	const unread = file.read ? [] : [notRead(file)];
	const node = { ...file, id, held: true, checks: [...unread, ...file.checks] };
	const nodes = [...report.nodes, node];
	const places = new Map([
		...(placesOf(report) ?? []),
		[id, { ...place, key: `${place.key} ${id}`, blob: file.kind !== "layer" }],
	]);
	return withPlaces({ ...report, nodes, roots: [...report.roots, id], summary: summaryOf(nodes) }, places);
}

/** @param {Node} file @returns {import("../types.js").Check} */
const notRead = ({ size }) => ({
	id: "digest",
	outcome: "not-checked",
	expected: null,
	actual: null,
	source: null,
	message: `not read yet: the file has ${size} bytes, and at most ${WHOLE} are read unasked`,
});

/** The node of a file that nobody described, with what was found in it. @param {Node} node @param {Node} file @returns {Node} */
function asFile(node, file) {
	const { compression, diffId, unpacked, entryCount, fileBytes, toc, entries = [] } = file;
	const tar = file.checks.find(({ id }) => id === "tar")?.outcome;
	if (tar === "fail" && entries.length === 0) return node;
	const facts = { compression, diffId, unpacked, entryCount, fileBytes, entries, ...(toc && { toc }) };
	const own = node.checks.filter(({ id }) => id !== "parse");
	const checks = [
		...own,
		...file.checks.filter(({ id, expected }) => !UNTOLD.has(id) && (id !== "diff-id" || expected)),
	];
	return { ...node, ...facts, kind: "layer", read: true, checks };
}
