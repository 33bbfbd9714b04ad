// The list of files without a page: the question, the keys, the rows at hand, what is in view, names and times.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	deleted,
	hasContent,
	ids,
	owners,
	safeName,
	shownName,
	shownPath,
	time,
} from "../../www/views/files/file-text.js";
import { gridAction, parentPath, parentRow, typedTo } from "../../www/views/files/grid-keys.js";
import { everything, isNarrowed, MAX_PATTERN, patternFault, queryOf } from "../../www/views/files/query.js";
import { RowStore } from "../../www/views/files/store.js";
import { TALLEST, topFor, windowIn } from "../../www/views/window.js";
import { fakeHandle } from "./files-fixtures.mjs";

const asked = (/** @type {Partial<import("../../www/views/files/query.js").Filter>} */ change) =>
	queryOf({ ...everything(), ...change });

test("a filter becomes a question without what is not asked", () => {
	assert.deepEqual(asked({}), { view: "image", sort: "name" });
	assert.deepEqual(asked({ view: "layer", layer: 0 }), { view: "layer", layer: 0, sort: "name" });
	assert.deepEqual(asked({ view: "all", layer: 3 }), { view: "all", sort: "name" });
	assert.deepEqual(asked({ changes: ["removed", "added"] }).changes, ["added", "removed"]);
	assert.equal(asked({ changes: ["removed", "added", "unchanged", "changed"] }).changes, undefined);
	assert.deepEqual(asked({ text: "*.so", how: "glob" }).path, { how: "glob", text: "*.so" });
	assert.deepEqual(asked({ text: "a", matchCase: true }).path, { how: "substring", text: "a", matchCase: true });
	assert.equal(asked({ finding: "setuid" }).finding, "setuid");
	assert.ok(!isNarrowed({ ...everything(), view: "layer", sort: "size" }));
	for (const change of [{ text: "a" }, { finding: "setuid" }, { changes: /** @type {const} */ (["added"]) }]) {
		assert.ok(isNarrowed(/** @type {any} */ ({ ...everything(), ...change })));
	}
});

test("what is wrong with a pattern is said before it is asked", () => {
	const fault = (/** @type {any} */ how, /** @type {string} */ text) => patternFault({ ...everything(), how, text });
	assert.equal(fault("substring", "("), undefined);
	assert.equal(fault("glob", "[(*"), undefined);
	assert.equal(fault("regex", "\\.(so|a)$"), undefined);
	assert.deepEqual(fault("regex", "("), { key: "bad", why: "Unterminated group" });
	assert.deepEqual(fault("regex", "a: (b"), { key: "bad", why: "Unterminated group" });
	assert.deepEqual(fault("substring", "x".repeat(MAX_PATTERN + 1)), { key: "long", n: MAX_PATTERN });
});

/** @param {Partial<import("../../www/views/files/contract.js").FileRow>} row */
const row = (row) =>
	/** @type {import("../../www/views/files/contract.js").FileRow} */ ({ children: 0, open: false, depth: 0, ...row });
/** @param {string} key @param {any} given @param {any} expected */
function pressed(key, given, expected) {
	assert.deepEqual(gridAction(key, { row: row({}), at: 5, total: 100, page: 10, ...given }), expected, key);
}

test("the keys of the treegrid", () => {
	pressed("ArrowDown", {}, { move: 6 });
	pressed("ArrowDown", { at: 99 }, { move: 99 });
	pressed("ArrowDown", { at: -1, row: undefined }, { move: 0 });
	pressed("ArrowUp", {}, { move: 4 });
	pressed("ArrowUp", { at: 0 }, { move: 0 });
	pressed("PageDown", {}, { move: 14 });
	pressed("PageDown", { at: 98 }, { move: 99 });
	pressed("PageUp", {}, { move: 0 });
	pressed("Home", {}, { move: 0 });
	pressed("End", {}, { move: 99 });
	pressed("ArrowRight", {}, {});
	pressed("ArrowRight", { row: row({ children: 2 }) }, { toggle: true });
	pressed("ArrowRight", { row: row({ children: 2, open: true }) }, { move: 6 });
	pressed("ArrowLeft", { row: row({ children: 2, open: true, depth: 1 }) }, { toggle: false });
	pressed("ArrowLeft", { row: row({ children: 2, depth: 1 }) }, { parent: true });
	pressed("ArrowLeft", { row: row({}) }, {});
	pressed("ArrowLeft", { row: undefined }, {});
	pressed("Enter", {}, { open: true });
	pressed(" ", { row: row({ children: 1 }) }, { toggle: true });
	pressed(" ", { row: row({ children: 1, open: true }) }, { toggle: false });
	pressed("x", {}, undefined);
	pressed("End", { total: 0 }, undefined);
});

test("the directory above, and typing", () => {
	const rows = [0, 1, 2, 2, 1].map((depth, index) => row({ depth, name: `${"abcab"[index]}${index}` }));
	assert.equal(parentRow(rows, 10, 13), 11);
	assert.equal(parentRow(rows, 10, 14), 10);
	assert.equal(parentRow(rows.slice(2), 12, 13), -1);
	assert.equal(parentRow([undefined, ...rows.slice(3)], 12, 13), -1);
	assert.equal(parentPath("a/b/c"), "a/b");
	assert.equal(parentPath("a"), "");
	assert.equal(typedTo(rows, 10, 10, "a"), 13);
	assert.equal(typedTo(rows, 10, 13, "a"), 10);
	assert.equal(typedTo(rows, 10, 10, "B4"), 14);
	assert.equal(typedTo(rows, 10, 10, "z"), undefined);
});

test("a short list is drawn as it stands", () => {
	assert.deepEqual(windowIn({ count: 100, rowHeight: 28, top: 280, height: 280, overscan: 2 }), {
		first: 8,
		last: 22,
		before: 224,
		after: 2184,
	});
	assert.equal(topFor({ count: 100, rowHeight: 28, top: 280, height: 280 }, 12), 280);
	assert.equal(topFor({ count: 100, rowHeight: 28, top: 280, height: 280 }, 9), 252);
	assert.equal(topFor({ count: 100, rowHeight: 28, top: 280, height: 280 }, 20), 308);
});

test("a list of any length stays below the tallest box, and every row can be reached", () => {
	assert.ok(TALLEST <= 17_800_000, "Firefox draws no taller box");
	for (const count of [500_000, 535_714, 1_000_000, 50_000_000]) {
		const view = { count, rowHeight: 28, height: 500 };
		for (const index of [0, 1, 7, 1234, count >> 1, count - 18, count - 2, count - 1]) {
			const top = topFor({ ...view, top: index % 2 ? 0 : 1e7 }, index);
			const { first, last, before, after } = windowIn({ ...view, top });
			const box = before + after + (last - first) * 28;
			assert.ok(first <= index && index < last, `row ${index} of ${count}: ${first} to ${last}`);
			assert.ok(box <= TALLEST + 0.01, `${box}`);
			const y = before + (index - first) * 28 - top;
			assert.ok(y > -0.5 && y + 28 < 500.5, `row ${index} of ${count} is drawn at ${y}`);
		}
		const end = windowIn({ ...view, top: Math.min(count * 28, TALLEST) - 500 });
		assert.equal(end.last, count);
	}
});

test("rows come in pages, only those that are wanted, and are forgotten again", async () => {
	const handle = fakeHandle(Array.from({ length: 10_000 }, (_, index) => ({ path: `f${index}` })));
	let fetched = 0;
	const counting = {
		...handle,
		rows: (/** @type {number} */ from, /** @type {number} */ to) => {
			fetched += to - from;
			return handle.rows(from, to);
		},
	};
	let changes = 0;
	const store = new RowStore(counting, () => {
		changes++;
	});
	await store.step(
		(one) => one.query({ view: "image" }),
		() => ({ first: 0, last: 60 }),
	);
	assert.deepEqual(store.view, { total: 10_000, matched: 10_000, entries: 10_000 });
	assert.equal(fetched, 100);
	assert.equal(store.row(59)?.name, "f59");
	assert.equal(store.row(5000), undefined);
	store.want(4990, 5020);
	store.want(4990, 5020);
	await new Promise((resume) => setTimeout(resume, 5));
	assert.equal(fetched, 300);
	assert.equal(store.row(5000)?.name, "f5000");
	assert.ok(changes >= 3);
	for (let first = 0; first < 10_000; first += 100) {
		store.want(first, first + 100);
		await new Promise((resume) => setImmediate(resume));
	}
	assert.ok(store.pages.size <= 41, `${store.pages.size}`);
});

test("rows of an older view that come late are dropped", async () => {
	const handle = fakeHandle([
		{ path: "d", kind: "dir" },
		...Array.from({ length: 300 }, (_, index) => ({ path: `f${index}` })),
		{ path: "d/a" },
	]);
	/** @type {(() => void)[]} */
	const late = [];
	const slow = {
		...handle,
		rows: async (/** @type {number} */ from, /** @type {number} */ to) => {
			const rows = await handle.rows(from, to);
			if (from === 200) await new Promise((resume) => late.push(() => resume(undefined)));
			return rows;
		},
	};
	const store = new RowStore(slow, () => {});
	const top = () => ({ first: 0, last: 60 });
	await store.step((one) => one.query({ view: "image" }), top);
	store.want(200, 220);
	await store.step((one) => one.toggle(0, true), top);
	for (const resume of late) resume();
	await new Promise((resume) => setTimeout(resume, 5));
	assert.equal(store.row(200), undefined);
	assert.equal(store.row(1)?.path, "d/a");
});

test("old rows stay until new ones are there, and a failure leaves them", async () => {
	const handle = fakeHandle([{ path: "d", kind: "dir" }, { path: "d/a" }, { path: "e" }]);
	const store = new RowStore(handle, () => {});
	const all = () => ({ first: 0, last: 60 });
	await store.step((one) => one.query({ view: "image" }), all);
	const opening = store.step((one) => one.toggle(0, true), all);
	assert.equal(store.busy, 1);
	assert.equal(store.row(1)?.path, "e");
	await opening;
	assert.equal(store.row(1)?.path, "d/a");
	assert.equal(store.view.total, 3);
	const slow = store.step((one) => one.query({ view: "image", path: { how: "regex", text: "(slow)" } }), all);
	await assert.rejects(slow, { code: "pattern-too-slow" });
	assert.equal(store.row(1)?.path, "d/a");
	assert.equal(store.busy, 0);
	await store.step((one) => one.toggle(0, false), all);
	assert.equal(store.view.total, 2);
});

test("a page that fails is asked for once, until something changes", async () => {
	const rows = Array.from({ length: 300 }, (_, index) => ({ path: `f${index}` }));
	const handle = fakeHandle(rows);
	let asked = 0;
	const broken = {
		...handle,
		rows: async (/** @type {number} */ from, /** @type {number} */ to) => {
			if (from === 0) return handle.rows(from, to);
			asked++;
			throw new Error("gone");
		},
	};
	const store = new RowStore(broken, () => void (asked < 50 && store.want(200, 220)));
	const top = () => ({ first: 0, last: 60 });
	await store.step((one) => one.query({ view: "image" }), top);
	await new Promise((resume) => setTimeout(resume, 20));
	assert.equal(asked, 1);
	assert.match(String(store.failure), /gone/);
	await store.step((one) => one.query({ view: "image" }), top);
	await new Promise((resume) => setTimeout(resume, 20));
	assert.equal(asked, 2);
});

test("names show what deceives", () => {
	assert.equal(shownName("a\u202Egpj.exe"), "a<U+202E>gpj.exe");
	assert.equal(shownName("a\nb\tc\x1b[31m"), "a<U+000A>b<U+0009>c<U+001B>[31m");
	assert.match(shownName("x".repeat(300)), /… \(100 more\)$/);
	assert.equal(shownPath("a/\u200Bb"), "a/<U+200B>b");
	assert.equal(deleted(".wh.shadow"), "shadow");
	assert.equal(ids({ uid: 0, gid: 42 }), "0:42");
	assert.equal(owners({ user: "root\u202E", group: "" }), "root<U+202E>:");
	assert.equal(owners({}), "");
	assert.ok(hasContent({ kind: "link" }) && !hasContent({ kind: "dir" }));
});

test("times are ISO in UTC, and seconds beyond any calendar", () => {
	assert.equal(time(0), "1970-01-01T00:00:00Z");
	assert.equal(time(-1), "1969-12-31T23:59:59Z");
	assert.equal(time(1_700_000_000), "2023-11-14T22:13:20Z");
	assert.equal(time(8.64e12), "+275760-09-13T00:00:00Z");
	assert.equal(time(9e15), "9000000000000000 s");
	assert.equal(time(Number.NaN), "NaN s");
});

for (const [path, name] of [
	["usr/bin/bash", "bash"],
	["a/.env", "env"],
	["..", "file"],
	["", "file"],
	["a/-rf", "rf"],
	["evil\u202Egpj.exe", "evil_gpj.exe"],
	["a/b\\c:d*e?.txt", "b_c_d_e_.txt"],
	["x/con.txt", "_con.txt"],
	["x/two\nlines", "two_lines"],
	["x/name...", "name"],
	["x/\ud800y", "_y"],
]) {
	test(`a download of ${JSON.stringify(path)} is called ${name}`, () => assert.equal(safeName(path), name));
}

test("a download's name is bounded and keeps its end", () => {
	const name = safeName(`d/${"x".repeat(79)}😀${"y".repeat(5000)}.tar.gz`);
	assert.ok(name.length <= 120 && name.endsWith(".tar.gz"), name);
});
