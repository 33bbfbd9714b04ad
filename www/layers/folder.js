// Line: drop -> archive. Several files with paths are a folder; without any, what they hold may still say that they are one.

import { part } from "./slices.js";
import { formOf } from "./sniff.js";

/** @typedef {import("./open.js").Given} Given */

/** How long a docker save's manifest.json may be. */
const MANIFEST = 4 * 1024 * 1024;

/** @param {Given[]} given @returns {{ files: { path: string, size: number }[], blobs: Blob[] } | undefined} */
export function folderOf(given) {
	const named = given.flatMap(({ file, name }) => (file && name ? [{ file, name }] : []));
	if (named.length < given.length || !named.some(({ name }) => name.includes("/"))) return undefined;
	return folder(named);
}

/**
 * Files without paths among which is a docker save's manifest.json: they get the names that they have in a layout.
 * @param {Given[]} given @param {(file: Blob) => Promise<string | undefined>} digestOf
 */
export async function looseFolder(given, digestOf) {
	const files = given.flatMap(({ file }) => (file ? [file] : []));
	if (files.length < Math.max(2, given.length)) return undefined;
	const texts = await Promise.all(files.map(textOf));
	if (!texts.some(isSaved)) return undefined;
	const digests = await Promise.all(files.map(digestOf));
	const named = files.map((file, at) => ({ file, name: nameOf(texts[at], digests[at], texts) }));
	return folder(named);
}

/** @param {{ file: Blob, name: string }[]} named */
const folder = (named) => ({
	files: named.map(({ file, name }) => ({ path: name, size: file.size })),
	blobs: named.map(({ file }) => file),
});

/** What a small document says, as far as it is JSON. @param {Blob} file @returns {Promise<any>} */
async function textOf(file) {
	if (file.size > MANIFEST || (await formOf(file))) return undefined;
	try {
		return JSON.parse(new TextDecoder().decode(await part(file, 0, MANIFEST)));
	} catch {
		return undefined;
	}
}

/** @param {any} json */
const isSaved = (json) =>
	Array.isArray(json) && json.length > 0 && json.every((one) => Array.isArray(one?.Layers ?? one?.layers));

/** @param {any} json @param {string | undefined} digest @param {any[]} all */
function nameOf(json, digest, all) {
	if (isSaved(json)) return "manifest.json";
	if (typeof json?.imageLayoutVersion === "string") return "oci-layout";
	const isNamed = all.some(
		(other) =>
			Array.isArray(other?.manifests) && other.manifests.some((/** @type {any} */ one) => one?.digest === digest),
	);
	if (Array.isArray(json?.manifests) && !isNamed) return "index.json";
	return `blobs/${(digest ?? "sha256:unknown").replace(":", "/")}`;
}
