// blob bytes -> verdict. One layer read in this thread, whole or one half of it; runs in a data worker or in Node.

import { unpacked as entryOf } from "../archives/pass.js";
import { isPackedEntry } from "../archives/places.js";
import { exploring, reading } from "../core.js";
import { slices } from "./slices.js";
import { readerOf } from "./small.js";
import { download } from "./source.js";
import { tarBuffers, tarFrom } from "./tar-buffers.js";

/**
 * @typedef {import("../../types.js").LayerSpec} LayerSpec
 * @typedef {import("../../types.js").LayerVerdict} LayerVerdict
 * @typedef {import("../../types.js").LayerEntry} LayerEntry
 * @typedef {{ spec: LayerSpec, entries: number, bytes?: import("../archives/places.js").Bytes, first?: import("./source.js").Authorised }} Job
 *   `bytes`: the blob, if it is at hand; `first`: how it is asked for, if that is known
 * @typedef {{ bytes: number, unpacked: number, entries?: number }} Count
 * @typedef {object} Hooks
 * @property {(refusal?: import("./source.js").Refusal) => Promise<any>} authorise
 * @property {(state: "reading" | "resuming", reason?: string) => void} onState
 * @property {(count: Count) => void} onCount
 * @property {AbortSignal} [signal] in Node; a worker is terminated instead
 * @typedef {{ verdict: LayerVerdict, index?: Uint8Array, entries: LayerEntry[] }} Read
 */

/** Bytes for the module at a time: an abort waits for no more than that. */
const PIECE = 256 * 1024;

/** The first bytes of ELF files: the reader of their headers is loaded with the first of them. */
const ELF = [0x7f, 0x45, 0x4c, 0x46];

/** The time between two reports of the counts, in milliseconds. */
const TELL = 220;

/** The time for which this thread may be kept, in milliseconds, if it is the caller's own. */
const TURN = 30;

/**
 * Reads a layer in one go.
 * @param {Job} job @param {Hooks} hooks
 * @returns {Promise<Read>}
 */
export async function read(job, hooks) {
	const reader = await readerOf(await reading(), job.spec);
	try {
		const failed = await each(job, hooks, reader, (piece) => {
			reader.push(piece);
			return reader.unpacked;
		});
		if (failed) return unread(job.spec, failed);
		const verdict = await reader.finish();
		return { verdict, index: reader.index(), entries: reader.entries(job.entries) };
	} finally {
		reader.free();
	}
}

/**
 * The first half: fetches, hashes and decompresses, and hands the tar bytes to the other half.
 * @param {Job} job @param {MessagePort} port @param {Hooks} hooks
 */
export async function front(job, port, hooks) {
	const { Unpacker } = await reading();
	const unpacker = new Unpacker(job.spec);
	const buffers = tarBuffers(port);
	let [unpacked, filled] = [0, 0];
	const pass = async () => {
		const buffer = await buffers.take();
		port.postMessage({ buffer, filled }, [buffer.buffer]);
		filled = 0;
	};
	try {
		const failed = await each(job, hooks, unpacker, async (piece) => {
			unpacker.push(piece);
			for (;;) {
				const buffer = await buffers.look();
				const more = unpacker.take(buffer.subarray(filled));
				if (more === 0) return unpacked;
				[unpacked, filled] = [unpacked + more, filled + more];
				if (filled === buffer.length) await pass();
			}
		});
		if (filled > 0) await pass();
		port.postMessage(failed ? { failed } : { unpacked: unpacker.finish() });
	} catch (error) {
		port.postMessage({ broken: String(error) });
		throw error;
	} finally {
		unpacker.free();
	}
}

/**
 * The other half: hashes and lists the tar, and gives the verdict over both.
 * @param {Job} job @param {MessagePort} port
 * @returns {Promise<Read>}
 */
export async function back(job, port) {
	const { TarHasher, verdict } = await reading();
	const hasher = new TarHasher(job.spec);
	try {
		const end = await tarFrom(port, (piece) => hasher.push(piece));
		if (end.failed) return unread(job.spec, end.failed);
		const found = verdict(job.spec, end.unpacked, hasher.finish());
		return { verdict: found, index: hasher.index(), entries: hasher.entries(job.entries) };
	} finally {
		hasher.free();
	}
}

/**
 * Reads a layer again for the content of one of its entries, which is told as soon as it is complete.
 * @param {Job & { at: number, most: number }} job
 * @param {Hooks & { onContent: (content: import("../../types.js").Content) => unknown }} hooks
 * @returns {Promise<LayerVerdict>}
 */
export async function extract(job, hooks) {
	const { Extractor } = await reading();
	const extractor = new Extractor(job.spec, job.at, job.most);
	let bytes = 0;
	/** @type {{ arrived: unknown } | undefined} */
	let told;
	try {
		const failed = await each(job, hooks, extractor, (piece) => {
			bytes += piece.length;
			if (extractor.push(piece) && !told) {
				told = { arrived: tell(extractor, hooks.onContent) };
			}
			return bytes;
		});
		// It goes through a port of its own, and must not come after the verdict.
		await told?.arrived;
		if (failed) return (await unread(job.spec, failed)).verdict;
		const { target } = extractor.facts();
		if (told || target === undefined || target >= job.at) return extractor.finish();
		// A hard link has no content of its own: the layer is read once more for the entry that it names.
		return await extract({ ...job, at: target }, hooks);
	} finally {
		extractor.free();
	}
}

/** @param {{ content(): Uint8Array, facts(): any }} extractor @param {(content: import("../../types.js").Content) => unknown} onContent */
export async function tell(extractor, onContent) {
	const content = { bytes: extractor.content(), ...extractor.facts() };
	// The table of an ELF file is an extra: its bytes are shown without it, too.
	const read = () => exploring().then(({ elf }) => elf(content.bytes));
	const elf = ELF.every((byte, at) => content.bytes[at] === byte) && (await read().catch(() => undefined));
	return onContent(elf ? { ...content, elf } : content);
}

/**
 * The verdict over a layer that could not be read.
 * @param {LayerSpec} spec @param {string} reason
 * @returns {Promise<Read>}
 */
export async function unread(spec, reason) {
	const { unreadable } = await reading();
	return { verdict: unreadable(spec, reason), entries: [] };
}

/**
 * Hands every piece of the blob on until its reader has enough, and tells how far it is.
 * @param {Job} job @param {Hooks} hooks @param {import("../../types.js").Blobs} reader
 * @param {(piece: Uint8Array) => Promise<number> | number} take gives the number of tar bytes so far
 * @returns {Promise<string | undefined>} why it could not be read to its end
 */
export async function each(job, hooks, reader, take) {
	let [bytes, told, turn] = [0, performance.now(), performance.now()];
	try {
		for await (const whole of pieces(job, hooks, reader)) {
			for (let at = 0; at < whole.length; at += PIECE) {
				const piece = whole.subarray(at, at + PIECE);
				const taking = take(piece);
				const unpacked = typeof taking === "number" ? taking : await taking;
				bytes += piece.length;
				const now = performance.now();
				if (now - told > TELL) {
					told = now;
					hooks.onCount({ bytes, unpacked });
				}
				if (hooks.signal && now - turn > TURN) {
					await new Promise((resume) => setTimeout(resume));
					turn = performance.now();
				}
				hooks.signal?.throwIfAborted();
				if (reader.unending) return undefined;
			}
		}
	} catch (/** @type {any} */ error) {
		// A failure of the source is a reason; any other is ours.
		if (hooks.signal?.aborted || typeof error?.code !== "string" || error.code === "aborted") throw error;
		return error.message;
	}
	return undefined;
}

/** The bytes of a blob, from where it is. @param {Pick<Job, "bytes" | "first"> & { spec: import("../../types.js").LayerSpec }} job @param {Pick<Hooks, "authorise" | "onState" | "signal">} hooks @param {import("../../types.js").Blobs} [reader] @returns {AsyncGenerator<Uint8Array>} */
export async function* pieces({ bytes, spec, first }, hooks, reader) {
	if (bytes instanceof Uint8Array) yield bytes;
	else if (isPackedEntry(bytes)) yield* entryOf(bytes, spec.limits);
	else if (bytes) yield* slices(bytes);
	else {
		const packed = /[+.](gzip|zstd)$/.test(spec.mediaType ?? "");
		yield* download({ size: spec.size, packed, onDecoded: (encoding) => reader?.decoded(encoding), first, ...hooks });
	}
}
