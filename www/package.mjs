/** Writes the npm package: what `dist/www` has for others' pages and builds, with its types and its manifest of elements. */

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { manifest } from "./elements-manifest.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [from = "", to = ""] = process.argv.slice(2);

/** What people import, and what the wasm's own scripts are loaded by. */
const ENTRIES = ["api.js", "stow-plan.js", "stow-plan-define.js", "worker.js", "data-worker.js"];
const NAMES = /(?:from|import|import\(|new URL\()\s*["'](?:\.\/)?([\w.-]+\.(?:js|wasm|css))["']/g;

const dist = path.join(from, "www");
await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
const files = new Set(ENTRIES);
for (const name of files) {
	const text = name.endsWith(".js") ? await readFile(path.join(dist, name), "utf8") : "";
	for (const [, other = ""] of text.matchAll(NAMES)) files.add(other);
	await cp(path.join(dist, name), path.join(to, name));
}
const types = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith(".d.ts"));
for (const name of types) await cp(path.join(dist, name), path.join(to, name));
const { version, license } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
const about = {
	name: "stowplan",
	version,
	description: "What is inside a container image, proved: <stow-plan> for pages, an API for browsers and Node.",
	license,
	type: "module",
	engines: { node: ">=20" },
	exports: {
		".": { types: "./api.d.ts", default: "./api.js" },
		"./stow-plan.js": { types: "./stow-plan.d.ts", default: "./stow-plan.js" },
		"./stow-plan-define.js": { types: "./stow-plan-define.d.ts", default: "./stow-plan-define.js" },
		"./custom-elements.json": "./custom-elements.json",
		"./package.json": "./package.json",
	},
	customElements: "custom-elements.json",
	// A bundler may drop nothing: what names the element lies in a piece that the frame shares.
	sideEffects: true,
	keywords: ["container", "image", "oci", "docker", "web-component", "digest"],
};
await writeFile(path.join(to, "package.json"), `${JSON.stringify(about, null, "\t")}\n`);
await writeFile(path.join(to, "custom-elements.json"), `${JSON.stringify(manifest(), null, "\t")}\n`);
await cp(path.join(ROOT, "docs/npm.md"), path.join(to, "README.md"));
