/**
 * Writes the script for others' pages a second time, under an address of its build: with the hash of each module that it
 * loads, so that the browser runs these bytes or none. `www/embed.json` says its name and hash to the dialog "Embed".
 */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const ENTRIES = ["stow-plan", "stow-plan-table", "stow-plan-compare", "stow-plan-tags"].map(
	(name) => `${name}-define.js`,
);
const NAMES = /(?:from|import|import\()\s*["']\.\/([\w.-]+\.js)["']/g;

/** @param {string} out the folder of the site */
export async function fixedEmbed(out) {
	const text = (await fixed(path.join(out, "www"), "./www/")) + PAGE;
	const file = `embed-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`;
	await writeFile(path.join(out, file), text);
	await writeFile(path.join(out, "www/embed.json"), `${JSON.stringify({ file, integrity: sri(text) })}\n`);
}

/** The same for a package on a CDN, whose files lie beside the script, and no page. @param {string} folder */
export async function cdnScript(folder) {
	const text = await fixed(folder, "./");
	await writeFile(path.join(folder, "cdn.js"), text);
	await writeFile(path.join(folder, "integrity.json"), `${JSON.stringify({ "cdn.js": sri(text) })}\n`);
}

/** @param {string} folder @param {string} at where it is for the script */
async function fixed(folder, at) {
	/** @type {Record<string, string>} */
	const integrity = {};
	for (const name of await reachable(folder)) integrity[at + name] = sri(await readFile(path.join(folder, name)));
	return script(integrity, at);
}

/** @param {string | Uint8Array} bytes */
const sri = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** The files that the elements import, now or later, by their names in `folder`. @param {string} folder */
async function reachable(folder) {
	const found = new Set(ENTRIES);
	for (const name of found) {
		const text = await readFile(path.join(folder, name), "utf8");
		for (const [, other = ""] of text.matchAll(NAMES)) found.add(other);
	}
	return [...found].sort();
}

/**
 * An import map holds for what is imported after it; a page that allows none (by its policy) still has the hash of this
 * script itself.
 * @param {Record<string, string>} integrity @param {string} at
 */
const script = (integrity, at) => `const own = ${JSON.stringify(integrity)};
const hashes = Object.entries(own).map(([name, hash]) => [new URL(name, import.meta.url).href, hash]);
try {
	const map = document.createElement("script");
	map.type = "importmap";
	map.textContent = JSON.stringify({ integrity: Object.fromEntries(hashes) });
	document.head.append(map);
} catch {}
const all = await Promise.all([${ENTRIES.map((name) => `import("${at}${name}")`).join(", ")}]);
`;

const PAGE = `const page = new URL("./", import.meta.url).href;
for (const element of all.flatMap((one) => Object.values(one))) element.page ||= page;
`;
