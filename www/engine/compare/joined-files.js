// indexes -> files. The files of two images in the thread where they are held: a data worker, or Node's own.

import { comparing } from "../core.js";

/** The comparisons of this thread, by the caller's number. @type {Map<number, import("../pkg/stowplan_compare.js").ComparedFiles>} */
const joined = new Map();

/**
 * One call of `ComparedFiles`, or `close`.
 * @param {number} id @param {string} name @param {any[]} given
 * @returns {Promise<any>}
 */
export async function compareFiles(id, name, given) {
	if (name === "close") {
		joined.get(id)?.free();
		return joined.delete(id);
	}
	const { ComparedFiles } = await comparing();
	const files = joined.get(id) ?? new ComparedFiles();
	joined.set(id, files);
	return /** @type {any} */ (files)[name](...given);
}
