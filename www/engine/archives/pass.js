// archive -> verdicts. The layers of a compressed archive, each read as it goes by: one pass over the file.

import { coded } from "../../lib/coded.js";
import { reading } from "../core.js";
import { slices } from "../layers/slices.js";
import { pacer } from "./list.js";

/**
 * @typedef {import("../layers/read.js").Read} Read
 * @typedef {{ file: Blob, wanted: [number, import("../../types.js").LayerSpec][], entries: number,
 *   limits?: import("../../types.js").LayerLimits }} Job `wanted`: the numbers of entries with what is claimed about each
 */

/**
 * @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] in Node only
 * @returns {Promise<(Read & { entry: number })[]>} all: those that it does not reach could not be read, and say why
 */
export async function pass({ file, wanted, entries, limits }, onCount, signal) {
	const { Pass } = await reading();
	const all = new Pass({ size: file.size, limits }, wanted);
	const pause = pacer(onCount, signal);
	/** @type {(Read & { entry: number })[]} */
	const found = [];
	const take = () => {
		for (let entry = all.next(); entry >= 0; entry = all.next()) {
			const verdict = all.verdict();
			found.push({ entry, verdict, ...(verdict.read && { index: all.index() }), entries: all.entries(entries) });
		}
	};
	const read = async () => {
		let bytes = 0;
		for await (const piece of slices(file)) {
			const isOver = all.push(piece);
			take();
			if (isOver) return undefined;
			bytes += piece.length;
			await pause(bytes);
		}
	};
	try {
		const reason = await read().catch((error) => {
			// A failure of the file is a reason; any other is ours.
			if (signal?.aborted || error?.code !== "unreadable-file") throw error;
			return error.message;
		});
		all.finish(reason);
		take();
		return found;
	} finally {
		all.free();
	}
}

/**
 * The content of one entry of a compressed archive.
 * @param {Packed} place @param {import("../../types.js").LayerLimits} [limits]
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* unpacked(place, limits) {
	for await (const { bytes } of parts(place, [place.entry], limits)) if (bytes.length > 0) yield bytes;
}

/**
 * The beginnings of entries, so long as they are wanted.
 * @param {{ file: Blob, wanted: [entry: number, length: number][], limits?: import("../../types.js").LayerLimits }} job
 * @param {AbortSignal} [signal] in Node only
 * @returns {Promise<[entry: number, bytes: Uint8Array<ArrayBuffer>][]>} those that are there whole
 */
export async function beginnings({ file, wanted, limits }, signal) {
	const order = wanted.toSorted(([one], [other]) => one - other);
	const buffers = order.map(([, length]) => new Uint8Array(length));
	/** @type {[number, Uint8Array<ArrayBuffer>][]} */
	const found = [];
	let [at, filled] = [0, 0];
	try {
		for await (const { bytes, isLast } of parts(
			{ file, limits },
			order.map(([entry]) => entry),
		)) {
			signal?.throwIfAborted();
			const buffer = /** @type {Uint8Array<ArrayBuffer>} */ (buffers[at]);
			const taken = bytes.subarray(0, buffer.length - filled);
			buffer.set(taken, filled);
			filled += taken.length;
			if (!isLast) continue;
			if (filled === buffer.length) found.push([order[at]?.[0] ?? 0, buffer]);
			[at, filled] = [at + 1, 0];
		}
	} catch (/** @type {any} */ error) {
		if (error?.code !== "truncated-body") throw error;
	}
	return found;
}

/**
 * @typedef {{ bytes: Uint8Array, isLast: boolean }} Part
 * @typedef {import("./places.js").Packed} Packed
 */

/**
 * The contents of entries with these numbers, in the order of the archive.
 * @param {Pick<Packed, "file" | "limits">} place @param {number[]} entries @param {import("../../types.js").LayerLimits} [limits]
 * @returns {AsyncGenerator<Part>}
 */
export async function* parts({ file, limits: own }, entries, limits) {
	const { EntryStream } = await reading();
	const stream = new EntryStream({ size: file.size, limits: { ...own, ...limits } }, new Uint32Array(entries));
	let left = entries.length;
	let message = "";
	try {
		for await (const piece of slices(file)) {
			stream.push(piece);
			for (let bytes = stream.next(); bytes; bytes = stream.next()) {
				const { isLast } = stream;
				if (isLast) left -= 1;
				yield { bytes, isLast };
			}
			if (left === 0) return;
			if (stream.isOver) break;
		}
		message = stream.reason();
	} finally {
		stream.free();
	}
	throw coded("truncated-body", message);
}
