// The anatomy as data: rows, lines, scale, filter, window, keys and colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CELLS, COLOURS, cellsOf } from "../../www/anatomy/digest-colours.js";
import { openAtFirst, rowsOf, windowOf } from "../../www/anatomy/rows.js";
import { actionOf, typeAhead } from "../../www/anatomy/tree-keys.js";
import { Model } from "../../www/model/model.js";
import { bigIndex, digestOf, flippedConfig, node, report, twoPlatforms } from "./fixtures.mjs";

/** @param {any} whole @param {string} [filter] */
function rows(whole, filter) {
	const model = new Model(whole);
	return rowsOf(model, { open: openAtFirst(model), filter });
}

/** @param {import("../../www/anatomy/rows.js").Row[]} list */
const ids = (list) => list.map((row) => row.node.id);

test("the chosen image is open, the other platform is shut", () => {
	const list = rows(twoPlatforms());
	assert.deepEqual(ids(list), [
		"0",
		"0/manifests[0]",
		"0/manifests[0]/config",
		"0/manifests[0]/layers[0]",
		"0/manifests[0]/layers[1]",
		"0/manifests[0]/layers[2]",
		"0/manifests[1]",
		"0/manifests[2]",
	]);
	assert.deepEqual([list[1]?.expanded, list[6]?.expandable, list[6]?.expanded], [true, true, false]);
});

test("rows say their place for the screen reader", () => {
	const [, manifest, config] = rows(twoPlatforms());
	assert.deepEqual([manifest?.depth, manifest?.position, manifest?.siblings], [1, 1, 3]);
	assert.deepEqual([config?.depth, config?.position, config?.siblings], [2, 1, 4]);
});

test("layers are to scale, and only layers", () => {
	const list = rows(twoPlatforms());
	assert.deepEqual(
		list.map(({ scale }) => scale && Number(scale.toFixed(3))),
		[null, null, null, 1, 0.165, 0.001, null, null],
	);
});

test("layers tell what made them, without the builder's wrapping", () => {
	const notes = rows(twoPlatforms()).map(({ note }) => note);
	assert.equal(notes[3], "ADD file:6b2ae0ed5d6d8c9f1a in /");
	assert.match(String(notes[4]), /^apt-get update && /);
	assert.equal(notes[2], "image ID");
	assert.equal(rows(flippedConfig())[2]?.note, "");
});

test("the way to a failure is open", () => {
	const whole = flippedConfig();
	for (const one of whole.nodes) if (one.id === "0/manifests[1]/config") one.checks[0].outcome = "fail";
	assert.ok(ids(rows(whole)).includes("0/manifests[1]/config"));
});

test("unread layers are never passed", () => {
	for (const row of rows(twoPlatforms())) if (!row.node.read) assert.equal(row.outcome, "not-checked");
});

test("a filter keeps what matches and the way to it", () => {
	assert.deepEqual(ids(rows(twoPlatforms(), "ARM64 ")).slice(0, 2), ["0", "0/manifests[1]"]);
	assert.deepEqual(ids(rows(twoPlatforms(), digestOf("layer 1 linux/amd64"))), [
		"0",
		"0/manifests[0]",
		"0/manifests[0]/layers[1]",
	]);
	assert.deepEqual(rows(twoPlatforms(), "nothing at all"), []);
	assert.equal(rows(bigIndex(), "linux/s390x/v42").length, 29);
});

test("a report whose nodes name each other as parents ends", () => {
	const loop = [node({ id: "a", parent: "b" }), node({ id: "b", parent: "a" })];
	assert.deepEqual(new Model(report(loop)).ancestors(loop[0]).length, 2);
	assert.deepEqual(rows(report(loop)), []);
});

test("the window holds what is in view and a little more, and the heights add up", () => {
	const view = windowOf({ count: 10_000, rowHeight: 40, top: 4000, height: 400, overscan: 5 });
	assert.deepEqual(view, { first: 95, last: 115, before: 3800, after: 395_400 });
	assert.deepEqual(windowOf({ count: 3, rowHeight: 40, top: 0, height: 400 }), {
		first: 0,
		last: 3,
		before: 0,
		after: 0,
	});
	assert.deepEqual(windowOf({ count: 0, rowHeight: 40, top: 0, height: 400 }), {
		first: 0,
		last: 0,
		before: 0,
		after: 0,
	});
});

test("a window scrolled past the end of a shorter list is not empty-handed", () => {
	const view = windowOf({ count: 10, rowHeight: 40, top: 99_999, height: 400, overscan: 8 });
	assert.ok(view.first <= 2 && view.last === 10 && view.after === 0);
});

test("keys move, open, shut and go to the parent", () => {
	const list = rows(twoPlatforms());
	assert.deepEqual(actionOf("ArrowDown", list, 0, 5), { move: 1 });
	assert.deepEqual(actionOf("ArrowUp", list, 0, 5), { move: 0 });
	assert.deepEqual(actionOf("End", list, 0, 5), { move: 7 });
	assert.deepEqual(actionOf("PageDown", list, 0, 5), { move: 4 });
	assert.deepEqual(actionOf("ArrowRight", list, 1, 5), { move: 2 });
	assert.deepEqual(actionOf("ArrowRight", list, 6, 5), { toggle: "0/manifests[1]" });
	assert.deepEqual(actionOf("ArrowLeft", list, 1, 5), { toggle: "0/manifests[0]" });
	assert.deepEqual(actionOf("ArrowLeft", list, 5, 5), { move: 1 });
	assert.deepEqual(actionOf("Enter", list, 5, 5), { select: true });
	assert.deepEqual(actionOf("ArrowDown", list, -1, 5), { move: 0 });
	assert.equal(actionOf("x", list, 0, 5), undefined);
	assert.equal(actionOf("End", [], -1, 5), undefined);
});

test("type-ahead goes on with one letter and stays with a longer word", () => {
	const labels = ["index", "linux/amd64", "layer 1", "linux/arm64"];
	assert.equal(typeAhead(labels, "l", 0), 1);
	assert.equal(typeAhead(labels, "l", 1), 2);
	assert.equal(typeAhead(labels, "l", 3), 1);
	assert.equal(typeAhead(labels, "LINUX/AR", 1), 3);
	assert.equal(typeAhead(labels, "linux", 1), 1);
	assert.equal(typeAhead(labels, "z", 0), undefined);
});

test("a stripe has eight cells, each from the first digit of its eight, halved", () => {
	const groups = ["0", "3", "4", "7", "8", "b", "c", "f"].map((digit) => digit.padEnd(8, "5"));
	assert.deepEqual(cellsOf(`sha256:${groups.join("")}`), [0, 1, 2, 3, 4, 5, 6, 7]);
	assert.deepEqual(cellsOf(groups.join("")), [0, 1, 2, 3, 4, 5, 6, 7]);
	assert.equal(cellsOf(`sha512:${"a".repeat(128)}`).length, CELLS);
	assert.deepEqual(cellsOf("sha256:f0000000e0"), [7, 7], "as much of it as is known");
	for (const none of [null, "", "busybox", "sha256:xyz"]) assert.deepEqual(cellsOf(none), [], String(none));
});

test("stripes are spread over all colours", () => {
	const seen = new Set();
	for (let at = 0; at < 2000; at++) {
		const cells = cellsOf(digestOf(String(at)));
		for (const colour of cells) assert.ok(colour >= 0 && colour < COLOURS);
		seen.add(cells.join());
	}
	assert.ok(seen.size > 1980, `${seen.size} different stripes of 2000`);
});

test("an image's size is its download, never its document's, and an index has none", () => {
	const list = rows(twoPlatforms());
	const of = (/** @type {string} */ id) => list.find(({ node: { id: own } }) => own === id)?.size;
	assert.equal(of("0"), null);
	assert.ok(Number(of("0/manifests[0]")) > 33_000_000);
});

test("the root of a tag is hashed and held against nothing: neither proved nor open", () => {
	const tag = {
		id: "digest",
		outcome: "not-checked",
		expected: null,
		actual: digestOf("a"),
		source: null,
		message: "",
	};
	const root = node({ checks: [tag, { ...tag, id: "schema", outcome: "pass" }] });
	assert.equal(rows(report([root]))[0]?.mark, "info");
});
