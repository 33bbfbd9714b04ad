// OCI layout tar -> disk. The target of an archive: the file that the user chose, else a download through the browser's own disk.

import { coded } from "../../lib/coded.js";
import { save } from "../../lib/download.js";

/**
 * @typedef {object} Target
 * @property {WritableStream<Uint8Array>} to
 * @property {() => Promise<void>} done hands it over once it is whole
 * @property {() => Promise<void>} undo leaves nothing behind
 */

/** The folder of the browser's private disk where archives are built that will be downloaded. */
const FOLDER = "stowplan-saves";

/** The time for which such an archive stays after its download began, in milliseconds: the browser copies it meanwhile. */
const KEPT = 60 * 60 * 1000;

/** The largest file that is built in memory if the browser has no disk for pages, in bytes. */
const MEMORY = 1024 ** 3;

/**
 * To be called right in the click, for the browser asks the user.
 * @param {string} name @param {number} size @param {string} kind what the file is, in words
 * @returns {Promise<Target>} throws `aborted` if the user closed the dialog
 */
export async function target(name, size, kind) {
	if ("showSaveFilePicker" in globalThis && self === top) return chosen(name, kind);
	return (await onDisk(name, size)) ?? inMemory(name, size);
}

/** @param {string} suggestedName @param {string} description @returns {Promise<Target>} */
async function chosen(suggestedName, description) {
	const types = [{ description, accept: { "application/x-tar": [".tar"] } }];
	// Any other file keeps its name as it is.
	const how = suggestedName.endsWith(".tar") ? { suggestedName, types } : { suggestedName };
	const handle = await /** @type {any} */ (globalThis).showSaveFilePicker(how).catch(closed);
	const to = await handle.createWritable().catch(unwritable);
	const undo = async () => {
		// The bytes so far went to a copy; the file itself is the empty one that the dialog made.
		if ((await handle.getFile()).size === 0) await handle.remove?.();
	};
	return { to, done: async () => {}, undo: () => undo().catch(() => {}) };
}

/** @param {any} error @returns {never} */
function closed(error) {
	throw error?.name === "AbortError" ? coded("aborted", "the dialog was closed") : unwritable(error);
}

/** @param {any} error @returns {never} */
function unwritable(error) {
	throw coded("cannot-write", `the file cannot be written: ${error?.message ?? error}`);
}

/** @param {string} name @param {number} size @returns {Promise<Target | undefined>} */
async function onDisk(name, size) {
	try {
		const root = await navigator.storage.getDirectory();
		const folder = await root.getDirectoryHandle(FOLDER, { create: true });
		await sweep(folder);
		const { quota = 0, usage = 0 } = await navigator.storage.estimate();
		if (quota - usage < size) return undefined;
		const own = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
		const handle = await folder.getFileHandle(own, { create: true });
		const to = await handle.createWritable();
		const undo = () => folder.removeEntry(own).catch(() => {});
		const done = async () => {
			save(await handle.getFile(), name);
			setTimeout(undo, KEPT);
		};
		return { to, done, undo };
	} catch {
		// Not every browser has such a disk, and private windows may refuse it.
		return undefined;
	}
}

/** Removes files of earlier visits; their names begin with their time. @param {any} folder */
async function sweep(folder) {
	for await (const name of folder.keys()) {
		if (Date.now() - Number.parseInt(name, 10) > KEPT) await folder.removeEntry(name).catch(() => {});
	}
}

/** @param {string} name @param {number} size @returns {Target} */
function inMemory(name, size) {
	if (size > MEMORY)
		throw coded(
			"cannot-write",
			`this browser has no ${size} bytes of disk for pages, and memory is kept below ${MEMORY}`,
		);
	/** @type {BlobPart[]} */
	const parts = [];
	const to = new WritableStream({ write: (piece) => void parts.push(new Blob([piece])) });
	const done = async () => save(new Blob(parts, { type: "application/x-tar" }), name);
	return { to, done, undo: async () => void parts.splice(0) };
}
