// Layers of one compressed archive: which of them one pass reads, and what is said if the program breaks down on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { passOver, proofOf, together } from "../../www/engine/archives/packed.js";
import { asker } from "../../www/engine/asker.js";

const file = new Blob(["an archive"]);
const sha = (/** @type {string} */ digit) => `sha256:${digit.repeat(64)}`;

/** @param {number} entry @param {any} [spec] */
const task = (entry, spec = {}) =>
	/** @type {any} */ ({
		spec: { size: 10, ...spec },
		nodes: [{ id: `n${entry}` }],
		size: 10,
		bytes: { file, entry, size: 10 },
	});

const proof = { halves: [{}, {}], index: new Uint8Array(), entries: [], entryCount: 0 };
const proofs = new Map([[1, /** @type {any} */ (proof)]]);

test("what is known of an entry needs no pass, unless more had to be known before it was read", () => {
	const plain = task(1, { digest: sha("a"), diffId: sha("b") });
	const others = [
		task(2),
		task(1, { digest: `sha512:${"a".repeat(128)}` }),
		task(1, { diffId: `sha512:${"a".repeat(128)}` }),
		task(1, { annotations: [["io.github.containers.zstd-chunked.manifest-position", "1:2:3:1"]] }),
		task(1, { annotations: [["containerd.io/snapshot/stargz/toc.digest", sha("c")]] }),
	];
	assert.equal(proofOf(plain, proofs), proof);
	assert.deepEqual(
		others.map((one) => proofOf(one, proofs)),
		others.map(() => undefined),
	);
	assert.equal(proofOf({ ...plain, bytes: file }, proofs), undefined);
	assert.equal(proofOf(plain, undefined), undefined);
	const all = together([plain, ...others], proofs);
	assert.deepEqual(
		all.map(({ together: some }) => some?.map(({ bytes }) => /** @type {any} */ (bytes).entry)),
		[[2, 1], [1], [1], [1], undefined],
		"one pass for each further claim about an entry",
	);
	assert.equal(all.at(-1), plain);
});

test("where the program breaks down on an archive, the reason is told and each layer is read alone", async () => {
	/** @type {any[]} */
	const events = [];
	/** @type {string[]} */
	const asked = [];
	const verdict = { read: true, checks: [], size: 10, unpacked: 10, entryCount: 1 };
	const reader = {
		pass: async () => {
			asked.push("pass");
			throw new Error("unreachable executed");
		},
		read: async (/** @type {any} */ { bytes }) => {
			asked.push(`read ${bytes.entry}`);
			return { verdict, entries: [{}] };
		},
	};
	const worker = { reader, handOver: (/** @type {any} */ call) => call };
	const pool = { use: async (/** @type {any[]} */ ...given) => given[2]([worker]) };
	const onProgress = (/** @type {any} */ event) => events.push(event);
	const context = /** @type {any} */ ({ pool, options: { onProgress }, authorise: () => {} });
	/** @type {any[]} */
	const judged = [];
	await passOver(
		[task(1), task(2)],
		context,
		async (one, outcome) => void judged.push([one.nodes[0]?.id, outcome.verdict]),
	);
	assert.deepEqual(asked, ["pass", "read 1", "read 2"]);
	assert.deepEqual(judged, [
		["n1", verdict],
		["n2", verdict],
	]);
	assert.deepEqual(
		events.filter(({ reason }) => reason).map(({ id, state, reason }) => [id, state, reason]),
		["n1", "n2"].map((id) => [id, "resuming", "the program broke down on this archive: unreachable executed"]),
	);
});

test("a caller who aborts a pass is told nothing else", async () => {
	const controller = new AbortController();
	/** @type {any[]} */
	const events = [];
	const use = async () => {
		controller.abort();
		throw new Error("its worker ended");
	};
	const options = { signal: controller.signal, onProgress: (/** @type {any} */ event) => events.push(event.state) };
	await assert.rejects(
		passOver([task(1)], /** @type {any} */ ({ pool: { use }, options }), async () => assert.fail("it was judged")),
		(/** @type {any} */ error) => error.code === "aborted",
	);
	assert.deepEqual(events, ["reading", "cancelled"]);
});

test("no registry is asked for what came as a file", async () => {
	const ask = asker(/** @type {any} */ ({ source: { kind: "file", name: "a.tar" } }), {});
	assert.equal((await ask(sha("a"), undefined)).error.code, "not-found");
});
