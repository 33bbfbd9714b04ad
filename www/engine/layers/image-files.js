// indexes -> files. The files of one image in the thread where they are held: a data worker, or Node's own.

import { exploring } from "../core.js";

/**
 * @typedef {import("../../views/files/contract.js").FilesQuery} FilesQuery
 * @typedef {import("../../views/files/contract.js").FilesView} FilesView
 * @typedef {import("../../types.js").FilesModule} FilesModule
 */

/** The most paths that are tested by a regular expression in one go. */
const PATHS = 4096;

/** The files of the images that are explored in this thread, by the caller's number. @type {Map<number, FilesModule>} */
const explored = new Map();

/**
 * One call of `FilesModule`, or `close`.
 * @param {number} id @param {string} name @param {any[]} given
 * @returns {Promise<any>}
 */
export async function explore(id, name, given) {
	if (name === "close") {
		explored.get(id)?.free();
		return explored.delete(id);
	}
	const { Files } = await exploring();
	const files = explored.get(id) ?? new Files();
	explored.set(id, files);
	if (name === "query") return query(files, given[0]);
	return /** @type {any} */ (files)[name](...given);
}

/**
 * JavaScript's own engine matches regular expressions.
 * @param {FilesModule} files @param {FilesQuery} asked
 * @returns {FilesView}
 */
function query(files, asked) {
	const { path } = asked;
	const expression = path?.how === "regex" ? new RegExp(path.text, path.matchCase ? "u" : "iu") : undefined;
	const view = files.query(asked);
	if (!expression) return view;
	const bits = new Uint8Array(view.matched);
	for (let from = 0; from < bits.length; from += PATHS) {
		files.paths(from, PATHS).forEach((one, at) => {
			bits[from + at] = expression.test(one) ? 1 : 0;
		});
	}
	return files.keep(bits);
}
