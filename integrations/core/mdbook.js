// mdBook: a book as its preprocessors get it, with each fence drawn as its element.

import path from "node:path";
import { fenceLines } from "./find.js";
import { Site } from "./site.js";

/**
 * @typedef {{ Chapter?: Chapter }} Item separators and the titles of parts have no chapter
 * @typedef {{ name: string, content: string, path: string | null, source_path?: string | null, sub_items: Item[] }} Chapter
 * @typedef {{ sections?: Item[], items?: Item[] }} Book `items` since mdBook 0.5
 * @typedef {{ root: string, config: { book?: { src?: string } } }} Context
 */

/**
 * @param {[Context, Book]} input
 * @param {import("./keep.js").KeepOptions} [options]
 * @returns {Promise<Book>} the same book with its chapters changed
 */
export async function drawBook([{ root, config }, book], options = {}) {
	const folder = path.resolve(root, config.book?.src ?? "src");
	const site = new Site({ root: folder, ...options });
	let drawn = 0;
	for (const chapter of chaptersOf(book.items ?? book.sections ?? [])) {
		const file = chapter.source_path ?? chapter.path;
		const fences = file ? fenceLines(chapter.content) : [];
		if (!file || fences.length === 0) continue;
		site.base = "../".repeat(file.split(/[\\/]/).length - 1) || "./";
		chapter.content = await withElements(chapter.content, fences, site, path.join(folder, file));
		drawn += fences.length;
	}
	// mdBook copies what is in the folder of the sources; what is there already is left alone, since `mdbook serve` watches it.
	if (drawn > 0) await site.copyTo(folder, { changed: true });
	return book;
}

/** @param {Item[]} items @returns {Chapter[]} */
const chaptersOf = (items) =>
	items.flatMap(({ Chapter: chapter }) => (chapter ? [chapter, ...chaptersOf(chapter.sub_items)] : []));

/** @param {string} text @param {import("./find.js").FenceLines[]} fences @param {Site} site @param {string} file */
async function withElements(text, fences, site, file) {
	const lines = text.split("\n");
	// From the last one, so that the lines of the others stay.
	for (const { from, to, body } of [...fences].reverse()) {
		const html = await site.keep(body, file, from + 1);
		const [, before = ""] = /^(.*?)(?:`{3,}|~{3,})/.exec(lines[from] ?? "") ?? [];
		lines.splice(from, to - from, `${before}<div class="stowplan">${html}</div>`);
	}
	return `${lines.join("\n")}\n\n<script type="module" src="${site.script}"></script>\n`;
}
