/** Bundles the page: www/ and the wasm package in www/pkg/ -> dist/, a static site with relative addresses only. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import * as esbuild from "esbuild";
import { precache } from "./offline/precache.mjs";
import { shadowSheets } from "./shadow-css.mjs";
import { shell } from "./shell.mjs";

const WWW = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(WWW);
const OUT = path.resolve(process.argv[2] ?? path.join(ROOT, "dist"));

/**
 * What something outside names by its address: the pages (index.html, how.html), the workers
 * (`new Worker(new URL(...))`) and the public modules. Scripts must lie beside the wasm file they load.
 */
const ENTRIES = [
	"page.js",
	"early.js",
	"page.css",
	"media.css",
	"how.css",
	"frame.css",
	"later.css",
	"files.css",
	"worker.js",
	"data-worker.js",
];

/** What others' pages load: by itself, so that neither they nor the page load pieces that only the other wants. */
const PUBLIC = ["api.js", "stow-plan.js", "stow-plan-define.js", "frame.js"];

/** What lies in the root, where people look for it. */
const AT_THE_ROOT = ["index.html", "how.html", "embed.html", "embed.js"];

/** What the public module's types are written in. */
const TYPES = ["types.d.ts", "views/files/contract.d.ts"];

/** Copied as they are, where they exist; the programs that make them stay behind. */
const ASSETS = ["samples", "favicon.svg", "favicon.ico", "touch-icon.png", "card.png"];

await rm(OUT, { recursive: true, force: true });
await mkdir(path.join(OUT, "www"), { recursive: true });
await Promise.all(AT_THE_ROOT.map((name) => copyFile(path.join(ROOT, name), path.join(OUT, name))));
// Tells Node that the scripts are modules, wherever the site is copied.
await writeFile(path.join(OUT, "package.json"), '{ "type": "module" }\n');
const [preloads] = await Promise.all([bundle(), wasm(), assets(), types()]);
await page(preloads);
await precache(OUT);
await compressed();

/** The public module's types; that they are right is tsc's other run (`cargo xtask ci`). */
async function types() {
	const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
	const shape = "--target es2023 --module esnext --moduleResolution bundler --types node".split(" ");
	const output = "--allowJs --declaration --emitDeclarationOnly --noCheck --skipLibCheck --outDir".split(" ");
	const sources = [...PUBLIC, "css.d.ts"].map((name) => path.join(WWW, name));
	const words = ["--ignoreConfig", ...shape, ...output, path.join(OUT, "www"), ...sources];
	await promisify(execFile)(process.execPath, [tsc, ...words]);
	for (const name of TYPES) {
		await mkdir(path.dirname(path.join(OUT, "www", name)), { recursive: true });
		await copyFile(path.join(WWW, name), path.join(OUT, "www", name));
	}
}

/**
 * The page names the scripts that its first one imports, so that a browser asks for all of them at once, and holds its first
 * view as they will draw it, so that there is something to see and nothing moves: scripts come after the style sheet. Where
 * STOWPLAN_URL says where the site will be, its picture for links gets an absolute address: some readers want that.
 * @param {string[]} scripts
 */
async function page(scripts) {
	const entry = /\t*<script type="module"/;
	const links = scripts
		.map((name) => `\t\t<link rel="modulepreload" href="www/${name}" fetchpriority="low">\n`)
		.join("");
	const site = process.env.STOWPLAN_URL?.replace(/\/?$/, "/") ?? "";
	const text = await readFile(path.join(ROOT, "index.html"), "utf8");
	const samples = JSON.parse(await readFile(path.join(WWW, "samples/index.json"), "utf8"));
	const whole = text.replace("</noscript>\n", (found) => `${found}${shell(samples)}\n`);
	const own = whole.replace('content="www/card.png"', () => `content="${site.replaceAll('"', "%22")}www/card.png"`);
	await writeFile(
		path.join(OUT, "index.html"),
		own.replace(entry, (found) => links + found),
	);
}

/** What a script imports at its start, and what that imports. @param {esbuild.Metafile} metafile @param {string} name */
function importsOf({ outputs }, name) {
	const files = Object.fromEntries(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
	const found = new Set([name]);
	for (const one of found) {
		for (const { path: to, kind } of files[one]?.imports ?? []) {
			if (kind === "import-statement") found.add(path.basename(to));
		}
	}
	return [...found].slice(1);
}

/** Scripts share what they have in common as chunks: nothing is loaded twice. @returns the scripts that the page's imports */
async function bundle() {
	const scripts = ENTRIES.filter((name) => name.endsWith(".js"));
	const others = ENTRIES.filter((name) => !name.endsWith(".js"));
	const build = { ...options(scripts, true), metafile: true };
	const kit = { ...options(PUBLIC, true), chunkNames: "kit-[name]-[hash]" };
	const all = [build, options(others, false), kit, how()];
	const [{ metafile }] = await Promise.all(all.map((one) => esbuild.build(one)));
	return importsOf(/** @type {esbuild.Metafile} */ (metafile), "page.js");
}

/**
 * The page "How it works" by itself: what it shared with the page would cut that into more pieces. It takes the public
 * module as others' pages do, and has no words but its own.
 * @returns {esbuild.BuildOptions}
 */
function how() {
	/** @param {esbuild.PluginBuild} build */
	const setup = (build) =>
		void build.onResolve({ filter: /\/words\/areas\.js$/ }, () => ({ path: path.join(WWW, "how/areas.js") }));
	const { external = [], ...rest } = options(["how.js"], true);
	const plugins = [{ name: "words", setup }];
	return { ...rest, chunkNames: "how-[name]-[hash]", external: [...external, "./api.js"], plugins };
}

/**
 * @param {string[]} names entries right in www/
 * @param {boolean} splitting
 * @returns {esbuild.BuildOptions}
 */
function options(names, splitting) {
	return {
		absWorkingDir: ROOT,
		entryPoints: names.map((name) => path.join(WWW, name)),
		outdir: path.join(OUT, "www"),
		bundle: true,
		format: "esm",
		splitting,
		minify: true,
		// The style sheets' light-dark() asks for Chrome 123, Firefox 120, Safari 17.5.
		target: ["es2022", "chrome123", "firefox120", "safari17.5", "node20"],
		charset: "utf8",
		legalComments: "none",
		logLevel: "warning",
		external: ["node:*", "*.svg", "*.woff2"],
		plugins: splitting ? [shadowSheets(options([], false))] : [],
	};
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
