// The public module in a browser, large layers: what the modules of all workers take together, and the main thread meanwhile.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { header, noise, startImage, tar } from "../wasm/layer-registry.mjs";
import { startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { measured } from "./support/clocks.mjs";
import { TYPES } from "./support/documents.mjs";
import { startLiar } from "./support/lying-proxy.mjs";
import { starter } from "./support/starter.mjs";

const MIB = 1024 * 1024;

/** The memory that all workers together may take, the file index apart. */
const MOST = 96 * MIB;

/** The buffers between two halves of a layer, which are no module's: 6 of 512 KiB. */
const BUFFERS = 3 * MIB;

const ZSTD = TYPES.layer.replace("gzip", "zstd");
const start = starter();
let browser;
let site;

before(async () => {
	browser = await start(launch());
	site = await start(startStatic("/"));
});

/** One file of so many blocks as a blob of gzip members, and the digest of its tar; neither is ever whole in memory. */
function huge(block, times) {
	const head = header("big", block.length * times);
	const end = Buffer.alloc(1024);
	const hash = createHash("sha256").update(head);
	for (let n = 0; n < times; n++) hash.update(block);
	const middle = Array(times).fill(gzipSync(block, { level: 1 }));
	const blob = Buffer.concat([gzipSync(head), ...middle, gzipSync(end)]);
	return { blob, diffId: `sha256:${hash.update(end).digest("hex")}` };
}

/** Reads all layers with so many workers: the verdict, what their modules take afterwards (it never shrinks), long tasks. */
async function verified(layers, diffIds, workers) {
	const image = await start(startImage(layers, { diffIds }));
	const liar = await start(startLiar(image.host));
	const work = async ({ reference, proxy, workers }) => {
		const memory = new Map();
		const Before = globalThis.Worker;
		globalThis.Worker = class extends Before {
			constructor(...given) {
				super(.../** @type {[any, any]} */ (given));
				if (!String(given[0]).includes("data-worker")) return;
				// Comlink's answers: what a job gives in the end, or the first half of one.
				this.addEventListener("message", ({ data: { value } }) => {
					const bytes = typeof value === "number" ? value : value?.memory;
					if (bytes) memory.set(this, bytes);
				});
			}
		};
		const api = await import(new URL("www/api.js", document.baseURI).href);
		const long = [];
		new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
			entryTypes: ["longtask"],
		});
		const report = await api.inspect(reference, { proxy });
		long.length = 0;
		const limits = { ratio: 1e6 };
		const { summary, nodes } = await api.verifyLayers(report, { proxy, workers, limits, cache: false });
		const of = ({ checks }) => checks.map(({ id, outcome }) => `${id} ${outcome}`);
		return {
			summary,
			checks: nodes.filter(({ kind }) => kind === "layer").map(of),
			memory: [...memory.values()],
			long,
		};
	};
	const read = async () => {
		let found;
		await withPage(browser, async (page) => {
			await page.goto(site.url);
			found = await page.evaluate(work, { reference: image.reference, proxy: liar.proxy, workers });
		});
		return found;
	};
	const found = await measured(read, ({ long }) => long.length === 0);
	assert.deepEqual(found.long, [], "the main thread stays free");
	for (const checks of found.checks)
		assert.deepEqual(checks.slice(0, 4), ["digest pass", "size pass", "diff-id pass", "tar pass"]);
	const sum = found.memory.reduce((total, bytes) => total + bytes, 0);
	return { ...found, sum };
}

test("a layer of 2 GiB, in two workers", async () => {
	const { blob, diffId } = huge(Buffer.concat([noise(64 * 1024), Buffer.alloc(16 * MIB - 64 * 1024)]), 128);
	const layer = { blob, tar: Buffer.alloc(0), mediaType: TYPES.layer };
	const { sum, memory } = await verified([layer], () => [diffId], 2);
	assert.equal(memory.length, 2);
	assert.ok(sum + BUFFERS <= MOST / 4, `${memory.map((bytes) => bytes / MIB)} MiB`);
});

/** A tar of 1 MiB of noise and so many of text, through a pipe, so that its frame does not say how long it is. */
function windowed(n, log, mebibytes) {
	const unpacked = tar([["a", Buffer.concat([noise(MIB, n + 1), Buffer.alloc(mebibytes * MIB, `layer ${n} `)])]]);
	const input = { input: unpacked, maxBuffer: 64 * MIB };
	const blob = execFileSync("sh", ["-c", `cat | zstd -1 --zstd=wlog=${log} -q -c`], input);
	return { blob, tar: unpacked, mediaType: ZSTD };
}

test("eight layers with the window of zstd -19, 8 MiB, in four workers", async () => {
	const layers = Array.from({ length: 8 }, (_, n) => windowed(n, 23, 20));
	const { sum, memory } = await verified(layers, undefined, 4);
	assert.equal(memory.length, 4);
	assert.ok(Math.min(...memory) > 8 * MIB, "the windows are in it");
	assert.ok(sum + 2 * BUFFERS <= MOST, `${memory.map((bytes) => bytes / MIB)} MiB`);
});

test("a layer with the largest window that is read unasked, 32 MiB", async () => {
	const { sum } = await verified([windowed(0, 25, 70)], undefined, 1);
	assert.ok(sum > 32 * MIB && sum <= 40 * MIB, `${sum / MIB} MiB`);
});
