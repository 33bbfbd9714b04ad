// The Worker's way back, over streams of the test's own: when a body is cut, and what keeps the platform waiting.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { bounded } from "../../edge/body.js";

const IDLE = 1000;
const LIMITS = { firstByteMs: IDLE, idleMs: IDLE, wholeMs: 100 * IDLE, body: 100 };
const never = {
	/** @param {Promise<unknown>} _ */
	waitUntil(_) {
		throw new Error("the platform was told to wait");
	},
};

// Node has no streams of the platform's; what they add are lengths and speed.
Object.assign(globalThis, { IdentityTransformStream: TransformStream, FixedLengthStream: TransformStream });

beforeEach(() => {
	mock.timers.reset();
	mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
});

/** A registry's body that the test writes, as it passes through. @param {Record<string, string>} [headers] */
function passing(headers = {}) {
	/** @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
	let registry;
	const body = new ReadableStream({
		start(controller) {
			registry = controller;
		},
	});
	const passed = bounded(new Response(body, { headers }), LIMITS, new AbortController(), never);
	assert.ok(registry && passed);
	const reader = passed.getReader();
	const read = async () => new TextDecoder().decode((await reader.read()).value);
	/** @param {string} text */
	const send = (text) => registry?.enqueue(new TextEncoder().encode(text));
	return { send, end: () => registry?.close(), read, reader };
}

/** Lets the time pass in small steps, and what waits for it go on. @param {number} milliseconds */
async function pass(milliseconds) {
	for (let left = milliseconds; left > 0; left -= 50) {
		mock.timers.tick(Math.min(left, 50));
		await new Promise((resolve) => setImmediate(resolve));
	}
}

test("a registry may stand still for the whole of its time, wherever the looks fall", async () => {
	for (const before of [0, 50, 200, 249, 250]) {
		const { send, read, reader } = passing();
		await pass(before);
		send("one");
		assert.equal(await read(), "one");
		await pass(IDLE - 1);
		send("two");
		assert.equal(await read(), "two", `a piece ${before} ms after the start, then ${IDLE - 1} ms of nothing`);
		const cut = assert.rejects(reader.read(), /the body stands still/);
		await pass(1.25 * IDLE + 50);
		await cut;
	}
});

test("a reader may take twice as long", async () => {
	const { send, read, end } = passing();
	for (const text of ["one", "two", "three"]) send(text);
	await pass(2 * IDLE - 1);
	for (const text of ["one", "two", "three"]) assert.equal(await read(), text);
	end();
	assert.equal(await read(), "");
});

test("a reader that takes nothing is cut", async () => {
	const { send, reader } = passing();
	for (const text of ["one", "two", "three"]) send(text);
	await pass(2.5 * IDLE + 50);
	await assert.rejects(reader.read(), /the body stands still/);
});

test("what is encoded and has no length goes the same way: counted, timed, and nobody is told to wait", async () => {
	const encoded = () => passing({ "content-encoding": "gzip" });
	const whole = encoded();
	whole.send("one");
	assert.equal(await whole.read(), "one");
	whole.end();
	assert.equal(await whole.read(), "");

	const large = encoded();
	large.send("x".repeat(LIMITS.body + 1));
	await assert.rejects(large.reader.read(), /sends more than 100 bytes/);

	const still = encoded();
	const cut = assert.rejects(still.reader.read(), /the body stands still/);
	await pass(1.25 * IDLE + 50);
	await cut;
});

test("what is encoded and has a length passes untouched, and ends its request after ten times of standing still", async () => {
	/** @type {Promise<unknown>[]} */
	const waits = [];
	const response = new Response("zipped", { headers: { "content-encoding": "gzip", "content-length": "6" } });
	const controller = new AbortController();
	const passed = bounded(response, LIMITS, controller, { waitUntil: (work) => waits.push(work) });
	assert.equal(passed, response.body);
	await pass(10 * IDLE - 50);
	assert.equal(controller.signal.aborted, false);
	await pass(50);
	assert.equal(controller.signal.aborted, true);
	await Promise.all(waits);
});
