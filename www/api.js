// The public JS API; docs/contracts.md states what stays stable.

import { asker } from "./engine/asker.js";
import { asGiven } from "./engine/input.js";
import { ask, listener, run } from "./engine/session.js";

export { peekFile, peekLayer, readArtifact } from "./engine/artifact-api.js";
export { cosignCommand, readStatement, referrers, verifySignatures } from "./engine/beside.js";
export { layerChanges, saveTar } from "./engine/exporting.js";
export {
	baseImages,
	comparePackages,
	cyclonedx,
	dockerfile,
	packages,
	platforms,
	updateCost,
} from "./engine/lineage-api.js";
export { checkPins, holdsSecret, pinImages, readImages } from "./engine/pinning.js";
export { parseReference, readReference } from "./engine/reading.js";
export { verifyBundle } from "./engine/signatures-question.js";
export { catalog, findTags, groupTags, resolveTags, tags } from "./engine/tags-api.js";

/**
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").ProgressEvent} ProgressEvent
 * @typedef {import("./types.js").Credential} Credential
 * @typedef {string | Uint8Array | Blob} Input
 */

/**
 * Fetches the structure of an image and recomputes every digest on the way.
 * @param {string} reference
 * @param {{ proxy?: string, platform?: string, credentials?: Credential[], all?: boolean, signal?: AbortSignal,
 *   onProgress?: (event: ProgressEvent) => void }} [options] `proxy`: base URL of a registry proxy (without it the
 *   registry is asked directly); `platform`: `os/architecture[/variant]`; `all`: follow every entry of an index, also
 *   if the registry counts pulls
 * @returns {Promise<Report>}
 */
export async function inspect(reference, { signal, onProgress, ...options } = {}) {
	return run(signal, (remote, job) => remote.inspect(job, String(reference), options, listener(remote, onProgress)));
}

/**
 * Reads what is at hand: pasted text, bytes or files, joined by digest; archives and folders of images, layers, documents.
 * @param {Input | Input[]} input a string is hashed as its UTF-8 bytes exactly; several files with paths are a folder
 * @param {{ expected?: string, mediaType?: string, name?: string, limits?: import("./types.js").LayerLimits, signal?: AbortSignal,
 *   onProgress?: (event: ProgressEvent) => void }} [options] `limits`: caps of a file's own compression, and of what is in it
 * @returns {Promise<Report>}
 */
export async function open(input, { signal, onProgress, ...options } = {}) {
	const [all, given] = [[input].flat(), [input].flat().map(asGiven)];
	const inputs = given.map(({ text = "" }) => ({ bytes: new TextEncoder().encode(text), text: true }));
	const report = given.some((one) => one.file)
		? await (await layers()).openFiles(given, { ...options, session: { run, ask, listener }, signal, onProgress })
		: await run(signal, (remote, job) => remote.open(job, inputs, options));
	const isAlone = all.length === 1 && report.nodes.every(({ kind }) => kind === "unknown");
	return isAlone ? (await import("./engine/alone.js")).readAlone(report, all[0]) : report;
}

/**
 * The documents of a report in one file: their exact bytes, to be opened and proved again by `openSnapshot` or the
 * element `<stow-plan src=…>`. docs/snapshot.md says what is in it.
 * @param {Report} report of `inspect` or `open`, in this session
 * @param {{ taken?: Date }} [options] `taken`: when, if that is not now
 * @returns {Promise<import("./types.js").Snapshot>} plain JSON; rejects with the code `snapshot-impossible`
 */
export async function makeSnapshot(report, { taken = new Date() } = {}) {
	return (await snapshots()).makeSnapshot(report, bytesOf, taken);
}

/**
 * Opens a snapshot: every digest in it is computed anew, and what it says about itself proves nothing.
 * @param {import("./types.js").Snapshot | string | Uint8Array} snapshot parsed, as text or as bytes
 * @param {{ digest?: string, signal?: AbortSignal }} [options] `digest`: the one that its root must have
 * @returns {Promise<Report>} rejects with the code `invalid-snapshot`, `unsupported-snapshot` or `limit-exceeded`
 */
export async function openSnapshot(snapshot, { digest, signal } = {}) {
	const { readSnapshot, ofSnapshot } = await snapshots();
	const { inputs, about } = readSnapshot(snapshot);
	const report = await run(signal, (remote, job) => remote.open(job, inputs, { ...about, name: about.reference }));
	return ofSnapshot(report, about, digest);
}

/**
 * The exact bytes of a node that this session has read.
 * @param {string} digest
 * @returns {Promise<Uint8Array | undefined>}
 */
export async function bytesOf(digest) {
	return ask((remote) => remote.bytesOf(digest));
}

/**
 * Reads layers: hashes the blob, decompresses it, hashes and lists its tar, in a few workers.
 * @param {Report} report of `inspect`; it stays as it is
 * @param {import("./types.js").VerifyOptions} [options]
 * @returns {Promise<Report>} a new one, with the layers' verdicts and entries
 */
export async function verifyLayers(report, options = {}) {
	return (await layers()).verifyLayers(report, options, asker(report, options));
}

/**
 * The report with what is remembered from an earlier visit of layers that were not read yet: nothing passes by that.
 * @param {Report} report
 * @returns {Promise<Report>}
 */
export async function recallLayers(report) {
	return (await layers()).recallLayers(report);
}

/**
 * The report with these nodes in the place of those with their ids, counted anew: what `onLayer` gave before a cancel.
 * @param {Report} report
 * @param {import("./types.js").Node[]} nodes
 * @returns {Promise<Report>}
 */
export async function withLayers(report, nodes) {
	return (await layers()).withNodes(report, nodes);
}

/**
 * The content of one file of a layer, which is read again for it.
 * @param {Report} report
 * @param {string} id of the layer's node
 * @param {number} at the place of the entry in the layer
 * @param {import("./types.js").ReadOptions} [options]
 * @returns {Promise<import("./types.js").FileContent>}
 */
export async function readFile(report, id, at, options = {}) {
	return (await layers()).readFile(report, id, at, options, asker(report, options));
}

/**
 * The files of an image, over those of its layers that were read or are remembered from an earlier visit.
 * @param {Report} report
 * @param {{ image?: string, signal?: AbortSignal }} [options] `image`: the id of a manifest's node, else the chosen one
 * @returns {Promise<import("./views/files/contract.js").FilesHandle & { update: () => Promise<boolean>, close: () => void }>}
 *   to be closed by the caller; `update` takes in layers that were read meanwhile
 */
export async function exploreFiles(report, options = {}) {
	return (await layers()).exploreFiles(report, options);
}

/** Holds `packages.files` of `readStatement` against the image's files; layers are read for it. @type {import("./types.js").HoldFiles} */
export const holdFiles = async (report, files, options = {}) =>
	(await layers()).holdFiles(report, files, options, asker(report, options));

/**
 * The plan of the archive that `saveImage` would write, made without fetching a layer.
 * @param {Report} report
 * @param {import("./types.js").SaveOptions} [options]
 * @returns {Promise<import("./types.js").SavedImage>}
 */
export async function planSave(report, options = {}) {
	return (await (await saving()).planned(report, options, session(report, options))).facts;
}

/**
 * Writes an image as an OCI layout in a tar: the exact bytes of its documents, its layers hashed on their way.
 * @param {Report} report
 * @param {import("./types.js").SaveOptions} [options]
 * @returns {Promise<import("./types.js").SavedImage & { stream?: ReadableStream<Uint8Array> }>} once it is written; if no
 *   `to` is given at once, with the stream to read it from. Rejects with `digest-mismatch` or `size-mismatch` if a
 *   blob is not what it should be, and aborts what was written
 */
export async function saveImage(report, options = {}) {
	return (await saving()).saveImage(report, options, session(report, options));
}

/**
 * The report as a plain text that a person can file.
 * @param {Report} report
 * @param {{ at?: Date }} [options] `at`: when it was written, now if nothing is said
 * @returns {Promise<string>}
 */
export async function reportText(report, { at } = {}) {
	return (await import("./engine/saving/text.js")).reportText(report, at);
}

const saving = () => import("./engine/saving/save.js");

/** Compares two images. @type {import("./engine/compare/compare-images.js").Compare} */
export const compare = async (a, b, options = {}) =>
	(await comparing()).compareImages(a, b, options, { inspect, open, verifyLayers, layers });

/** @param {Report} report @param {import("./types.js").SaveOptions} options */
const session = (report, options) => ({ bytesOf, inspect, authorise: asker(report, options), verify: verifyLayers });

/** The verified layers that this browser remembers. */
export const layerCache = {
	/** @returns {Promise<{ bytes: number, layers: number, limit: number }>} */
	usage: async () => (await layers()).cache.usage(),
	/** @returns {Promise<void>} */
	clear: async () => (await layers()).cache.clear(),
};

const snapshots = () => import("./engine/snapshot.js");
const comparing = () => import("./engine/compare/compare-images.js");
const layers = () => import("./engine/layers/layers.js");

/**
 * Loads what the first `inspect` will need, so that it need not wait; a failure shows there.
 * @returns {Promise<void>}
 */
export async function prepare() {
	await ask((remote) => remote.prepare()).catch(() => {});
}
