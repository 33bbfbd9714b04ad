// drop, pick, paste -> files. Walks folders and files from the browser to files with their paths as names, within bounds.

import { coded } from "../lib/coded.js";

/**
 * An item of a drop, a paste, an input or a picker.
 * @typedef {File | FileSystemEntry | FileSystemHandle} Given
 * @typedef {{ files?: number, depth?: number, names?: number }} Bounds
 * @typedef {object} Folder one kind of folder as the other
 * @property {string} name
 * @property {() => AsyncGenerator<Folder | Leaf>} list
 * @typedef {{ name: string, file: () => Promise<File> }} Leaf
 */

/** The most files that are taken in: a registry mirror's layout has thousands of blobs, a home folder millions of files. */
export const FILES = 50_000;

/** The depth to which folders may lie: a layout needs three, and if links go round in circles there is no end. */
export const DEPTH = 32;

/** The length of all paths together, in UTF-16 units: they cross into the worker. */
export const NAMES = 8 * 1024 * 1024;

/** Files that file managers leave behind in folders: they are never opened. */
const LEFTOVERS = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** The number of files between two reports of the walk's progress. */
const TELL = 250;

/**
 * The files of all that was given, in the order of their paths.
 * @param {Given[]} given
 * @param {{ signal?: AbortSignal, onCount?: (files: number) => void, bounds?: Bounds }} [options] `bounds` for tests
 * @returns {Promise<File[]>} each named by its path; throws an Error with a `code`
 */
export async function walk(given, { signal, onCount = () => {}, bounds = {} } = {}) {
	const { files: most = FILES, depth: deepest = DEPTH, names: longest = NAMES } = bounds;
	/** @type {Map<string, File>} */
	const found = new Map();
	let names = 0;
	/** @param {File} file @param {string} path */
	const take = (file, path) => {
		names += path.length;
		if (found.size >= most) throw tooMany(`there are more than ${most} files`);
		if (names > longest) throw tooMany(`the paths are together longer than ${longest} characters`);
		found.set(free(found, path), named(file, path));
		if (found.size % TELL === 0) onCount(found.size);
	};
	/** @param {Folder} folder @param {string} path @param {number} depth */
	const descend = async (folder, path, depth) => {
		if (depth > deepest) throw tooMany(`the folder "${path}" lies more than ${deepest} folders deep`);
		for await (const one of readable(folder.list(), path)) {
			if (signal?.aborted) throw coded("aborted", "the caller aborted");
			const below = `${path}/${one.name}`;
			if ("list" in one) await descend(one, below, depth + 1);
			else if (!LEFTOVERS.has(one.name)) take(await opened(one, below), below);
		}
	};
	for (const one of given) {
		const node = one instanceof File ? leafOf(one) : nodeOf(one);
		if ("list" in node) await descend(node, node.name, 1);
		else take(await opened(node, node.name), node.name);
	}
	if (found.size === 0) throw coded("nothing-to-open", "there is no file in what was given");
	return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, file]) => file);
}

/**
 * A name for all of it: the file, the folder that holds everything, else the first file.
 * @param {File[]} files
 */
export function nameOf(files) {
	const [first] = files;
	const [top = "", ...below] = first?.name.split("/") ?? [];
	const shared = below.length > 0 && files.every(({ name }) => name.startsWith(`${top}/`));
	return shared ? top : (first?.name ?? "");
}

/** An input for folders says where each of its files lies. @param {File} file @returns {Leaf} */
const leafOf = (file) => ({ name: file.webkitRelativePath || file.name, file: async () => file });

/** @param {FileSystemEntry | FileSystemHandle} one @returns {Folder | Leaf} */
function nodeOf(one) {
	if ("kind" in one) {
		const handle = /** @type {any} */ (one);
		return handle.kind === "directory"
			? { name: handle.name, list: () => handles(handle) }
			: { name: handle.name, file: () => handle.getFile() };
	}
	const entry = /** @type {any} */ (one);
	return entry.isDirectory
		? { name: entry.name, list: () => entries(entry) }
		: { name: entry.name, file: () => new Promise((resolve, reject) => entry.file(resolve, reject)) };
}

/** @param {FileSystemDirectoryHandle} folder @returns {AsyncGenerator<Folder | Leaf>} */
async function* handles(folder) {
	for await (const one of /** @type {any} */ (folder).values()) yield nodeOf(one);
}

/** A reader gives some at a time, and none at the end. @param {FileSystemDirectoryEntry} folder @returns {AsyncGenerator<Folder | Leaf>} */
async function* entries(folder) {
	const reader = folder.createReader();
	for (;;) {
		/** @type {FileSystemEntry[]} */
		const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
		if (some.length === 0) return;
		yield* some.map(nodeOf);
	}
}

/** @param {Leaf} leaf @param {string} path */
const opened = (leaf, path) =>
	leaf.file().catch((error) => {
		throw unreadable(path, error);
	});

/** @param {AsyncGenerator<Folder | Leaf>} list @param {string} path */
async function* readable(list, path) {
	for (;;) {
		const { value, done } = await list.next().catch((error) => {
			throw unreadable(path, error);
		});
		if (done) return;
		yield value;
	}
}

/** The same bytes under another name; nothing is copied. @param {File} file @param {string} path */
const named = (file, path) =>
	file.name === path ? file : new File([file], path, { type: file.type, lastModified: file.lastModified });

/** Two files of one name, from two folders, are two files. @param {Map<string, File>} found @param {string} path */
function free(found, path) {
	let key = path;
	for (let n = 2; found.has(key); n++) key = `${path}\0${n}`;
	return key;
}

/** @param {string} path @param {any} error */
const unreadable = (path, error) => coded("unreadable-file", `"${path}" cannot be read: ${error?.message ?? error}`);

/** @param {string} message */
const tooMany = (message) => coded("too-many-files", message);
