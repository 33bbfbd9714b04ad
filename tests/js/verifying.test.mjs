// The progress of reading layers, in numbers and in words; an entry in the words of `ls -l`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { modeOf, timeOf } from "../../www/formats/listing.js";
import { loadWords } from "../../www/i18n/strings.js";
import { Meter } from "../../www/page/verifying.js";

await loadWords("checks");

/** @type {(...facts: any[]) => any} */
const event = (id, state, bytes, total, more = {}) =>
	/** @type {any} */ ({ type: "layer", id, state, bytes, total, unpacked: 0, seconds: 1, ...more });

test("progress sums up all layers: bytes, rate and time left", () => {
	let now = 0;
	const meter = new Meter(() => now);
	meter.take(event("1", "waiting", 0, 6_000_000));
	meter.take(event("2", "reading", 1_000_000, 2_000_000));
	now = 2000;
	assert.deepEqual(meter.sums(), { bytes: 1e6, total: 8e6, rate: 5e5, left: 14, done: 0, layers: 2 });
	const { text, note, done, total } = meter.words();
	assert.equal(text, "Verifying layers: 0 of 2 done");
	assert.equal(note, "977 KiB of 7.6 MiB, 488 KiB/s · 14 s left");
	assert.deepEqual([done, total], [1e6, 8e6]);
	meter.take(event("2", "done", 2_000_000, 2_000_000));
	meter.take(event("1", "resuming", 3_000_000, 6_000_000, { reason: "it broke off" }));
	assert.equal(meter.words().text, "Going on after an interruption: it broke off");
	assert.equal(meter.sums().done, 1);
});

test("a layer that failed early does not hold the bar back", () => {
	const meter = new Meter(() => 0);
	meter.take(event("1", "failed", 10, 1000));
	assert.deepEqual([meter.sums().bytes, meter.sums().total, meter.sums().left], [1000, 1000, undefined]);
});

test("each layer that is being read has a line of its own", () => {
	const meter = new Meter(() => 0);
	/** @type {any[]} */
	const nodes = ["a", "b", "c", "d"].map((id) => ({ id, kind: "layer", parent: "m", digest: `sha256:${id}` }));
	meter.take(event("a", "done", 1000, 1000));
	meter.take(event("b", "reading", 1_000_000, 4_000_000, { seconds: 2 }));
	meter.take(event("c", "resuming", 5, undefined, { reason: "it broke off" }));
	meter.take(event("d", "waiting", 0, 1000));
	assert.deepEqual(meter.lines([{ id: "x", kind: "config", parent: "m" }, ...nodes]), [
		{ n: 2, digest: "sha256:b", done: 1e6, total: 4e6, note: "977 KiB of 3.8 MiB, 488 KiB/s · 6 s left" },
		{ n: 3, digest: "sha256:c", done: 5, total: undefined, note: "it broke off" },
	]);
	meter.take(event("c", "reading", 2048, undefined));
	assert.equal(meter.lines(nodes)[1]?.note, "2 KiB, 2 KiB/s");
});

test("modes as ls -l shows them", () => {
	for (const [type, mode, text] of /** @type {[any, number, string][]} */ ([
		["file", 0o644, "-rw-r--r--"],
		["file", 0o4755, "-rwsr-xr-x"],
		["file", 0o2644, "-rw-r-Sr--"],
		["dir", 0o1777, "drwxrwxrwt"],
		["dir", 0o1776, "drwxrwxrwT"],
		["symlink", 0o777, "lrwxrwxrwx"],
		["char", 0o600, "crw-------"],
		["other", 0, "?---------"],
	]))
		assert.equal(modeOf({ type, mode }), text);
});

test("times in UTC, and what is no time as it stands", () => {
	assert.equal(timeOf(0), "1970-01-01 00:00");
	assert.equal(timeOf(9e15), "9000000000000000");
});
