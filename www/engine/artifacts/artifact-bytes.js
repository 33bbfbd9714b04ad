// blob bytes -> facts. A wasm file, a chart's file or the beginning of a model, read in a data worker or in Node.

import { asData, coded } from "../../lib/coded.js";
import { reading, unwrapping } from "../core.js";
import { joined, part } from "../layers/ranges.js";
import { pieces } from "../layers/read.js";
import { ARTIFACT_HEAD_BYTES, ARTIFACT_WASM_BYTES } from "../limits.js";
import { differs } from "../saving/refusals.js";

/**
 * @typedef {import("../layers/read.js").Job & { kind: string, size?: number, head: boolean }} ArtifactJob
 *   `head`: only its beginning is read, which proves nothing
 * @typedef {{ facts: { name: string, value: string }[], wants?: number, imports?: any[], exports?: any[], dependencies?: any[] }} Opened
 * @typedef {{ opened: Opened, proved: boolean }} Found
 */

/** The bytes of a model's beginning that are read first. */
const FIRST = 256 * 1024;

/** The blobs that are read. @param {object[]} parts */
export const planArtifact = async (parts) => (await unwrapping()).planArtifact(parts);

/**
 * The checks of a chart's provenance, a blob of its own that is held against its digest first.
 * @param {ArtifactJob & { chart: { digest: string, name: string } }} job @param {import("../layers/read.js").Hooks} hooks
 * @returns {Promise<{ value: import("../../types.js").Check[] } | { error: import("../../lib/coded.js").ErrorData }>}
 */
export async function heldProvenance({ chart, ...job }, hooks) {
	try {
		const text = await whole(job, hooks, async (bytes) => bytes);
		return { value: (await unwrapping()).heldProvenance(text, chart.digest, chart.name) };
	} catch (/** @type {any} */ error) {
		if (hooks.signal?.aborted) throw error;
		return { error: asData(error) };
	}
}

/**
 * Errors are data, since a thrown one loses its code between threads.
 * @param {ArtifactJob & { content?: Uint8Array }} job `content`: what was read and proved already
 * @param {import("../layers/read.js").Hooks} hooks
 * @returns {Promise<{ value: Found } | { error: import("../../lib/coded.js").ErrorData }>}
 */
export async function openArtifact({ content, ...job }, hooks) {
	try {
		if (content) return { value: { opened: await opened(job, content), proved: true } };
		if (job.head) return { value: await beginning(job, hooks) };
		const read = async (/** @type {Uint8Array} */ bytes, /** @type {number} */ size) => opened({ ...job, size }, bytes);
		return { value: { opened: await whole(job, hooks, read), proved: true } };
	} catch (/** @type {any} */ error) {
		if (hooks.signal?.aborted) throw error;
		return { error: asData(error) };
	}
}

/** @param {ArtifactJob} job @param {Uint8Array} bytes @returns {Promise<Opened>} */
const opened = async ({ kind, size }, bytes) => (await unwrapping()).openArtifact(kind, bytes, size);

/**
 * All of it, held against its digest; of a model no more is kept than is looked at.
 * @template T @param {ArtifactJob} job @param {import("../layers/read.js").Hooks} hooks
 * @param {(bytes: Uint8Array, size: number) => Promise<T>} read what is made of it @returns {Promise<T>}
 */
async function whole(job, hooks, read) {
	const { BlobHasher } = await reading();
	const { digest = "", size } = job.spec;
	const hasher = new BlobHasher(digest);
	const most = job.kind === "wasm" ? ARTIFACT_WASM_BYTES : ARTIFACT_HEAD_BYTES;
	/** @type {Uint8Array[]} */
	const kept = [];
	let length = 0;
	try {
		for await (const piece of pieces(job, hooks)) {
			hasher.push(piece);
			if (length < most) kept.push(piece.slice(0, most - length));
			length += piece.length;
			hooks.onCount({ bytes: length, unpacked: 0 });
			hooks.signal?.throwIfAborted();
			if (size !== undefined && length > size) break;
		}
		const found = hasher.digest();
		if (found !== digest || (size !== undefined && size !== length)) throw differs("the blob", found, digest);
	} finally {
		hasher.free();
	}
	if (job.kind === "wasm" && length > ARTIFACT_WASM_BYTES)
		throw coded("limit-exceeded", `the file has more than ${ARTIFACT_WASM_BYTES} bytes`);
	return read(joined(kept, Math.min(length, most)), length);
}

/** So much of its beginning as is needed. @param {ArtifactJob} job @param {import("../layers/read.js").Hooks} hooks @returns {Promise<Found>} */
async function beginning(job, hooks) {
	const end = Math.min(job.size ?? ARTIFACT_HEAD_BYTES, ARTIFACT_HEAD_BYTES);
	const source = { authorise: hooks.authorise, signal: hooks.signal };
	let bytes = new Uint8Array(0);
	for (let to = Math.min(FIRST, end); ; ) {
		const more = job.bytes ? await local(job, hooks, to) : await part(source, bytes.length, to);
		if (!more) throw coded("no-ranges", "the registry serves no parts of a blob");
		bytes = job.bytes ? more : joined([bytes, more], bytes.length + more.length);
		hooks.onCount({ bytes: bytes.length, unpacked: 0 });
		const found = await opened(job, bytes);
		if (found.wants === undefined || to >= end || bytes.length < to) return { opened: found, proved: false };
		to = Math.min(end, Math.max(found.wants, to * 2));
	}
}

/** The beginning of what is at hand. @param {ArtifactJob} job @param {import("../layers/read.js").Hooks} hooks @param {number} to */
async function local(job, hooks, to) {
	const kept = [];
	let length = 0;
	for await (const piece of pieces(job, hooks)) {
		// The buffer of a piece is that of the next.
		kept.push(piece.slice());
		length += piece.length;
		if (length >= to) break;
	}
	return joined(kept, Math.min(length, to));
}
