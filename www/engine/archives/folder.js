// drop -> archive. Several files with paths are a folder; without paths, their content may still show that they are one.

import { member } from "../../lib/member.js";
import { part } from "../layers/slices.js";
import { DOCUMENT_BYTES } from "../limits.js";
import { formOf } from "./file-kind.js";

/** @typedef {import("./open.js").Given} Given */

/** Files at the top of a folder of images; its documents say which kind it is. */
const TOPS = new Set(["oci-layout", "index.json", "manifest.json", "repositories"]);

/**
 * The folders with images among files that have paths, and the files that lie in none of them.
 * @param {Given[]} given
 * @returns {{ folders: Given[][], rest: Given[] }}
 */
export function foldersOf(given) {
	/** @type {Map<string, Given[]>} */
	const folders = new Map();
	const isDeep = given.some(({ file, name }) => file && name?.includes("/"));
	for (const { file, name } of isDeep ? given : [])
		if (file && name && TOPS.has(lastOf(name))) folders.set(aboveOf(name), []);
	const rest = given.filter((one) => {
		const top = one.file && one.name ? outermost(folders, one.name) : undefined;
		if (top !== undefined) folders.get(top)?.push(one);
		return top === undefined;
	});
	return { folders: [...folders.values()].filter(({ length }) => length > 0), rest };
}

/** @param {string} path */
const lastOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/** @param {string} path */
const aboveOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/**
 * The outermost of the folders that a file lies in, for what lies deeper is content; else that of all that was given, if
 * the contents of a folder were.
 * @param {Map<string, unknown>} folders @param {string} path
 */
function outermost(folders, path) {
	for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1))
		if (folders.has(path.slice(0, at))) return path.slice(0, at);
	return folders.has("") ? "" : undefined;
}

/** @param {Given[]} given */
export const asFolder = (given) => folder(given.flatMap(({ file, name = "" }) => (file ? [{ file, name }] : [])));

/**
 * Files without paths among which is a docker save's manifest.json: they get the names that they have in a layout. One is
 * looked at after the other, and of each only what tells it is kept.
 * @param {Given[]} given @param {(file: Blob) => Promise<string | undefined>} digestOf
 */
export async function looseFolder(given, digestOf) {
	const files = given.flatMap(({ file }) => (file ? [file] : []));
	if (files.length < Math.max(2, given.length)) return undefined;
	/** @type {Set<string>} */
	const named = new Set();
	const told = [];
	for (const file of files) {
		const json = await jsonOf(file);
		told.push(toldBy(json));
		const manifests = member(json, "manifests");
		for (const one of Array.isArray(manifests) ? manifests : []) named.add(String(member(one, "digest")));
	}
	if (!told.includes("manifest.json")) return undefined;
	const all = [];
	for (const [at, file] of files.entries()) {
		const digest = await digestOf(file);
		const own = told[at] === "index.json" && named.has(digest ?? "") ? undefined : told[at];
		all.push({ file, name: own ?? `blobs/${(digest ?? "sha256:unknown").replace(":", "/")}` });
	}
	return folder(all);
}

/** @param {{ file: Blob, name: string }[]} named */
const folder = (named) => ({
	files: named.map(({ file, name }) => ({ path: name, size: file.size })),
	blobs: named.map(({ file }) => file),
});

/** The content of a small document, if it is JSON. @param {Blob} file @returns {Promise<any>} */
async function jsonOf(file) {
	if (file.size > DOCUMENT_BYTES || (await formOf(file))) return undefined;
	try {
		return JSON.parse(new TextDecoder().decode(await part(file, 0, DOCUMENT_BYTES)));
	} catch {
		return undefined;
	}
}

/** @param {any} json */
const isSaved = (json) =>
	Array.isArray(json) && json.length > 0 && json.every((one) => Array.isArray(member(one, "Layers")));

/** The name of a document in a layout, if it states one. @param {any} json */
function toldBy(json) {
	if (isSaved(json)) return "manifest.json";
	if (typeof member(json, "imageLayoutVersion") === "string") return "oci-layout";
	return Array.isArray(member(json, "manifests")) ? "index.json" : undefined;
}
