// Texts before the core takes them apart, their difference to what was recovered, and the sample that is opened as text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { diffLines, linesOf, shortened, shown, within } from "../../www/formats/diff.js";
import { exactText, excerpt, expectedDigest, isDigest } from "../../www/model/digest-text.js";
import { Model } from "../../www/model/model.js";
import { loadSample } from "../../www/page/samples.js";
import { firstState, progressed, startOf } from "../../www/page/state.js";
import { headline, verdictWords } from "../../www/views/banner.js";
import { digestOf, node, report } from "./fixtures.mjs";

const HEX = "0123456789abcdef".repeat(4);

test("a text area's line ends are those of the clipboard while it is not edited", () => {
	assert.equal(exactText('{\n"a": 1\n}', '{\r\n"a": 1\r\n}'), '{\r\n"a": 1\r\n}');
	assert.equal(exactText("a\nb", "a\rb"), "a\rb");
	assert.equal(exactText('{\n"a": 2\n}', '{\r\n"a": 1\r\n}'), '{\n"a": 2\n}');
	assert.equal(exactText("typed", undefined), "typed");
});

test("an expected digest is found in what people paste, and nonsense is left for the core to explain", () => {
	const cases = [
		["", undefined],
		["  \n", undefined],
		[` sha256:${HEX}\n`, `sha256:${HEX}`],
		[HEX, `sha256:${HEX}`],
		[`Digest: sha256:${HEX}`, `sha256:${HEX}`],
		[`busybox@sha256:${HEX}`, `sha256:${HEX}`],
		["sha256:abc", "sha256:abc"],
		["nonsense", "nonsense"],
		[HEX.toUpperCase(), HEX.toUpperCase()],
	];
	for (const [field, expected] of cases) assert.equal(expectedDigest(String(field)), expected, field);
});

test("the box knows a digest from a name", () => {
	for (const text of [HEX, `sha256:${HEX}`, "sha256:abcdef", "2b8fd9751c4c", "A59906E3", `sha512:${HEX}${HEX}`])
		assert.equal(isDigest(text), true, text);
	for (const text of ["busybox", "facade", "deadbeef", "12345", "sha256:", "a59906e3:1", `a@sha256:${HEX}`, "x59906e3"])
		assert.equal(isDigest(text), false, text);
});

test("a long text is told in few words", () => {
	assert.equal(excerpt('  {\n  "a":\t1 }'), '{ "a": 1 }');
	assert.equal(excerpt("x".repeat(1000)).length, 60);
});

test("lines keep their ends, of every kind", () => {
	assert.deepEqual(linesOf("a\nb\r\nc\rd"), ["a\n", "b\r\n", "c\r", "d"]);
	assert.deepEqual(linesOf("a\n\n"), ["a\n", "\n"]);
	assert.deepEqual(linesOf(""), []);
});

test("of two values the words that differ are marked, a version as a whole", () => {
	for (const [before, after, one, other] of [
		["NODE_VERSION=20.18.0", "NODE_VERSION=22.11.0", "NODE_VERSION=|20.18.0|", "NODE_VERSION=|22.11.0|"],
		["a b", "a b c", "a b||", "a b| c|"],
		["/bin:/usr/bin", "/bin:/opt:/usr/bin", "/bin:/||usr/bin", "/bin:/|opt:/|usr/bin"],
		["\u{1f600}", "\u{1f601}", "|\u{1f600}|", "|\u{1f601}|"],
		["root", "", "|root|", "||"],
	])
		assert.deepEqual(
			within(before, after).map((parts) => parts.join("|")),
			[one, other],
		);
});

/** @param {string} before @param {string} after @param {number} [pairs] */
const ops = (before, after, pairs) => diffLines(before, after, pairs).map((line) => `${line.op[0]}${line.text}`);

test("the difference is the shortest one", () => {
	assert.deepEqual(ops("a\nb\nc\n", "a\nc\nd\n"), ["sa\n", "rb\n", "sc\n", "ad\n"]);
	assert.deepEqual(ops("same", "same"), ["ssame"]);
	assert.deepEqual(ops("", "x"), ["ax"]);
	assert.deepEqual(ops("x", ""), ["rx"]);
	assert.deepEqual(ops("a\nx\nb\ny\nc", "a\nb\nc"), ["sa\n", "rx\n", "sb\n", "ry\n", "sc"]);
});

test("a line end alone is a difference", () => {
	assert.deepEqual(ops("a\r\n", "a\n"), ["ra\r\n", "aa\n"]);
	assert.deepEqual(ops("{}\n", "{}"), ["r{}\n", "a{}"]);
});

test("both texts can be read back from the difference, also where it is too large to compare", () => {
	const before = Array.from({ length: 40 }, (_, at) => `${(at * 7) % 13}\n`).join("");
	const after = Array.from({ length: 50 }, (_, at) => `${(at * 5) % 11}\n`).join("");
	for (const pairs of [1_000_000, 10]) {
		const lines = diffLines(before, after, pairs);
		const side = (/** @type {string} */ other) => lines.flatMap(({ op, text }) => (op === other ? [] : text)).join("");
		assert.equal(side("added"), before);
		assert.equal(side("removed"), after);
	}
	assert.ok(diffLines(before, after).some(({ op }) => op === "same"));
});

test("long runs of equal lines are shortened, changes never", () => {
	const equal = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join("");
	const kept = shortened(diffLines(`${equal}old\n${equal}`, `${equal}new\n${equal}`));
	assert.deepEqual(
		kept.map((line) => (line.op === "skipped" ? line.count : line.op)),
		[18, "same", "same", "removed", "added", "same", "same", 18],
	);
	assert.deepEqual(shortened(diffLines("a\nb\n", "a\nc\n")).length, 3);
});

test("white space is shown as signs", () => {
	assert.equal(shown("\ufeff a\t\u00a0\r\n"), "[BOM]·a⇥⍽\\r↵");
});

test("the article's sample is a text, with the digest that the article gives", async () => {
	const base = new URL("../../www/samples/", import.meta.url);
	const samples = JSON.parse(readFileSync(new URL("index.json", base), "utf8"));
	/** @type {any} */
	const get = async (/** @type {URL} */ url) => new Response(readFileSync(url));
	const signal = new AbortController().signal;
	const article = await loadSample(samples, "article", base, signal, get);
	assert.equal(article.expected, "sha256:a59906e33509d14c036c8678d687bd4eec81ed7c4b8ce907b888c607f6a1e0e6");
	const [text] = article.inputs;
	assert.deepEqual(Object.keys(JSON.parse(String(text))), ["layers", "schemaVersion", "config", "mediaType"]);
	assert.equal(String(text).length, 405);
	const hello = await loadSample(samples, "hello", base, signal, get);
	assert.ok(hello.inputs.every((one) => one instanceof Uint8Array));
	await assert.rejects(loadSample(samples, "none", base, signal, get), {
		code: "sample-unknown",
		message: 'there is no sample "none"',
	});
	await assert.rejects(loadSample([], "hello", base, signal, get), { code: "sample-unavailable" });
});

test("what was recovered leads, and a paste without a document says so", () => {
	const found = { ...report([node({})]), recovered: { steps: ["no final newline"], digest: digestOf("manifest") } };
	assert.match(headline(new Model(found)), /^The original bytes were recovered\. /);
	const pull = { ...report([], { kind: "paste" }), pasted: [{ form: "pull-output" }] };
	assert.equal(verdictWords(new Model(/** @type {any} */ (pull))), "No manifest in the pasted text");
});

test("an event that comes after the end is listed and starts no progress", () => {
	const state = firstState(/** @type {any} */ ({}));
	/** @type {any} */
	const event = { type: "request", method: "GET", url: "https://example.org/", bytes: 5, milliseconds: 1 };
	assert.deepEqual(progressed(state, event), { requests: [event] });
	assert.deepEqual(progressed(state, { type: "stage", text: "x", done: 1, total: 2 }), { requests: [] });
	const going = progressed({ ...state, progress: startOf("go") }, event);
	assert.deepEqual([going.progress?.requests, going.progress?.bytes], [1, 5]);
});
