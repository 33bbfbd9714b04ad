// The views of bytes: pretty JSON that keeps every token, in slices; hex.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hexLine, hexLineCount } from "../../www/formats/hex.js";
import { lineTokens, scan } from "../../www/formats/pretty.js";
import { digestOf } from "./fixtures.mjs";

/** @param {string} text @param {() => boolean} [late] */
function pretty(text, late = () => false) {
	const scanner = scan(text);
	while (!scanner.run(late));
	return Array.from({ length: scanner.lines.count }, (_, index) => lineTokens(text, scanner.lines, index));
}

/** @param {string} text */
const lines = (text) => pretty(text).map((tokens) => tokens.map((token) => token.text).join(""));

test("JSON is indented by its brackets", () => {
	assert.deepEqual(lines('{"a":1,"b":[true,null,{}],"c":[ ]}'), [
		"{",
		'  "a": 1,',
		'  "b": [',
		"    true,",
		"    null,",
		"    {}",
		"  ],",
		'  "c": []',
		"}",
	]);
	assert.deepEqual(lines("\n [1 ,\n\n 2 ]\n"), ["[", "  1,", "  2", "]"]);
});

test("tokens stay as they were written", () => {
	const text = '{"n":1.50e+3,"big":9007199254740993,"zero":-0,"esc":"\\u0041\\/\\"}{"}';
	assert.equal(lines(text).join("").replaceAll(" ", ""), text);
});

test("compact text and its indented form have the same tokens", () => {
	const value = { a: [1, { b: "x, [y] {z}" }, []], c: { d: {} }, "e:f": 'q"r\\' };
	assert.deepEqual(lines(JSON.stringify(value)), lines(JSON.stringify(value, null, 3)));
	assert.deepEqual(lines(JSON.stringify(value)).join("\n"), JSON.stringify(value, null, 2));
});

test("digests are known, keys are keys", () => {
	const tokens = pretty(`{"digest":"${digestOf("a")}","x":"sha256:short"}`).flat();
	assert.deepEqual(
		tokens.flatMap(({ digest }) => digest ?? []),
		[digestOf("a")],
	);
	assert.deepEqual(
		tokens.filter(({ kind }) => kind === "key").map(({ text }) => text),
		['"digest"', '"x"'],
	);
});

test("what is not JSON is shown all the same", () => {
	assert.deepEqual(lines("<html>\n<p>no</p>\n"), ["<html>", "<p>no</p>"]);
	assert.deepEqual(lines('{"unfinished'), ["{", '  "unfinished']);
	assert.deepEqual(lines("}}]"), ["}", "}", "]"]);
	assert.deepEqual(lines(""), []);
});

test("slices do not change the result", () => {
	const text = JSON.stringify(Array.from({ length: 5000 }, (_, n) => ({ n, text: "a,b" })));
	assert.deepEqual(
		pretty(text, () => true),
		pretty(text),
	);
});

test("a bomb of brackets and an endless string stay bounded", () => {
	const deep = pretty("[".repeat(100_000));
	assert.equal(deep.length, 100_000);
	assert.ok((deep.at(-1)?.[0]?.text.length ?? 0) <= 80);
	const long = lines(`"${"x".repeat(100_000)}"`);
	assert.ok(String(long[0]).length < 2100 && String(long[0]).endsWith("(98002 more)"));
});

test("hex has sixteen bytes a line, and text only where it is ASCII", () => {
	const bytes = new Uint8Array([0x7b, 0x22, 0x00, 0xff, ...Array(13).fill(0x41)]);
	assert.equal(hexLineCount(bytes), 2);
	assert.deepEqual(hexLine(bytes, 0), {
		offset: "00000000",
		hex: "7b 22 00 ff 41 41 41 41  41 41 41 41 41 41 41 41",
		text: '{"··AAAAAAAAAAAA',
	});
	assert.deepEqual(hexLine(bytes, 1), { offset: "00000010", hex: `41${" ".repeat(46)}`, text: "A" });
});
