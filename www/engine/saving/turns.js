// archive -> blobs. Entries of compressed archives in the order in which they are saved, in few passes over each.

import { parts } from "../archives/pass.js";

/**
 * @typedef {import("../archives/places.js").Packed} Packed
 * @typedef {{ bytes: Uint8Array, filled: number }} Held
 */

/** The most bytes of entries that wait for their turn because entries behind them are saved sooner. */
const ROOM = 32 * 1024 * 1024;

/** The bytes of waiting entries that are handed on at once. */
const PIECE = 1024 * 1024;

/**
 * The contents of entries, to be asked for in the order that is given here. A pass hands on each that comes in its turn,
 * and holds those that come before it and have room: for any number of entries in any order, there are only as many
 * passes as the archive's bytes fill that room.
 * @param {Packed[]} places
 */
export function inTurn(places) {
	let [at, left, reached] = [0, 0, 0];
	/** The entries of the pass, in its order. @type {Packed[]} */
	let ahead = [];
	/** @type {Map<Packed, Held>} */
	const held = new Map();
	/** @type {ReturnType<typeof parts> | undefined} */
	let pass;
	const end = async () => void (await pass?.return(undefined));
	async function* next() {
		const place = places[at];
		if (!place) return;
		if (left === 0) {
			await end();
			ahead = together(places.slice(at));
			const entries = ahead.map(({ entry }) => entry);
			[left, reached, pass] = [ahead.length, 0, parts(place, entries)];
		}
		[at, left] = [at + 1, left - 1];
		const { bytes: whole, filled } = held.get(place) ?? { bytes: new Uint8Array(), filled: 0 };
		for (let from = 0; from < filled; from += PIECE) yield whole.subarray(from, Math.min(from + PIECE, filled));
		if (held.delete(place)) return;
		// Not for await: that would end the pass with its first entry.
		for (let part = await pass?.next(); part && !part.done; part = await pass?.next()) {
			const { bytes, isLast } = part.value;
			const now = /** @type {Packed} */ (ahead[reached]);
			if (isLast) reached += 1;
			if (now !== place) hold(held, now, bytes);
			else if (bytes.length > 0) yield bytes;
			if (now === place && isLast) return;
		}
	}
	return { next, end };
}

/**
 * One buffer for an entry: it may come in a million parts, and each would weigh more than its bytes.
 * @param {Map<Packed, Held>} held @param {Packed} place @param {Uint8Array} bytes
 */
function hold(held, place, bytes) {
	const one = held.get(place) ?? { bytes: new Uint8Array(place.size), filled: 0 };
	held.set(place, one);
	const taken = bytes.subarray(0, place.size - one.filled);
	one.bytes.set(taken, one.filled);
	one.filled += taken.length;
}

/**
 * Of what is wanted, the first that one pass can bring, in its order: those that lie one behind the other, and as many of
 * those before them as may wait.
 * @param {Packed[]} places
 */
function together(places) {
	/** @type {Map<number, Packed>} */
	const found = new Map();
	let [last, room] = [-1, ROOM];
	for (const place of places) {
		if (place.file !== places[0]?.file || found.has(place.entry)) break;
		if (place.entry < last) room -= place.size;
		else last = place.entry;
		if (room < 0) break;
		found.set(place.entry, place);
	}
	return [...found.values()].sort((one, other) => one.entry - other.entry);
}
