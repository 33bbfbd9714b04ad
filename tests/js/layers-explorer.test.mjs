// The handle over an image's files: which layers it takes in, what it does with an expression that never ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createExplorer } from "../../www/engine/layers/files-handle.js";

/** A thread that notes what it is called with. @param {(name: string, given: any[]) => any} [answer] */
function worker(answer = () => ({ total: 0 })) {
	/** @type {any[]} */
	const calls = [];
	const found = {
		calls,
		ended: false,
		reader: {
			explore: async (/** @type {number} */ _id, /** @type {string} */ name, /** @type {any[]} */ given) => {
				calls.push([name, ...given]);
				return answer(name, given);
			},
		},
		died: new Promise(() => {}),
		end: () => {
			found.ended = true;
		},
		handOver: (/** @type {any} */ one) => one,
	};
	return found;
}

const layer = (/** @type {number} */ position) => ({
	id: `${position}`,
	position,
	digest: "",
	index: new Uint8Array([position]),
});

test("layers are taken in once, in whichever order they are known", async () => {
	const thread = worker();
	let layers = [layer(2)];
	const handle = await createExplorer({ known: async () => layers, startWorker: /** @type {any} */ (() => thread) });
	layers = [layer(0), layer(2)];
	assert.equal(await handle.update(), true);
	assert.equal(await handle.update(), false);
	assert.deepEqual(
		handle.layers.map(({ position }) => position),
		[0, 2],
	);
	assert.deepEqual(
		thread.calls.map(([name, position]) => [name, position]),
		[
			["add", 2],
			["add", 0],
		],
	);
});

test("an expression that never ends costs its thread, and what was listed before is listed again", async () => {
	/** @type {ReturnType<typeof worker>[]} */
	const threads = [];
	const startWorker = () => {
		const never = (/** @type {string} */ name, /** @type {any[]} */ [query]) =>
			name === "query" && query.path ? new Promise(() => {}) : { total: 7 };
		threads.push(worker(never));
		return threads.at(-1);
	};
	const handle = await createExplorer({
		known: async () => [layer(0)],
		startWorker: /** @type {any} */ (startWorker),
		patience: 20,
	});
	await handle.query({ view: "all" });
	await assert.rejects(handle.query({ view: "all", path: { how: "regex", text: "(a+)+$" } }), {
		code: "pattern-too-slow",
		message: "the expression took more than 0.02 seconds on these paths",
	});
	assert.deepEqual(
		threads.map(({ ended }) => ended),
		[true, false],
	);
	assert.deepEqual(
		threads[1]?.calls.map(([name]) => name),
		["add", "query"],
	);
	assert.deepEqual(threads[1]?.calls[1], ["query", { view: "all" }]);
});

test("a wrong expression has a code; a closed handle answers no more", async () => {
	const wrong = worker((name) => {
		if (name === "query") throw new SyntaxError("Unterminated group");
	});
	const handle = await createExplorer({ known: async () => [], startWorker: /** @type {any} */ (() => wrong) });
	await assert.rejects(handle.query({ view: "all", path: { how: "regex", text: "(" } }), { code: "invalid-pattern" });
	handle.close();
	await new Promise((resume) => setTimeout(resume));
	assert.equal(wrong.ended, true);
	await assert.rejects(handle.rows(0, 1), { code: "aborted" });
});

test("a trap in the module has a code, and the layers are taken in anew by another thread", async () => {
	let traps = true;
	const trap = () => {
		if (traps) throw Object.assign(new Error("unreachable"), { name: "RuntimeError" });
		return { total: 1 };
	};
	const threads = /** @type {ReturnType<typeof worker>[]} */ ([]);
	const startWorker = () => {
		threads.push(worker((name) => (name === "add" ? undefined : trap())));
		return threads.at(-1);
	};
	const handle = await createExplorer({ known: async () => [layer(0)], startWorker: /** @type {any} */ (startWorker) });
	await assert.rejects(handle.query({ view: "all" }), {
		code: "broken-down",
		message: "the program broke down on these files",
	});
	traps = false;
	assert.equal(await handle.update(), true);
	assert.deepEqual(await handle.query({ view: "all" }), { total: 1 });
	assert.deepEqual(
		threads.map(({ ended }) => ended),
		[true, false],
	);
});

test("who aborts before it began gets no handle", async () => {
	await assert.rejects(createExplorer({ known: async () => [], signal: AbortSignal.abort() }), { code: "aborted" });
});

test("a layer that was opened alone has files to explore, an image before it", async () => {
	const { explorable, layerRefs } = await import("../../www/page/exploring.js");
	const layer = /** @type {any} */ ({ id: "n0", kind: "layer", digest: "sha256:0" });
	const model = /** @type {any} */ ({ roots: [{ id: "n1", kind: "blob" }, layer], config: () => undefined });
	const image = /** @type {any} */ ({ id: "n2", kind: "manifest" });
	assert.equal(explorable(model, undefined), layer);
	assert.equal(explorable(model, image), image);
	assert.equal(explorable(/** @type {any} */ ({ roots: [] }), undefined), undefined);
	assert.deepEqual(
		layerRefs(model, layer).map(({ id, position }) => [id, position]),
		[["n0", 0]],
	);
});
