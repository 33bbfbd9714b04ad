/** Writes the npm package: what `dist/www` has for others' pages and builds, with its types and its manifest of elements. */

import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import { manifest } from "./elements-manifest.mjs";
import { cdnScript } from "./fixed-embed.mjs";
import { frameworkTypes } from "./framework-types.mjs";

const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const [from = "", to = ""] = process.argv.slice(2);

/** The modules that people import, and the workers. */
const ELEMENTS = ["stow-plan", "stow-plan-table", "stow-plan-compare", "stow-plan-tags"].flatMap((name) => [
	`${name}.js`,
	`${name}-define.js`,
]);
const ENTRIES = ["api.js", ...ELEMENTS, "worker.js", "data-worker.js"];
/** The files that the element loads: a site that has these beside each other needs no other host. */
const ELEMENT = ["stow-plan-define.js", "worker.js", "data-worker.js"];
/** The policy of the registry proxy, as `cargo xtask edge` builds it. */
const POLICY = "stowplan_edge_bg.wasm";
/** The file that only Node reads, packed better than npm packs it. */
const PACKED_POLICY = `${POLICY}.br`;
const PACKED_SITE = "site.br";
const COMPILED = `import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
const packed = readFileSync(new URL(${JSON.stringify(PACKED_POLICY)}, import.meta.url));
export default new WebAssembly.Module(brotliDecompressSync(packed));`;
/** Files for which `stowplan serve` has no use: the picture that other sites show beside a link. */
const NOT_SERVED = /(\.br|\.d\.ts|^package\.json|^card\.png)$/;
const NOTHING = Buffer.alloc(0);
const NAMES = /(?:from|import|import\(|new URL\()\s*["'](?:\.\/)?([\w.-]+\.(?:js|wasm|css))["']/g;

const dist = path.join(from, "www");
await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
for (const name of await reachable(ENTRIES)) await cp(path.join(dist, name), path.join(to, name));
await writeFile(path.join(to, "element-files.json"), JSON.stringify(await reachable(ELEMENT)));
await Promise.all([program(), pluginTypes(), page(), cdnScript(to)]);
for (const name of await reachableTypes()) await cp(path.join(dist, name), path.join(to, name));
const { version, license } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
const about = {
	name: "stowplan",
	version,
	description: "What is inside a container image, proved: <stow-plan> for pages, an API for browsers and Node.",
	license,
	type: "module",
	engines: { node: ">=20" },
	bin: { stowplan: "./bin.js" },
	exports: {
		".": { types: "./api.d.ts", default: "./api.js" },
		"./docs.js": { types: "./core/docs.d.ts", default: "./docs.js" },
		...Object.fromEntries(
			ELEMENTS.map((name) => [`./${name}`, { types: `./${name.replace(/js$/, "d.ts")}`, default: `./${name}` }]),
		),
		...Object.fromEntries(["react", "vue", "svelte"].map((name) => [`./${name}`, { types: `./${name}.d.ts` }])),
		"./cdn.js": "./cdn.js",
		"./custom-elements.json": "./custom-elements.json",
		"./integrity.json": "./integrity.json",
		"./package.json": "./package.json",
	},
	customElements: "custom-elements.json",
	jsdelivr: "./cdn.js",
	unpkg: "./cdn.js",
	// The files that name an element, and those that are loaded by their address. The API may be dropped if it is not used.
	sideEffects: await acting(),
	keywords: ["container", "image", "oci", "docker", "web-component", "digest"],
};
await writeFile(path.join(to, "package.json"), `${JSON.stringify(about, null, "\t")}\n`);
await writeFile(path.join(to, "custom-elements.json"), `${JSON.stringify(manifest(), null, "\t")}\n`);
for (const [name, text] of Object.entries(frameworkTypes(manifest()))) await writeFile(path.join(to, name), text);
await cp(path.join(ROOT, "docs/npm.md"), path.join(to, "README.md"));

/** The files that do something when they are imported: what names an element, with all that it imports, workers, the program. */
async function acting() {
	const found = new Set(
		(await readdir(to)).filter((name) => name.endsWith(".js") && /define|worker|^(bin|cdn|cli)/.test(name)),
	);
	for (const name of found) {
		if (/^(bin|cli)/.test(name)) continue;
		const text = await readFile(path.join(to, name), "utf8");
		for (const [, other = ""] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) found.add(other);
	}
	return [...found].sort().map((name) => `./${name}`);
}

/** These files and all that they name. @param {string[]} entries @returns {Promise<string[]>} */
async function reachable(entries) {
	const files = new Set(entries);
	for (const name of files) {
		const text = name.endsWith(".js") ? await readFile(path.join(dist, name), "utf8") : "";
		for (const [, other = ""] of text.matchAll(NAMES)) files.add(other);
	}
	return [...files];
}

/** The types of what people import, and all that they name; they are left out of what only the page has. */
async function reachableTypes() {
	const plugin = await readdir(path.join(to, "core"));
	const taken = await Promise.all(plugin.map((name) => readFile(path.join(to, "core", name), "utf8")));
	const found = new Set([
		...ENTRIES.filter((name) => !name.includes("worker")),
		...taken.flatMap((text) => named(text, "core")),
	]);
	for (const name of found) {
		const text = await readFile(path.join(dist, name.replace(/\.js$/, ".d.ts")), "utf8").catch(() => "");
		for (const other of named(text, path.posix.dirname(name))) found.add(other);
	}
	const all = new Set((await readdir(dist, { recursive: true })).map((name) => name.split(path.sep).join("/")));
	return [...found].map((name) => name.replace(/(\.d)?\.[jt]s$/, ".d.ts")).filter((name) => all.has(name));
}

/** The files that types name, from the folder of theirs. @param {string} text @param {string} folder */
function named(text, folder) {
	const names = [...text.matchAll(/(?:from|import\(|import)\s*["'](\.[^"']+)["']/g)];
	return names.map(([, other = ""]) => path.posix.join(folder, other));
}

/** The program `stowplan` and what plugins share, with their libraries in them, so that one package is installed. They take the API from beside them. */
async function program() {
	/** @param {esbuild.PluginBuild} build */
	const setup = (build) => {
		// The module that the platform of a Worker gives it compiled.
		build.onLoad({ filter: /_bg\.wasm$/ }, () => ({ contents: COMPILED }));
		build.onResolve({ filter: /\/www\/api\.js$/ }, () => ({ path: "./api.js", external: true }));
		build.onResolve({ filter: /\/areas\.js$/ }, () => ({ path: path.join(ROOT, "cli/word-areas.js") }));
	};
	await esbuild.build({
		absWorkingDir: ROOT,
		entryPoints: ["cli/bin.js", "cli/cli.js", "integrations/core/docs.js"].map((name) => path.join(ROOT, name)),
		entryNames: "[name]",
		outdir: to,
		bundle: true,
		splitting: true,
		chunkNames: "cli-[name]-[hash]",
		platform: "node",
		format: "esm",
		minify: true,
		target: "node20",
		charset: "utf8",
		legalComments: "none",
		logLevel: "warning",
		banner: {
			js: "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);",
		},
		plugins: [{ name: "api", setup }],
	});
	const bin = path.join(to, "bin.js");
	await writeFile(bin, `#!/usr/bin/env node\n${await readFile(bin, "utf8")}`, { mode: 0o755 });
	await chmod(bin, 0o755);
}

/**
 * The page as `stowplan serve` serves it, with its headers: the package's own files by their names, and one archive of all others,
 * by where they lie in it.
 */
async function page() {
	const entries = await readdir(from, { recursive: true, withFileTypes: true });
	/** @type {import("../../cli/serving/site.js").Table["files"]} */
	const files = {};
	/** @type {Buffer[]} */
	const others = [];
	let at = 0;
	const kept = entries.filter((one) => one.isFile() && !NOT_SERVED.test(one.name));
	const sources = kept.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
	for (const source of sources) {
		const name = path.relative(from, source).split(path.sep).join("/");
		const own = name.replace(/^www\//, "");
		const bytes = await readFile(source);
		const isOwn = name !== own && bytes.equals(await readFile(path.join(to, own)).catch(() => NOTHING));
		files[name] = isOwn ? own : [at, bytes.length];
		if (isOwn) continue;
		others.push(bytes);
		at += bytes.length;
	}
	const [forAll = ""] = (await readFile(path.join(ROOT, "edge/_headers"), "utf8")).split(/^\/(?!\*$)/m);
	const headers = Object.fromEntries(
		[...forAll.matchAll(/^ +([^:]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
	);
	await writeFile(path.join(to, "page-files.json"), JSON.stringify({ files, headers }));
	await writeFile(path.join(to, PACKED_SITE), packed(Buffer.concat(others)));
	await writeFile(path.join(to, PACKED_POLICY), packed(await readFile(path.join(ROOT, "edge/pkg", POLICY))));
}

/** With a window over all of it: the page's scripts have much in common. @param {Buffer} bytes */
function packed(bytes) {
	const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
	return brotliCompressSync(bytes, { params });
}

/** The types of what plugins share; those that they take of the API lie beside them in the package. */
async function pluginTypes() {
	const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
	const shape = "--target es2023 --module esnext --moduleResolution bundler --types node".split(" ");
	const output = "--allowJs --declaration --emitDeclarationOnly --noCheck --skipLibCheck --rootDir".split(" ");
	const made = path.join(to, ".types");
	const source = path.join(ROOT, "integrations/core/docs.js");
	await promisify(execFile)(process.execPath, [
		tsc,
		"--ignoreConfig",
		...shape,
		...output,
		ROOT,
		"--outDir",
		made,
		source,
	]);
	const folder = path.join(made, "integrations/core");
	await mkdir(path.join(to, "core"));
	for (const name of await readdir(folder)) {
		const text = await readFile(path.join(folder, name), "utf8");
		await writeFile(path.join(to, "core", name), text.replaceAll("../../www/", "../"));
	}
	await rm(made, { recursive: true });
}
