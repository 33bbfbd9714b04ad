// Line: file bytes -> layers -> Report. Files that are layers, or tars at all, are unpacked where they are at hand.

import { specOf, withNodes } from "./merge.js";
import { verifyLayers } from "./verify.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 */

/** Entries that make a tar an archive of images rather than a layer. */
const ARCHIVE = new Set(["manifest.json", "index.json", "oci-layout", "repositories"]);

/** What is not said about a file that nobody described. */
const UNTOLD = new Set(["digest", "size"]);

/**
 * The report with the entries of the files that it could only name, and of the layers whose files are at hand.
 * @param {Report} report
 * @param {Uint8Array[]} inputs what the report is about
 * @param {{ signal?: AbortSignal }} options
 * @returns {Promise<Report>}
 */
export async function openLayers(report, inputs, { signal }) {
	let found = report;
	for (const bytes of inputs.filter(isPacked)) {
		found = await opened(found, bytes, signal).catch((error) => {
			if (signal?.aborted) throw error;
			// What breaks down on a file leaves it as it was: named, and nothing in it checked.
			return found;
		});
	}
	return found;
}

/** @param {Report} report @param {Uint8Array} bytes @param {AbortSignal} [signal] */
async function opened(report, bytes, signal) {
	/** @type {Node} */
	const blank = {
		id: "0",
		kind: "layer",
		mediaType: null,
		size: null,
		digest: null,
		parent: null,
		read: false,
		checks: [],
	};
	const alone = /** @type {Report} */ ({ ...report, nodes: [blank], roots: ["0"] });
	const [file] = (await atHand(alone, [blank], bytes, signal)).nodes;
	if (!file?.read || !file.digest) return report;
	const same = report.nodes.filter(({ digest }) => digest === file.digest);
	const unknown = same.filter(({ kind, parent }) => kind === "unknown" && parent === null);
	const named = withNodes(
		report,
		unknown.map((node) => asFile(node, file)),
	);
	const layers = same.filter(({ kind }) => kind === "layer");
	return layers.length === 0 ? named : atHand(named, layers, bytes, signal);
}

/**
 * Reads these layers from the bytes, by whatever digest they are known.
 * @param {Report} report @param {Node[]} layers @param {Uint8Array} bytes @param {AbortSignal} [signal]
 */
function atHand(report, layers, bytes, signal) {
	const blobs = new Map(layers.map((node) => [specOf(node).digest ?? "", bytes]));
	const nobody = async () => ({ error: { code: "not-found", message: "the file is not at hand" } });
	return verifyLayers(report, { layers: layers.map(({ id }) => id), cache: false, signal }, nobody, blobs);
}

/** The node of a file that nobody described, with what was found in it. @param {Node} node @param {Node} file @returns {Node} */
function asFile(node, file) {
	const { compression, diffId, unpacked, entryCount, fileBytes, toc, entries = [] } = file;
	const tar = file.checks.find(({ id }) => id === "tar")?.outcome;
	if (tar === "fail" && entries.length === 0) return node;
	const archive = entries.some(({ name }) => ARCHIVE.has(name.replace(/^\.\//, "")));
	const facts = { compression, diffId, unpacked, entryCount, fileBytes, entries, ...(toc && { toc }) };
	const own = node.checks.filter(({ id }) => id !== "parse");
	const checks = [
		...own,
		...file.checks.filter(({ id, expected }) => !UNTOLD.has(id) && (id !== "diff-id" || expected)),
	];
	return { ...node, ...facts, kind: archive ? "unknown" : "layer", read: true, checks };
}

/** Whether bytes begin as gzip, zstd (or one of its skippable frames) or a tar do. @param {Uint8Array} bytes */
function isPacked(bytes) {
	const begins = (/** @type {number[]} */ ...magic) => magic.every((byte, at) => bytes[at] === byte);
	const skippable = ((bytes[0] ?? 0) & 0xf0) === 0x50 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18;
	return begins(0x1f, 0x8b) || begins(0x28, 0xb5, 0x2f, 0xfd) || skippable || isTar(bytes.subarray(0, 512));
}

/** Whether a header's checksum holds, also of a tar from before ustar. @param {Uint8Array} block */
function isTar(block) {
	if (block.length < 512) return false;
	const told = Number.parseInt(new TextDecoder().decode(block.subarray(148, 156)).trim(), 8);
	const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
	return told === sum;
}
