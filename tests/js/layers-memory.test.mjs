// State that layers leave behind: the merged report, the index between visits, the workers.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Cache } from "../../www/engine/layers/cache.js";
import { layersOf, specOf, summaryOf, withNodes, withVerdict } from "../../www/engine/layers/merge.js";
import { Pool } from "../../www/engine/layers/pool.js";
import { tasksOf } from "../../www/engine/layers/verify.js";

/** @param {Uint8Array} bytes @returns {ArrayBuffer} */
const mac = (bytes) => new Uint8Array(createHmac("sha256", "key").update(bytes).digest()).buffer;

/** A database in memory. */
function fake() {
	/** @type {Map<string, any>} */
	const records = new Map();
	return {
		records,
		get: async (/** @type {string} */ key) => records.get(key)?.kept,
		put: async (/** @type {string} */ key, /** @type {any} */ kept, /** @type {number} */ bytes) =>
			void records.set(key, { kept, bytes, at: kept.at + records.size / 100 }),
		sizes: async () => [...records].map(([key, { bytes, at }]) => ({ key, bytes, at })),
		remove: async (/** @type {string} */ key) => void records.delete(key),
		clear: async () => records.clear(),
		seal: async (/** @type {Uint8Array} */ bytes) => mac(bytes),
		holds: async (/** @type {Uint8Array} */ bytes, /** @type {any} */ told) =>
			Buffer.from(told).equals(Buffer.from(mac(bytes))),
	};
}

const facts = { unpacked: 1, entryCount: 2, fileBytes: 3 };
/** @param {number} length */
const kept = (length) => ({ index: new Uint8Array(length), facts });

test("what is kept comes back with its date, until it is cleared", async () => {
	const store = fake();
	const cache = new Cache(async () => store);
	await cache.put("a", kept(99));
	const found = await cache.get("a");
	assert.deepEqual([found?.index.length, found?.facts], [99, facts]);
	assert.ok(Math.abs(Number(found?.at) - Date.now()) < 5000);
	assert.equal(await cache.get("b"), undefined);
	assert.deepEqual(await cache.usage(), { bytes: 100, layers: 1, limit: 64 * 1024 * 1024 });
	await cache.clear();
	assert.deepEqual([await cache.get("a"), (await cache.usage()).layers], [undefined, 0]);
});

test("the oldest make room, and what is larger than all room is not kept", async () => {
	const store = fake();
	const cache = new Cache(async () => store, 250);
	for (const key of ["a", "b", "c"]) await cache.put(key, kept(99));
	assert.deepEqual([...store.records.keys()], ["b", "c"]);
	await cache.put("d", kept(250));
	assert.deepEqual([...store.records.keys()], ["b", "c"]);
});

test("what this program did not write is thrown away", async () => {
	const written = fake();
	await new Cache(async () => written).put("a", kept(1));
	const good = written.records.get("a").kept;
	const another = mac(new Uint8Array(1));
	for (const [name, bad] of Object.entries({
		text: "x",
		null: null,
		form: { ...good, form: 1 },
		index: { ...good, index: [1] },
		facts: { ...good, facts: { ...facts, entryCount: "2" } },
		date: { ...good, at: undefined },
		"a list that was changed": { ...good, index: new Uint8Array([1]) },
		"facts that were changed": { ...good, facts: { ...facts, entryCount: 3 } },
		"a date that was changed": { ...good, at: good.at + 1 },
		"no MAC": { ...good, mac: undefined },
		"another MAC": { ...good, mac: another },
	})) {
		const store = fake();
		const cache = new Cache(async () => store);
		store.records.set("a", { kept: good });
		assert.equal((await cache.get("a"))?.at, good.at);
		store.records.set("b", { kept: good });
		assert.equal(await cache.get("b"), undefined, "what was kept for another layer");
		store.records.set("a", { kept: bad });
		assert.equal(await cache.get("a"), undefined, name);
		assert.equal(store.records.size, 0, name);
	}
});

test("a database that throws or never answers is no cache", async () => {
	const broken = [() => Promise.reject(new Error("private")), () => new Promise(() => {})];
	for (const open of /** @type {any[]} */ (broken)) {
		const cache = new Cache(open, 100, 50);
		await cache.put("a", kept(1));
		assert.equal(await cache.get("a"), undefined);
		assert.deepEqual(await cache.usage(), { bytes: 0, layers: 0, limit: 100 });
		await cache.clear();
	}
	const store = { ...fake(), put: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
	const full = new Cache(async () => store);
	await full.put("a", kept(1));
	assert.equal(await full.get("a"), undefined);
});

/** @param {string} id @param {any} [more] @returns {any} */
const node = (id, more) => ({ id, kind: "layer", parent: "0", checks: [], read: false, ...more });
/** @param {string} id @param {string} outcome @param {any} [more] @returns {any} */
const check = (id, outcome, more) => ({
	id,
	outcome,
	expected: null,
	actual: null,
	source: null,
	message: id,
	...more,
});

test("a layer is asked for by what was claimed, also after it was read", () => {
	const claims = { digest: "sha256:a", size: 1234, mediaType: "x", diffId: "sha256:d", annotations: [["k", "v"]] };
	const claimed = node("l", { ...claims, checks: [check("digest", "not-checked", { expected: "sha256:a" })] });
	const limits = { ratio: 2 };
	assert.deepEqual(specOf(claimed, { limits }), { ...claims, limits });
	const verdict = /** @type {any} */ ({
		...{ read: true, tar: true, digest: "sha256:b", size: 9, diffId: "sha256:e", compression: "gzip", unpacked: 5 },
		entryCount: 1,
		fileBytes: 3,
		checks: [
			check("digest", "fail", { expected: "sha256:a" }),
			check("size", "fail", { expected: "1,234 bytes" }),
			check("diff-id", "fail", { expected: "sha256:d" }),
		],
	});
	const read = withVerdict(claimed, verdict, []);
	assert.deepEqual([read.digest, read.size, read.diffId, read.read], ["sha256:a", 1234, "sha256:d", true]);
	assert.deepEqual(specOf(read), claims);
	assert.equal(claimed.read, false, "the old node stays");
});

test("what was computed is no claim when a layer is read again", () => {
	const blank = node("l", { digest: null, size: 9 });
	const computed = {
		read: true,
		tar: true,
		digest: "sha256:b",
		size: 9,
		diffId: "sha256:e",
		compression: "none",
		unpacked: 9,
	};
	const checks = [check("digest", "not-checked", { actual: "sha256:b" }), check("diff-id", "not-checked")];
	const read = withVerdict(blank, /** @type {any} */ ({ ...computed, entryCount: 1, fileBytes: 3, checks }), []);
	assert.deepEqual([read.digest, read.diffId, specOf(read)], ["sha256:b", "sha256:e", { length: 9 }]);
	const place = /** @type {any} */ ({ sizeless: true });
	assert.deepEqual([specOf(blank), specOf(blank, {}, place)], [{ size: 9 }, { length: 9 }]);
});

test("a blob that was not read as a tar has no files, and its DiffID stays a claim", () => {
	const claimed = node("l", { digest: "sha256:a", size: 9, diffId: "sha256:d", blobKind: "nydus-blob" });
	const verdict = /** @type {any} */ ({
		read: true,
		tar: false,
		digest: "sha256:a",
		size: 9,
		compression: "none",
		checks: [],
	});
	const read = withVerdict(claimed, verdict, []);
	assert.deepEqual([read.read, read.diffId, read.compression, read.entries], [true, "sha256:d", undefined, undefined]);
	assert.equal(specOf(claimed).blobKind, "nydus-blob");
});

test("what is proved of a layer is proved wherever the same is claimed", () => {
	const layer = { digest: "sha256:a", size: 1, mediaType: "x", blobKind: "layer" };
	const nodes = [
		node("m", { kind: "manifest", parent: "0", read: true, chosen: true }),
		node("n", { kind: "manifest", parent: "0", read: true }),
		node("m/l", { ...layer, parent: "m" }),
		node("n/l", { ...layer, parent: "n" }),
		node("n/k", { ...layer, digest: "sha256:b", parent: "n" }),
	];
	const tasks = tasksOf(/** @type {any} */ ({ nodes, roots: ["0"], summary: {} }), {});
	assert.deepEqual(
		tasks.map(({ nodes }) => nodes.map(({ id }) => id)),
		[["m/l", "n/l"]],
	);
});

test("the blobs of an artifact are read where there are no layers, and not its config", () => {
	const nodes = [
		node("m", { kind: "artifact", parent: null, read: true }),
		node("m/c", { kind: "blob", parent: "m", path: "$.config", digest: "sha256:c", blobKind: "artifact-blob" }),
		node("m/l", { kind: "blob", parent: "m", path: "$.layers[0]", digest: "sha256:a", blobKind: "helm-chart" }),
	];
	const tasks = tasksOf(/** @type {any} */ ({ nodes, roots: ["m"], summary: {} }), {});
	assert.deepEqual(
		tasks.map(({ nodes }) => nodes.map(({ id }) => id)),
		[["m/l"]],
	);
});

test("what a DiffID looked like is not said once the bytes have proved it", () => {
	const smell = (/** @type {number} */ at) => check("diff-id-smell", "warn", { path: `$.rootfs.diff_ids[${at}]` });
	const nodes = [
		node("m", { kind: "manifest", parent: null }),
		node("m/c", { kind: "config", parent: "m", checks: [smell(0), smell(1), check("parse", "pass")] }),
		node("m/0", { parent: "m" }),
		node("m/1", { parent: "m" }),
	];
	const report = /** @type {any} */ ({ nodes, roots: ["m"], summary: {} });
	const smells = (/** @type {any} */ layer) =>
		withNodes(report, [layer]).nodes[1]?.checks.flatMap(({ path }) => path ?? []);
	const read = { parent: "m", read: true };
	assert.deepEqual(smells(node("m/1", { ...read, checks: [check("diff-id", "pass")] })), ["$.rootfs.diff_ids[0]"]);
	assert.equal(smells(node("m/1", { ...read, checks: [check("diff-id", "fail")] }))?.length, 2);
	// Engines refuse one by another algorithm, right or not.
	for (const one of nodes[1]?.checks ?? []) Object.assign(one, { reason: "diff-id-not-sha256" });
	assert.equal(smells(node("m/1", { ...read, checks: [check("diff-id", "pass")] }))?.length, 2);
});

test("the facts stand beside the counts", () => {
	const proved = [check("digest", "pass"), check("diff-id", "pass"), check("tar", "warn")];
	const open = [check("digest", "pass"), check("diff-id", "not-checked", { expected: "sha256:d" })];
	const root = node("m", {
		kind: "manifest",
		parent: null,
		read: true,
		checks: [check("digest", "pass", { source: "reference" })],
	});
	const layers = [proved, open].map((checks, at) => node(`l${at}`, { parent: "m", read: true, checks }));
	const facts = { consistent: true, layers: { verified: 1, of: 2 }, pinned: true };
	assert.deepEqual(summaryOf([root, ...layers]).facts, facts);
});

test("the checks of a reading take the place of those before it", () => {
	const before = node("l", {
		digest: "sha256:a",
		checks: [check("digest", "not-checked"), check("tar", "fail"), check("diff-id-smell", "warn")],
	});
	const verdict = /** @type {any} */ ({ read: false, checks: [check("digest", "not-checked", { message: "cut" })] });
	const after = withVerdict(before, verdict, []);
	assert.deepEqual(
		after.checks.map(({ id, message }) => `${id} ${message}`),
		["digest cut", "diff-id-smell diff-id-smell"],
	);
	assert.deepEqual([after.read, after.digest], [false, "sha256:a"]);
});

test("a report is counted anew and the old one stays", () => {
	const report = /** @type {any} */ ({ nodes: [node("a", { checks: [check("digest", "not-checked")] })], summary: {} });
	const next = withNodes(report, [node("a", { checks: [check("digest", "pass")] })]);
	const facts = { consistent: false, layers: { verified: 0, of: 1 }, pinned: false };
	assert.deepEqual(next.summary, { verdict: "verified", pass: 1, fail: 0, warn: 0, notChecked: 0, facts });
	assert.equal(report.nodes[0].checks[0].outcome, "not-checked");
	assert.equal(summaryOf([]).verdict, "incomplete");
	assert.equal(
		summaryOf([node("a", { checks: [check("a", "pass"), check("b", "not-checked")] })]).verdict,
		"incomplete",
	);
	assert.equal(summaryOf([node("a", { checks: [check("a", "not-checked"), check("b", "fail")] })]).verdict, "failed");
});

test("the layers are those of the chosen image, or of the one asked for", () => {
	const nodes = [
		node("i", { kind: "index", parent: null }),
		node("m1", { kind: "manifest", parent: "i", read: true }),
		node("m2", { kind: "manifest", parent: "i", chosen: true }),
		node("l1", { parent: "m1" }),
		node("l2", { parent: "m2" }),
	];
	const ids = (/** @type {string | undefined} */ image) =>
		layersOf(/** @type {any} */ ({ nodes }), image).map(({ id }) => id);
	assert.deepEqual([ids(undefined), ids("m1"), ids("nowhere")], [["l2"], ["l1"], ["l2"]]);
});

/** Workers that only count. */
function starter() {
	/** @type {any[]} */
	const workers = [];
	const startWorker = () => {
		/** @type {any} */
		const worker = { ended: false, handOver: (/** @type {any} */ call) => call, reader: {} };
		worker.died = new Promise((_, reject) => {
			worker.die = () => reject(new Error("it fell over"));
		});
		worker.end = () => {
			worker.ended = true;
		};
		worker.died.catch(() => {});
		workers.push(worker);
		return worker;
	};
	return { workers, startWorker };
}

test("workers are used again, and one whose job failed is not", async () => {
	const { workers, startWorker } = starter();
	const pool = new Pool(2, startWorker);
	assert.equal(await pool.use(1, undefined, async () => 1), 1);
	assert.equal(await pool.use(1, undefined, async () => 2), 2);
	assert.equal(workers.length, 1);
	const dying = pool.use(1, undefined, () => new Promise(() => {}));
	await new Promise((resume) => setTimeout(resume));
	workers[0].die();
	await assert.rejects(dying, /it fell over/);
	assert.deepEqual([workers[0].ended, pool.idle], [true, 2]);
	await pool.use(1, undefined, async () => 3);
	assert.equal(workers.length, 2);
	pool.end();
	assert.ok(workers[1].ended);
});

test("an abort ends the workers at once", async () => {
	const { workers, startWorker } = starter();
	const pool = new Pool(1, startWorker);
	const controller = new AbortController();
	const job = pool.use(1, controller.signal, () => new Promise(() => {}));
	await new Promise((resume) => setTimeout(resume));
	controller.abort();
	await assert.rejects(job, { code: "aborted" });
	assert.ok(workers[0].ended);
});

test("who comes when all are busy waits for one", async () => {
	const { startWorker } = starter();
	const pool = new Pool(1, startWorker);
	/** @type {any} */
	let finish;
	const job = pool.use(1, undefined, () => new Promise((resolve) => (finish = resolve)));
	await new Promise((resume) => setTimeout(resume));
	const order = ["waiting"];
	const next = pool.ready().then(() => order.push("ready"));
	order.push("finish");
	finish();
	await Promise.all([job, next]);
	assert.deepEqual(order, ["waiting", "finish", "ready"]);
	pool.end();
});

test("an abort while all workers are busy waits for none of them", async () => {
	const pool = new Pool(1, starter().startWorker);
	/** @type {any} */
	let finish;
	const job = pool.use(1, undefined, () => new Promise((resolve) => (finish = resolve)));
	const controller = new AbortController();
	const next = pool.ready(controller.signal);
	controller.abort();
	await next;
	assert.equal(pool.idle, 0, "the other job goes on");
	finish();
	await job;
	pool.end();
});

test("a worker that took much memory is not kept", async () => {
	const { workers, startWorker } = starter();
	const pool = new Pool(1, startWorker);
	const taking = (/** @type {number} */ memory) =>
		pool.use(1, undefined, async ([worker]) => Object.assign(/** @type {any} */ (worker), { memory }));
	await taking(24 * 1024 * 1024);
	assert.equal(workers[0].ended, false);
	await taking(24 * 1024 * 1024 + 1);
	assert.equal(workers[0].ended, true);
	await taking(1);
	assert.equal(workers.length, 2);
	pool.end();
});
