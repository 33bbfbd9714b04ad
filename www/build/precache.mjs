/** Writes the service worker of a built site: it knows each file that the page may load, by its hash. `node precache.mjs DIST` */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const WWW = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Files that no page of ours loads: types, compressed neighbours, the element for other pages, the picture for links, and the service worker itself. */
const NOT_LOADED = /(\.br|\.d\.ts)$|^(package\.json|sw\.js|embed[^/]*\.js|www\/(stow-plan[^/]*|card\.png))$/;

/** @param {string} out the folder of the site */
export async function precache(out) {
	const files = await hashes(out);
	const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
	await esbuild.build({
		entryPoints: [path.join(WWW, "sw.js")],
		outfile: path.join(out, "sw.js"),
		bundle: true,
		minify: true,
		charset: "utf8",
		banner: { js: "/* Stowplan's service worker */" },
		define: { "globalThis.BUILT": JSON.stringify({ version, files }) },
		logLevel: "warning",
	});
}

/**
 * Addresses below the worker's, in order, with what `integrity` wants. The page itself is asked for by its folder: some hosts
 * send away who asks for index.html.
 * @param {string} out
 */
async function hashes(out) {
	const entries = await readdir(out, { recursive: true, withFileTypes: true });
	const names = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(out, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll(path.sep, "/"))
		.filter((name) => !NOT_LOADED.test(name))
		.sort();
	/** @type {Record<string, string>} */
	const files = {};
	for (const name of names) {
		const hash = createHash("sha256").update(await readFile(path.join(out, name)));
		files[`./${name === "index.html" ? "" : name}`] = `sha256-${hash.digest("base64")}`;
	}
	return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2]) await precache(process.argv[2]);
