// Line: www, what the controller does about files and folders that were given: loaded with the first of them.

import { nameOf, walk } from "./intake/walk.js";
import { loadWords, t } from "./strings.js";

/**
 * The files in what a drop, a paste, an input or a picker gave, and what they are called together.
 * @param {import("./intake/walk.js").Given[]} given
 * @param {import("./controller.js").Job} job
 */
export async function gather(given, { signal, onProgress }) {
	await loadWords("intake");
	/** @param {number} n */
	const onCount = (n) => onProgress({ type: "stage", text: t("intake.walking", { n }), done: 0, total: 0 });
	const files = await walk(given, { signal, onCount });
	onProgress({ type: "stage", text: t("intake.opening", { n: files.length }), done: 0, total: 0 });
	return { input: files, name: nameOf(files) };
}
