// Sizes without a page: the map's boxes fill it to scale, keys move between them, large directories are opened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadWords } from "../../www/i18n/strings.js";
import { grown } from "../../www/views/sizes/grow.js";
import { linesOf, measured } from "../../www/views/sizes/layer-sizes.js";
import { cellMove, cellsOf, MAX_CELLS, share, spoken } from "../../www/views/sizes/treemap.js";
import { fakeHandle } from "./files-fixtures.mjs";

await loadWords("files");
const AREA = { width: 800, height: 400 };

/** @param {string} name @param {number} size @param {any[]} [inner] @returns {import("../../www/views/sizes/treemap.js").Box} */
const box = (name, size, inner) => ({
	node: { name, path: name, size, kind: inner ? "dir" : "file", children: inner?.length ?? 0, layer: 0 },
	...(inner && { inner }),
});

test("boxes fill the map to scale", () => {
	const cells = cellsOf([box("c", 100), box("a", 600), box("b", 300), box("empty", 0)], AREA);
	assert.deepEqual(
		cells.map(({ node }) => node?.name),
		["a", "b", "c"],
	);
	for (const { node, x, y, w, h } of cells) {
		assert.ok(Math.abs(w * h - (node?.size ?? 0) / 1000) < 0.01, `${node?.name}: ${w * h}`);
		assert.ok(x >= 0 && y >= 0 && x + w < 1.001 && y + h < 1.001);
	}
});

test("many small ones are one box", () => {
	const cells = cellsOf(
		Array.from({ length: 5000 }, (_, index) => box(`f${index}`, 5000 - index)),
		AREA,
	);
	assert.equal(cells.length, MAX_CELLS + 1);
	assert.equal(cells.at(-1)?.others, 5000 - MAX_CELLS);
	assert.equal(
		cells.reduce((sum, { size }) => sum + size, 0),
		(5000 * 5001) / 2,
	);
});

test("what is in a directory lies in its box", () => {
	const cells = cellsOf([box("usr", 900, [box("bin", 600), box("lib", 300)]), box("etc", 100)], AREA);
	const [usr, bin] = cells;
	assert.deepEqual(
		cells.map(({ node }) => node?.name),
		["usr", "bin", "lib", "etc"],
	);
	assert.ok(usr?.outer && bin && !bin.outer);
	assert.deepEqual(
		bin.trail.map(({ name }) => name),
		["usr"],
	);
	assert.ok(
		bin.x >= usr.x && bin.y > usr.y && bin.x + bin.w <= usr.x + usr.w + 1e-9 && bin.y + bin.h <= usr.y + usr.h + 1e-9,
	);
});

test("nothing makes no boxes, and hostile sizes make none outside", () => {
	assert.deepEqual(cellsOf([], AREA), []);
	assert.deepEqual(cellsOf([box("a", 0)], AREA), []);
	for (const { x, y, w, h } of cellsOf([box("a", Number.MAX_SAFE_INTEGER), box("b", 1)], AREA)) {
		assert.ok([x, y, w, h].every((part) => part >= 0 && part <= 1.0001));
	}
});

test("arrows go to the nearest box, Home and End to the largest and the smallest", () => {
	const cells = cellsOf([box("a", 50), box("b", 25), box("c", 25)], AREA);
	assert.equal(cellMove("ArrowRight", cells, 0), cells[1] && cells[1].x > 0.4 ? 1 : 0);
	assert.equal(cellMove("ArrowLeft", cells, 1), 0);
	assert.equal(cellMove("ArrowLeft", cells, 0), 0);
	assert.equal(cellMove("End", cells, 0), 2);
	assert.equal(cellMove("Home", cells, 2), 0);
	assert.equal(cellMove("x", cells, 0), undefined);
	const reached = new Set([0]);
	for (const _ of cells)
		for (const at of [...reached])
			for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]) reached.add(cellMove(key, cells, at) ?? 0);
	assert.equal(reached.size, 3);
});

test("each box says what it is", () => {
	const [usr, bin] = cellsOf([box("usr", 900, [box("b\u202En", 900)])], AREA);
	assert.equal(usr && spoken(usr, 1800), "usr/ 900 B, 50.0%, 1 entry, layer 1");
	assert.equal(bin && spoken(bin, 1800), "b<U+202E>n 900 B, 50.0%, layer 1, in usr");
	assert.equal(share(1, 0), "");
	assert.equal(share(5, 5), "100%");
});

test("the map opens large directories, within its budget", async () => {
	const entries = [];
	for (let level = 0, path = ""; level < 6; level++) {
		path += `${path && "/"}d${level}`;
		entries.push({ path, kind: /** @type {const} */ ("dir") }, { path: `${path}/f`, size: 100 });
	}
	for (let index = 0; index < 200; index++) entries.push({ path: `e${index}`, kind: /** @type {const} */ ("dir") });
	const handle = fakeHandle(entries);
	let asked = 0;
	const treemap = (/** @type {string} */ path) => {
		asked++;
		return handle.treemap(path);
	};
	const boxes = await grown({ ...handle, treemap }, "");
	assert.equal(asked, 3);
	const usr = boxes.find(({ node }) => node.name === "d0");
	assert.equal(
		usr?.inner?.find(({ node }) => node.name === "d1")?.inner?.find(({ node }) => node.name === "d2")?.inner,
		undefined,
	);
	const wide = fakeHandle(
		Array.from({ length: 19 }, (_, index) => [
			{ path: `e${index}`, kind: /** @type {const} */ ("dir") },
			{ path: `e${index}/f`, size: 10 },
		]).flat(),
	);
	assert.equal((await grown(wide, "")).filter(({ inner }) => inner).length, 19);
});

test("a layer that was not read has its size and nothing else", () => {
	const layers = [
		{ id: "a", position: 0, digest: null, size: 10, unpacked: 30 },
		{ id: "b", position: 1, digest: null, size: 20 },
	];
	const found = { position: 0, entries: 1, files: 1, fileBytes: 25, wasted: 5 };
	const [first, second] = linesOf(layers, {
		layers: [found],
		efficiency: 1,
		wastedBytes: 0,
		userBytes: 0,
		worst: [],
		waste: [],
	});
	assert.ok(first && second);
	assert.deepEqual(
		/** @type {const} */ (["compressed", "unpacked"]).map((measure) => [
			measured(first, measure),
			measured(second, measure),
		]),
		[
			[10, 20],
			[30, 0],
		],
	);
});
