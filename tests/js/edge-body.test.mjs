// The Worker's way back, over streams of the test's own: when a body is cut, and what keeps the platform waiting.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { bounded } from "../../edge/body.js";
import { enter, Place } from "../../edge/places.js";

const IDLE = 1000;
const LIMITS = { firstByteMs: IDLE, idleMs: IDLE, wholeMs: 100 * IDLE, body: 100, floor: 2 };
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
	mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
});

/** A place, and the clients that gave theirs back. */
function somePlace() {
	/** @type {string[]} */
	const left = [];
	const policy = /** @type {any} */ ({ leave: (/** @type {string} */ client) => left.push(client) });
	return { place: new Place(new Set(), policy, "192.0.2.1"), left };
}

/** A registry's body that the test writes, as it passes through. @param {Record<string, string>} [headers] */
function passing(headers = {}) {
	/** @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
	let registry;
	const body = new ReadableStream({
		start(controller) {
			registry = controller;
		},
	});
	const { place, left } = somePlace();
	const passed = bounded(new Response(body, { headers }), LIMITS, new AbortController(), never, place);
	assert.ok(registry && passed);
	const reader = passed.getReader();
	const read = async () => new TextDecoder().decode((await reader.read()).value);
	/** @param {string} text */
	const send = (text) => registry?.enqueue(new TextEncoder().encode(text));
	return { send, end: () => registry?.close(), read, reader, place, left };
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

test("what is encoded and has no length goes the same way: counted, timed, and no client is told to wait", async () => {
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
	const passed = bounded(response, LIMITS, controller, { waitUntil: (work) => waits.push(work) }, somePlace().place);
	assert.equal(passed, response.body);
	await pass(10 * IDLE - 50);
	assert.equal(controller.signal.aborted, false);
	await pass(50);
	assert.equal(controller.signal.aborted, true);
	await Promise.all(waits);
});

test("a reader that takes next to nothing is cut, and one that takes enough is not", async () => {
	for (const [bytes, cut] of /** @type {const} */ ([
		[1, true],
		[8, false],
	])) {
		const { send, read, reader } = passing();
		for (let at = 0; at < 12; at++) send("x".repeat(bytes));
		/** @type {unknown} */
		let failed;
		for (let at = 0; at < 8 && !failed; at++) {
			await pass(0.9 * IDLE);
			await read().catch((why) => {
				failed = why;
			});
		}
		assert.equal(/too slow/.test(String(failed)), cut, `${bytes} bytes in ${0.9 * IDLE} ms`);
		reader.cancel().catch(() => {});
	}
});

test("a body holds its place until its end or its cut", async () => {
	const whole = passing();
	assert.equal(whole.place.streams, true);
	whole.send("one");
	assert.equal(await whole.read(), "one");
	await pass(IDLE / 2);
	assert.deepEqual([whole.left, whole.place.hasLapsed], [[], false]);
	whole.end();
	assert.equal(await whole.read(), "");
	await pass(50);
	assert.deepEqual(whole.left, ["192.0.2.1"]);

	const still = passing();
	const cut = assert.rejects(still.reader.read(), /the body stands still/);
	await pass(1.25 * IDLE + 50);
	await cut;
	assert.deepEqual(still.left, ["192.0.2.1"]);
	still.place.leave();
	assert.deepEqual(still.left, ["192.0.2.1"], "once");
});

test("a place that is not renewed lapses, and the next request gives it back", () => {
	/** @type {string[]} */
	const said = [];
	const policy = /** @type {any} */ ({
		enter: (/** @type {string} */ client) => void said.push(`${client} enters`),
		leave: (/** @type {string} */ client) => said.push(`${client} leaves`),
	});
	const first = enter(policy, "192.0.2.1");
	first.place?.renew(IDLE);
	enter(policy, "192.0.2.2").place?.renew(2 * IDLE);
	mock.timers.tick(IDLE + 1);
	enter(policy, "192.0.2.3").place?.leave();
	assert.deepEqual(said.slice(2), ["192.0.2.1 leaves", "192.0.2.3 enters", "192.0.2.3 leaves"]);
	const refused = /** @type {any} */ ({ enter: () => "refused" });
	mock.timers.tick(2 * IDLE);
	assert.deepEqual(enter(refused, "192.0.2.4"), { refused: "refused" });
});
