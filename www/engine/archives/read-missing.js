// archive -> Report. A compressed archive of which less was kept than its report takes: that is read once more.

import { workersFor } from "../layers/pool.js";

/**
 * @typedef {import("../remote.js").ArchiveSource} Source
 * @typedef {{ asked?: Map<number, number> }} Outcome how much of which entries was asked for, in that order
 */

/** The most bytes of entries at hand at once, as many as are kept while an archive goes by. */
const ROOM = 64 * 1024 * 1024;

/** The number of passes over an archive: as many as documents name each other deep, indexes in indexes, manifests, configs. */
const PASSES = 12;

/**
 * Reads the wanted entries that are not here, all in one pass, and opens the archive again: wherever in it the
 * documents lie, each pass brings those that the ones before name.
 * @template {Outcome} T
 * @param {T} first @param {Source} source @param {(source: Source) => Promise<T>} open
 * @param {{ signal?: AbortSignal, limits?: import("../../types.js").LayerLimits, onPass: () => void }} how
 * @returns {Promise<T>}
 */
export async function readMissing(first, source, open, { signal, limits, onPass }) {
	let [outcome, kept] = [first, source.kept ?? new Map()];
	const file = /** @type {Blob} */ (source.packed);
	for (let passes = 0; passes < PASSES; passes++) {
		const { held, wanted } = apart(outcome.asked ?? new Map(), kept);
		if (wanted.length === 0) break;
		onPass();
		const found = await workersFor().use(1, signal, ([worker]) => {
			const { reader, local } = /** @type {import("../layers/pool.js").PoolWorker} */ (worker);
			return reader.entries({ file, wanted, limits }, local ? signal : undefined);
		});
		if (found.length === 0) break;
		kept = new Map([...(source.isFull ? held : kept), ...found]);
		outcome = await open({ ...source, kept });
	}
	return outcome;
}

/** The entries at hand among those asked for, and as many of the rest as there is room for. @param {Map<number, number>} asked @param {Map<number, Uint8Array>} kept */
function apart(asked, kept) {
	/** @type {[number, Uint8Array][]} */
	const held = [];
	/** @type {[number, number][]} */
	const wanted = [];
	let room = ROOM;
	for (const [entry, length] of asked) {
		const bytes = kept.get(entry);
		if (!bytes || bytes.length < length) continue;
		held.push([entry, bytes]);
		room -= bytes.length;
	}
	for (const [entry, length] of asked) {
		if ((kept.get(entry)?.length ?? -1) >= length || length > room) continue;
		wanted.push([entry, length]);
		room -= length;
	}
	return { held, wanted };
}
