// Line: archive -> verdicts. The layers of a compressed archive, each read as it goes by: one pass over the file.

import { reading } from "../core.js";
import { pacer } from "./list.js";
import { slices } from "./slices.js";

/**
 * @typedef {import("./read.js").Read} Read
 * @typedef {{ file: Blob, wanted: [number, import("../types.js").LayerSpec][], entries: number,
 *   limits?: import("../types.js").LayerLimits }} Job `wanted`: the numbers of entries with what is claimed about each
 */

/**
 * @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] in Node only
 * @returns {Promise<(Read & { entry: number })[]>} those that were reached
 */
export async function pass({ file, wanted, entries, limits }, onCount, signal) {
	const { Pass } = await reading();
	const all = new Pass({ limits }, wanted);
	const pause = pacer(onCount, signal);
	/** @type {(Read & { entry: number })[]} */
	const found = [];
	let bytes = 0;
	try {
		for await (const piece of slices(file)) {
			const isOver = all.push(piece);
			for (let entry = all.next(); entry >= 0; entry = all.next()) {
				const reader = all.reader();
				if (!reader) continue;
				const verdict = reader.finish();
				found.push({ entry, verdict, index: reader.index(), entries: reader.entries(entries) });
				reader.free();
			}
			if (isOver) break;
			bytes += piece.length;
			await pause(bytes);
		}
		return found;
	} finally {
		all.free();
	}
}

/**
 * The content of one entry of a compressed archive.
 * @param {import("./places.js").Packed} place @param {import("../types.js").LayerLimits} [limits]
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* unpacked({ file, entry }, limits) {
	const { EntryStream } = await reading();
	const stream = new EntryStream({ limits }, entry);
	try {
		for await (const piece of slices(file)) {
			const content = stream.push(piece);
			if (content.length > 0) yield content;
			if (stream.isOver) return;
		}
	} finally {
		stream.free();
	}
	const message = "the archive could not be unpacked as far as this entry";
	throw Object.assign(new Error(message), { code: "truncated-body" });
}
