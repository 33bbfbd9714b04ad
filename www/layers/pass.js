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
 * @returns {Promise<(Read & { entry: number })[]>} all: those that it does not reach could not be read, and say why
 */
export async function pass({ file, wanted, entries, limits }, onCount, signal) {
	const { Pass } = await reading();
	const all = new Pass({ limits }, wanted);
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
			// What the file could not give is a reason; everything else is ours.
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
 * @param {Packed} place @param {import("../types.js").LayerLimits} [limits]
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* unpacked(place, limits) {
	for await (const { bytes } of parts(place, [place.entry], limits)) if (bytes.length > 0) yield bytes;
}

/**
 * The contents of entries of compressed archives, to be asked for in the order that is given here. They are read in one
 * pass for as long as that is the archive's own order; where it goes back, the archive is read from its start again.
 * @param {Packed[]} places
 */
export function inTurn(places) {
	let [at, left] = [0, 0];
	/** @type {AsyncGenerator<Part> | undefined} */
	let run;
	const end = async () => void (await run?.return(undefined));
	async function* next() {
		const place = places[at];
		if (!place) return;
		if (left === 0) {
			await end();
			const entries = rising(places.slice(at), place);
			run = parts(place, entries);
			left = entries.length;
		}
		[at, left] = [at + 1, left - 1];
		// Not for await: that would end the run with its first entry.
		for (let part = await run?.next(); part && !part.done; part = await run?.next()) {
			if (part.value.bytes.length > 0) yield part.value.bytes;
			if (part.value.isLast) return;
		}
	}
	return { next, end };
}

/** Those at the beginning that lie one behind the other. @param {Packed[]} places @param {Packed} first */
function rising(places, first) {
	const entries = places.map(({ file, entry }) => (file === first.file ? entry : -1));
	const over = entries.findIndex((entry, at) => at > 0 && entry <= /** @type {number} */ (entries[at - 1]));
	return entries.slice(0, over < 0 ? entries.length : over);
}

/**
 * @typedef {{ bytes: Uint8Array, isLast: boolean }} Part
 * @typedef {import("./places.js").Packed} Packed
 */

/** @param {Packed} place @param {number[]} entries @param {import("../types.js").LayerLimits} [limits] @returns {AsyncGenerator<Part>} */
async function* parts({ file, limits: own }, entries, limits) {
	const { EntryStream } = await reading();
	const stream = new EntryStream({ limits: { ...own, ...limits } }, new Uint32Array(entries));
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
	throw Object.assign(new Error(message), { code: "truncated-body" });
}
