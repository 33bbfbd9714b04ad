// documentation -> embeds -> snapshots. All pages of some folders.

import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { findEmbeds, isPage } from "./find.js";
import { Keeper } from "./keep.js";

/** Folders that hold no pages of the author's. */
const ELSEWHERE = new Set(["node_modules", "__pycache__"]);
/** The largest page that is read, in bytes. */
const LARGEST = 16 << 20;

/**
 * Each embed in the pages of these folders and files.
 * @param {string[]} places
 * @param {import("./keep.js").KeepOptions} [options]
 * @returns {Promise<{ pages: number, embeds: import("./keep.js").Kept[] }>} in the order of the files and lines
 */
export async function keepPages(places, { only = () => true, ...options } = {}) {
	/** @type {import("./keep.js").Kept[]} */
	const embeds = [];
	let pages = 0;
	for (const place of places) {
		const isFolder = (await stat(place)).isDirectory();
		const keeper = new Keeper({ root: isFolder ? place : path.dirname(place), ...options });
		for (const file of isFolder ? await pagesIn(place) : [place]) {
			pages++;
			if ((await stat(file)).size > LARGEST) {
				if (await mentions(file)) embeds.push(tooLarge(file));
				continue;
			}
			const found = findEmbeds(await readFile(file, "utf8"), file);
			for (const embed of found.filter(only)) embeds.push(await keeper.keep(embed, file));
		}
	}
	return { pages, embeds };
}

/** True if the text of an element or fence is in a file of any size. @param {string} file */
async function mentions(file) {
	let end = "";
	for await (const chunk of createReadStream(file, "latin1")) {
		if (/stow-?plan/i.test(end + chunk)) return true;
		end = String(chunk).slice(-9);
	}
	return false;
}

/** @param {string} file @returns {import("./keep.js").Kept} */
const tooLarge = (file) => ({
	...{ file, line: 1, form: "element", state: "incomplete" },
	problems: [{ code: "page-too-large", message: `the page has more than ${LARGEST >> 20} MiB and is not read` }],
});

/** @param {string} folder @returns {Promise<string[]>} */
async function pagesIn(folder) {
	const entries = await readdir(folder, { withFileTypes: true });
	const found = await Promise.all(
		entries
			.filter(({ name }) => !name.startsWith(".") && !ELSEWHERE.has(name))
			.sort((one, other) => (one.name < other.name ? -1 : 1))
			.map((entry) => {
				const file = path.join(folder, entry.name);
				if (entry.isDirectory()) return pagesIn(file);
				return entry.isFile() && isPage(entry.name) ? [file] : [];
			}),
	);
	return found.flat();
}

/** One line for people: `docs/app.md:12: the page pins another digest …`. @param {import("./keep.js").Kept} kept @returns {string[]} */
export const linesOf = ({ file, line, problems }) =>
	problems.flatMap(({ code, message, expected, actual }) => [
		`${file}:${line}: ${message} (${code})`,
		...(expected ? [`    expected ${expected}`] : []),
		...(actual ? [`    found    ${actual}`] : []),
	]);
