// Files and folders of the command line as the API takes them: their bytes stay on disk until they are read.

import { openAsBlob } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fault } from "./fault.js";

/** The most files of a folder that are taken in: an OCI layout has some hundred. */
const MOST = 20_000;

/** True for what is written as a path; anything else is a reference. @param {string} text */
export const isPath = (text) => text === "-" || /^(\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])/.test(text);

/**
 * @param {string[]} paths
 * @param {() => Promise<Uint8Array>} input reads standard input, which is called `-`
 * @returns {Promise<(File | Uint8Array)[]>}
 */
export async function filesOf(paths, input) {
	/** @type {(File | Uint8Array)[]} */
	const found = [];
	for (const one of paths) {
		if (one === "-") found.push(await input());
		else if ((await about(one)).isDirectory()) found.push(...(await folder(one)));
		else found.push(await file(one, path.basename(one)));
	}
	return found;
}

/** @param {string} file */
const about = (file) =>
	stat(file).catch((error) => {
		throw fault("unreadable-file", `${file} cannot be read: ${error.code ?? error.message}`);
	});

/** @param {string} root */
async function folder(root) {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	const names = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
	if (names.length > MOST) throw fault("limit-exceeded", `${root} has ${names.length} files, more than ${MOST}`);
	const top = path.basename(path.resolve(root));
	return Promise.all(
		names.sort().map((name) => file(name, path.basename(name), path.join(top, path.relative(root, name)))),
	);
}

/** @param {string} source @param {string} name @param {string} [within] its path in a folder that was named */
async function file(source, name, within) {
	await about(source);
	const made = new File([await openAsBlob(source)], name);
	if (within) Object.defineProperty(made, "webkitRelativePath", { value: within.split(path.sep).join("/") });
	return made;
}
