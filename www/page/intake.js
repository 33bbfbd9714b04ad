// The controller's part for dropped or picked files and folders; loaded with the first of them.

import { MOST_CHARACTERS } from "../engine/snapshot.js";
import { loadWords, t } from "../i18n/strings.js";
import { nameOf, walk } from "../intake/walk.js";

/** The names that the Embed dialog and docs/snapshot.md give to the file of an image's documents. */
const SNAPSHOT = /\.stowplan\.json$/i;

/**
 * The files in what a drop, a paste, an input or a picker gave, and what they are called together.
 * @param {import("../intake/walk.js").Given[]} given
 * @param {import("./controller.js").Job} job
 */
export async function gather(given, { signal, onProgress }) {
	await loadWords("intake");
	/** @param {number} n */
	const onCount = (n) => onProgress({ type: "stage", text: t("intake.walking", { n }), done: 0, total: 0 });
	const files = await walk(given, { signal, onCount });
	onProgress({ type: "stage", text: t("intake.opening", { n: files.length }), done: 0, total: 0 });
	const [file] = files;
	const held = files.length === 1 && file && SNAPSHOT.test(file.name) && file.size <= MOST_CHARACTERS;
	return { input: files, name: nameOf(files), snapshot: held ? opener(file) : undefined };
}

/**
 * A snapshot opens as the documents that it holds, each hashed anew, under the file's own name: what it says that it is,
 * is its author's word.
 * @param {File} file
 */
function opener(file) {
	return async (/** @type {import("./controller.js").Controller["api"]} */ api, /** @type {AbortSignal} */ signal) => {
		await loadWords("plan");
		const report = await api.openSnapshot(new Uint8Array(await file.arrayBuffer()), { signal });
		return { ...report, source: { ...report.source, name: file.name } };
	};
}
