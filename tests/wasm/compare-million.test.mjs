// Two images of a million entries each, as hostile ones may be: they are joined within bounds of time and memory, or refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { header } from "./layer-registry.mjs";

const PKG = new URL("../../www/engine/pkg/", import.meta.url);

/** The most entries that are read of a layer (src/limits.rs). */
const ENTRIES = 1_000_000;

/** A module as it was built, and the memory that it has by now. @param {string} name */
async function loaded(name) {
	const module = await import(new URL(`${name}.js`, PKG).href);
	const { memory } = await module.default({ module_or_path: readFileSync(new URL(`${name}_bg.wasm`, PKG)) });
	return { module, memory };
}

/** The list of a layer of so many empty files. @param {any} module @param {number} mtime @param {number} count */
function indexOf({ LayerReader }, mtime, count) {
	const reader = new LayerReader({});
	const batch = Buffer.alloc(512 * 1000);
	for (let from = 0; from < count; from += 1000) {
		for (let at = 0; at < 1000; at++) {
			const block = header(`d${(from + at) % 1000}/${from + at}`, 0);
			block.write(mtime.toString(8).padStart(11, "0"), 136);
			block.write("        ", 148);
			let sum = 0;
			for (const byte of block) sum += byte;
			block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
			block.copy(batch, at * 512);
		}
		reader.push(batch);
	}
	reader.push(Buffer.alloc(1024));
	const verdict = reader.finish();
	const index = reader.index();
	reader.free();
	return { verdict, index };
}

test("two images of a million entries are compared within a minute and 1.5 GiB", async () => {
	const { module: data } = await loaded("stowplan_data");
	const { module, memory } = await loaded("stowplan_compare");
	const [a, b] = [indexOf(data, 1_700_000_000, ENTRIES), indexOf(data, 1_800_000_000, ENTRIES)];
	assert.deepEqual([a.verdict.entryCount, b.verdict.entryCount], [ENTRIES, ENTRIES]);
	const files = new module.ComparedFiles();
	const started = performance.now();
	files.add(0, 0, a.index);
	files.add(1, 0, b.index);
	const facts = files.build();
	const rows = files.rows({ ignoreTimes: false, to: 100 });
	const seconds = (performance.now() - started) / 1000;
	const mebibytes = memory.buffer.byteLength / 1024 ** 2;
	console.log(`2 x ${ENTRIES} entries: ${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MiB`);
	assert.deepEqual([facts.times, facts.added, facts.removed], [ENTRIES, 0, 0]);
	assert.equal(rows.length, 100);
	assert.ok(seconds < 60, `${seconds} s`);
	assert.ok(mebibytes < 1536, `${mebibytes} MiB`);
	files.free();
});

test("a layer of more entries than are read says so", async () => {
	const { module: data } = await loaded("stowplan_data");
	const { verdict } = indexOf(data, 1_700_000_000, ENTRIES + 1000);
	assert.ok(verdict.checks.some(({ id, outcome }) => id === "limits" && outcome === "not-checked"));
});
