/** Bundles the page: www/ and the wasm package in www/pkg/ -> dist/, a static site with relative addresses only. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import * as esbuild from "esbuild";

const WWW = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(WWW);
const OUT = path.resolve(process.argv[2] ?? path.join(ROOT, "dist"));

/**
 * What something outside names by its address, each bundled by itself: the page (index.html), the workers
 * (`new Worker(new URL(...))`) and the public modules. Scripts must lie beside the wasm file they load.
 */
const ENTRIES = ["page.js", "page.css", "worker.js", "api.js"];

/** Copied as they are, where they exist; the programs that make them stay behind. */
const ASSETS = ["samples", "favicon.svg", "favicon.ico"];

await rm(OUT, { recursive: true, force: true });
await mkdir(path.join(OUT, "www"), { recursive: true });
await copyFile(path.join(ROOT, "index.html"), path.join(OUT, "index.html"));
await Promise.all([...ENTRIES.map(bundle), wasm(), assets(), types()]);
await compressed();

/** The public module's types; that they are right is tsc's other run (`cargo xtask ci`). */
async function types() {
	const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
	const shape = "--target es2023 --module esnext --moduleResolution bundler --types node".split(" ");
	const output = "--allowJs --declaration --emitDeclarationOnly --noCheck --skipLibCheck --outDir".split(" ");
	const words = ["--ignoreConfig", ...shape, ...output, path.join(OUT, "www"), path.join(WWW, "api.js")];
	await promisify(execFile)(process.execPath, [tsc, ...words]);
	await copyFile(path.join(WWW, "types.d.ts"), path.join(OUT, "www/types.d.ts"));
}

/**
 * One file, and one more for each module that it imports on demand only.
 * @param {string} name an entry right in www/
 */
async function bundle(name) {
	await esbuild.build({
		absWorkingDir: ROOT,
		entryPoints: [path.join(WWW, name)],
		outdir: path.join(OUT, "www"),
		bundle: true,
		format: "esm",
		splitting: name.endsWith(".js"),
		minify: true,
		target: ["es2022", "chrome111", "firefox114", "safari16.4", "node20"],
		charset: "utf8",
		legalComments: "none",
		logLevel: "warning",
		external: ["node:*", "*.svg", "*.woff2"],
	});
}

/** The glue finds its module beside itself (`new URL('stowplan_bg.wasm', import.meta.url)`), so it lies in dist/www/. */
async function wasm() {
	const names = (await readdir(path.join(WWW, "pkg"))).filter((name) => name.endsWith("_bg.wasm"));
	await Promise.all(names.map((name) => copyFile(path.join(WWW, "pkg", name), path.join(OUT, "www", name))));
}

async function assets() {
	const present = ASSETS.filter((name) => existsSync(path.join(WWW, name)));
	const options = { recursive: true, filter: (/** @type {string} */ from) => !from.endsWith(".mjs") };
	await Promise.all(present.map((name) => cp(path.join(WWW, name), path.join(OUT, "www", name), options)));
}

/** Beside each file that gets noticeably smaller by it, its brotli form: servers that know such neighbours send them. */
async function compressed() {
	const entries = await readdir(OUT, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile() && /\.(html|js|css|wasm|json|svg)$/.test(entry.name));
	await Promise.all(files.map((entry) => compress(path.join(entry.parentPath ?? entry.path, entry.name))));
}

/** @param {string} file */
async function compress(file) {
	const bytes = await readFile(file);
	const smaller = await promisify(brotliCompress)(bytes);
	if (bytes.length > 1024 && smaller.length < bytes.length) await writeFile(`${file}.br`, smaller);
}
