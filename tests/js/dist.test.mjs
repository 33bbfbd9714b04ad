// The built site: it works from any sub-path, names only files that are there, and is the same at every build.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), "stowplan-dist-"));
after(() => rmSync(scratch, { recursive: true }));

const first = build("first");
const second = build("second");

/** @param {string} name */
function build(name) {
	const out = path.join(scratch, name);
	execFileSync(process.execPath, [path.join(ROOT, "www/build/build.mjs"), out]);
	return out;
}

/** @param {string} dir */
function files(dir) {
	return readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(dir, path.join(entry.parentPath ?? entry.path, entry.name)))
		.sort();
}

/**
 * The addresses that a file names: attributes of the page, imports and `new URL` of a script.
 * @param {string} file
 */
function addresses(file) {
	const text = readFileSync(file, "utf8");
	const pattern = file.endsWith(".html")
		? /(?<!<a\b[^>]*)\b(?:src|href)\s*=\s*["']?([^"'\s>#]+)/g
		: /(?:\bimport\(|\bfrom|\bimport|\bnew URL\()\s*["']([^"']+)["'](?=;|\)|,import\.meta\.url)/g;
	return [...text.matchAll(pattern)].map((match) => match[1]).filter((address) => !address.startsWith("node:"));
}

test("two builds of the same sources are the same files with the same bytes", () => {
	assert.deepEqual(files(first), files(second));
	for (const name of files(first)) {
		assert.deepEqual(readFileSync(path.join(first, name)), readFileSync(path.join(second, name)), name);
	}
});

test("the page, the public module and their wasm lie side by side", () => {
	for (const name of [
		"www/page.js",
		"www/page.css",
		"www/api.js",
		"www/api.d.ts",
		"www/worker.js",
		"www/stowplan_bg.wasm",
		"www/stowplan_open_bg.wasm",
	]) {
		assert.ok(files(first).includes(name), `${name} is missing`);
	}
});

for (const name of files(first).filter((name) => /\.(html|js)$/.test(name))) {
	test(`${name} names only files of the site, relative to itself`, () => {
		for (const address of addresses(path.join(first, name))) {
			assert.doesNotMatch(address, /^(\/|[a-z]+:)/, `${address} is not relative`);
			assert.ok(existsSync(path.join(first, path.dirname(name), address)), `${address} is not there`);
		}
	});
}

test("what the page imports at its start is one script, but for what its workers import too", () => {
	const page = readFileSync(path.join(first, "index.html"), "utf8");
	const preloaded = [...page.matchAll(/rel="modulepreload" href="www\/([^"]+)"/g)].map(([, name = ""]) => name);
	const workers = new Set(["worker.js", "data-worker.js"]);
	for (const name of workers)
		for (const address of addresses(path.join(first, "www", name)))
			if (address.endsWith(".js")) workers.add(path.basename(address));
	assert.ok(preloaded.length > 0);
	for (const name of preloaded) assert.ok(workers.has(name), `${name} could be in page.js`);
});

test("each .br file is its neighbour, compressed", () => {
	const pairs = files(first).filter((name) => name.endsWith(".br"));
	assert.ok(pairs.includes("www/page.js.br"), `${pairs}`);
	for (const name of pairs) {
		const plain = readFileSync(path.join(first, name.slice(0, -".br".length)));
		assert.deepEqual(brotliDecompressSync(readFileSync(path.join(first, name))), plain, name);
	}
});

test("scripts name no path of the machine they were built on", () => {
	for (const name of files(first)) {
		assert.ok(!readFileSync(path.join(first, name)).includes(ROOT), `${name} contains ${ROOT}`);
	}
});
