/** Bundles the page: www/ and the wasm package in www/engine/pkg/ -> dist/, a static site with relative addresses only. */

import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import * as esbuild from "esbuild";
import { fixedEmbed } from "./fixed-embed.mjs";
import { merged } from "./merged.mjs";
import { precache } from "./precache.mjs";
import { shadowSheets } from "./shadow-css.mjs";
import { shell } from "./shell.mjs";

const WWW = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const ROOT = path.dirname(WWW);
const OUT = path.resolve(process.argv[2] ?? path.join(ROOT, "dist"));

/**
 * Entries that are named by their address from outside: the pages (index.html, how.html), the workers
 * (`new Worker(new URL(...))`) and the public modules. Scripts must lie beside the wasm file they load.
 */
const ENTRIES = ["page.js", "early.js", "worker.js", "data-worker.js"];

/** Those of them that run without a document. */
const THREADS = ["worker.js", "data-worker.js"];

/** Style sheets that a page or a script names by its address. */
const SHEETS = [
	"page.css",
	"media.css",
	"how.css",
	"frame.css",
	"later.css",
	"files.css",
	"compare.css",
	"signatures.css",
];

/** Entries that other pages load: apart, so that neither they nor the page load pieces that only the other wants. */
const PUBLIC = [
	...["api.js", "stow-plan.js", "stow-plan-define.js", "stow-plan-table.js", "stow-plan-table-define.js"],
	...[
		"stow-plan-compare.js",
		"stow-plan-compare-define.js",
		"stow-plan-tags.js",
		"stow-plan-tags-define.js",
		"frame.js",
	],
];

/** Files of the root, where people look for them. */
const AT_THE_ROOT = ["index.html", "how.html", "embed.html", "embed.js", "site.webmanifest"];

/** The files with the public module's types. */
const TYPES = ["types.d.ts", "views/files/contract.d.ts"];

/** Copied as they are, each folder or its content to the place that the pages name; the programs that make them stay behind. */
const ASSETS = { samples: "samples", assets: "" };

await rm(OUT, { recursive: true, force: true });
await mkdir(path.join(OUT, "www"), { recursive: true });
await Promise.all(AT_THE_ROOT.map((name) => copyFile(path.join(ROOT, name), path.join(OUT, name))));
// Tells Node that the scripts are modules, wherever the site is copied.
await writeFile(path.join(OUT, "package.json"), '{ "type": "module" }\n');
const [preloads] = await Promise.all([bundle(), wasm(), assets(), types()]);
await page(preloads);
await fixedEmbed(OUT);
await precache(OUT);
await compressed();

/** The public module's types; that they are right is tsc's other run (`cargo xtask ci`). */
async function types() {
	const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
	const shape = "--target es2023 --module esnext --moduleResolution bundler --types node".split(" ");
	const output = "--allowJs --declaration --emitDeclarationOnly --noCheck --skipLibCheck --outDir".split(" ");
	const sources = [...PUBLIC, "plan/css.d.ts"].map((name) => path.join(WWW, name));
	const words = ["--ignoreConfig", ...shape, ...output, path.join(OUT, "www"), ...sources];
	await promisify(execFile)(process.execPath, [tsc, ...words]);
	for (const name of TYPES) {
		await mkdir(path.dirname(path.join(OUT, "www", name)), { recursive: true });
		await copyFile(path.join(WWW, name), path.join(OUT, "www", name));
	}
}

/**
 * The page names the scripts that its first one imports, so that a browser asks for all of them at once, and holds its first
 * view as they will draw it, so that there is something to see and nothing moves: scripts come after the style sheet. If
 * STOWPLAN_URL gives the site's address, its picture for links gets an absolute address: some readers want that.
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

/** Scripts share what they have in common as chunks: nothing is loaded twice. @returns the scripts that the page's imports */
async function bundle() {
	const build = { ...options(ENTRIES, true), metafile: true };
	const sheets = options(
		SHEETS.map((name) => `styles/${name}`),
		false,
	);
	const kit = { ...options(PUBLIC, true), chunkNames: "kit-[name]-[hash]" };
	const all = [build, sheets, kit, how()];
	const [{ metafile }] = await Promise.all(all.map((one) => esbuild.build(one)));
	return merged(path.join(OUT, "www"), /** @type {esbuild.Metafile} */ (metafile), "page.js", THREADS);
}

/**
 * The page "How it works" by itself: what it shared with the page would cut that into more pieces. It takes the public
 * module as others' pages do, and has no words but its own.
 * @returns {esbuild.BuildOptions}
 */
function how() {
	/** @param {esbuild.PluginBuild} build */
	const setup = (build) =>
		void build.onResolve({ filter: /\/areas\.js$/ }, () => ({ path: path.join(WWW, "how/word-areas.js") }));
	const { external = [], ...rest } = options(["how.js"], true);
	const plugins = [{ name: "words", setup }];
	return { ...rest, chunkNames: "how-[name]-[hash]", external: [...external, "./api.js"], plugins };
}

/** The numbers of engine/limits.js are written where they are used; else an empty script would be loaded for them. @returns {esbuild.Plugin} */
function caps() {
	/** @param {esbuild.PluginBuild} build */
	const setup = (build) =>
		void build.onResolve({ filter: /\/limits\.js$/ }, ({ path: name, resolveDir }) => ({
			path: path.join(resolveDir, name),
			sideEffects: false,
		}));
	return { name: "caps", setup };
}

/**
 * @param {string[]} names entries, as www/ has them; dist/www has them side by side
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
		plugins: splitting ? [caps(), shadowSheets(options([], false))] : [],
	};
}

/** The glue finds its module beside itself (`new URL('stowplan_bg.wasm', import.meta.url)`), so it lies in dist/www/. */
async function wasm() {
	const names = (await readdir(path.join(WWW, "engine/pkg"))).filter((name) => name.endsWith("_bg.wasm"));
	await Promise.all(names.map((name) => copyFile(path.join(WWW, "engine/pkg", name), path.join(OUT, "www", name))));
}

async function assets() {
	const options = { recursive: true, filter: (/** @type {string} */ from) => !from.endsWith(".mjs") };
	await Promise.all(
		Object.entries(ASSETS).map(([from, to]) => cp(path.join(WWW, from), path.join(OUT, "www", to), options)),
	);
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
