// The files of the page: those that the package names, and nothing else on the disk.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

/** @type {Record<string, string>} */
const TYPES = {
	".css": "text/css",
	".html": "text/html; charset=utf-8",
	".ico": "image/x-icon",
	".js": "text/javascript",
	".json": "application/json",
	".png": "image/png",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
	".webmanifest": "application/manifest+json",
};

/** A page of documentation on another port may load the element from here. */
const ALWAYS = { "cache-control": "no-cache", "access-control-allow-origin": "*" };

/**
 * @typedef {{ files: Record<string, string | [at: number, length: number]>, headers: Record<string, string> }} Table `files`: by
 *   their paths on the site, their places in the package, or in its archive of what only the page loads
 */

/**
 * @param {URL} root of the package
 * @returns {import("../../edge/settings.js").Service} as a Worker's binding of assets
 */
export function siteIn(root) {
	/** @type {Promise<Table> | undefined} */
	let table;
	/** @type {Promise<Buffer> | undefined} */
	let archive;
	const read = async (/** @type {string | [at: number, length: number]} */ place) => {
		if (typeof place === "string") return readFile(new URL(place, root));
		archive ??= readFile(new URL("site.br", root)).then((packed) => promisify(brotliDecompress)(packed));
		const [at, length] = place;
		return (await archive).subarray(at, at + length);
	};
	return {
		async fetch(request) {
			const { method, url } = /** @type {Request} */ (request);
			if (method !== "GET" && method !== "HEAD") return said(405, "Only GET and HEAD are served.\n");
			table ??= readFile(new URL("page-files.json", root), "utf8").then((text) => JSON.parse(text));
			const { files, headers } = await table;
			const name = nameOf(url);
			const place = Object.hasOwn(files, name) ? files[name] : undefined;
			if (place === undefined) return said(404, "There is no such file.\n");
			const body = await read(place);
			const type = TYPES[path.extname(name)] ?? "application/octet-stream";
			const own = { ...headers, ...ALWAYS, "content-type": type, "content-length": `${body.length}` };
			return new Response(method === "HEAD" ? null : new Uint8Array(body), { headers: own });
		},
	};
}

/** @param {string} url */
const nameOf = (url) => url.replace(/^\w+:\/\/[^/]*\/|[?#].*$/gs, "") || "index.html";

/** @param {number} status @param {string} text */
const said = (status, text) => new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
