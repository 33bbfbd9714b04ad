// In a terminal and in the page: each document of STOWPLAN_VECTORS has the same report, or the same error.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { reportJson } from "../../www/model/secrets.js";
import { needsVectors, table, VECTORS } from "../wasm/support.mjs";
import { PACKAGE } from "./support/program.mjs";
import { startWorld } from "./support/world.mjs";

const files = table("index.json").map(({ file }) => file);

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** A file or folder as the page is given it. @param {string} place */
function given(place) {
	const one = (/** @type {string} */ file, within = "") => ({
		...{ name: basename(file), within, base64: readFileSync(file, "base64") },
	});
	if (!statSync(place).isDirectory()) return [one(place)];
	const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const inside = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
	return inside.map((file) => one(file, join(basename(place), relative(place, file))));
}

/** The reports of the page for each file, or its errors. @param {import("playwright-core").Page} page */
async function inPage(page) {
	const found = new Map();
	for (const file of files) {
		const { report, code } = await page.evaluate(
			async (all) => {
				const api = await import(new URL("www/api.js", document.baseURI).href);
				const files = all.map(({ name, within, base64 }) => {
					const made = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name);
					if (within) Object.defineProperty(made, "webkitRelativePath", { value: within });
					return made;
				});
				try {
					const opened = await api.open(files, {});
					return { report: await api.verifyLayers(opened, { cache: false }) };
				} catch (error) {
					return { code: error.code };
				}
			},
			given(join(VECTORS, file)),
		);
		found.set(file, report ? reportJson(report) : code);
	}
	return found;
}

/** The same from the program, whose commands run in this process: a process for each file takes minutes. */
async function inTerminal() {
	const { main } = await import(pathToFileURL(join(PACKAGE, "cli.js")).href);
	const found = new Map();
	for (const file of files) {
		/** @type {{ out: string[], err: string[] }} */
		const said = { out: [], err: [] };
		const io = {
			version: "0",
			out: (/** @type {string} */ text) => void said.out.push(text),
			json: (/** @type {string} */ text) => void said.out.push(text),
			err: (/** @type {string} */ text) => void said.err.push(text),
			fault: (/** @type {any} */ error) => void said.err.push(error?.code),
			paint: (/** @type {string} */ _, /** @type {string} */ text) => text,
			progress: () => ({ say() {}, end() {} }),
		};
		const code = await main(["verify", "--json", join(VECTORS, file)], io);
		found.set(file, { code, out: said.out.join(""), err: said.err.join("") });
	}
	return found;
}

test("verify prints for each vector what the page says of it", { ...needsVectors, timeout: 600_000 }, async () => {
	assert.ok(files.length > 200, `${files.length} files`);
	const told = await inTerminal();
	await world.onPage(async (page) => {
		const EXIT = { verified: 0, failed: 1, incomplete: 2 };
		const wrong = [];
		for (const [file, said] of await inPage(page)) {
			const { code, out, err } = told.get(file);
			const isReport = said.startsWith("{");
			const verdict = isReport ? EXIT[JSON.parse(said).summary.verdict] : 3;
			if (code !== verdict || (isReport ? out !== said : !err.includes(said)))
				wrong.push(`${file}: ${code} ${err.slice(0, 100)} | ${verdict} ${said.slice(0, 60)}`);
		}
		assert.deepEqual(wrong, []);
	});
});
