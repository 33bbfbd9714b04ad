// The places of the bytes of an opened file's nodes: remembered with the report, forgotten with it.

/**
 * @typedef {{ file: Blob, entry: number, size: number, limits?: import("../../types.js").LayerLimits }} Packed an entry of a
 *   compressed archive, which is read from its start, so far as its caps let that be done
 * @typedef {Uint8Array | Blob | Packed} Bytes
 * @typedef {{ key: string, bytes: Bytes, nameless?: boolean, blob?: boolean, sizeless?: boolean }} Place `key`: the same for the same bytes; `nameless`: proved by its DiffID alone; `blob`: no
 *   layer, so only hashed; `sizeless`: its size was not stated
 * @typedef {import("../../types.js").Report} Report
 */

/** @type {WeakMap<Report, Map<string, Place>>} */
const known = new WeakMap();

/** By the ids of nodes. @param {Report} report @returns {Map<string, Place> | undefined} */
export const placesOf = (report) => known.get(report);

/** @template {Report} R @param {R} report @param {Map<string, Place> | undefined} places @returns {R} */
export function withPlaces(report, places) {
	if (places && places.size > 0) known.set(report, places);
	return report;
}

/** @param {Bytes | undefined} bytes @returns {bytes is Packed} */
export const isPackedEntry = (bytes) => bytes !== undefined && "file" in bytes;
