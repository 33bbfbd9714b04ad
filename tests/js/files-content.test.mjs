// A file's content without a page: images by their bytes, text or not, lines; hostile ones end quietly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureOf } from "../../www/formats/image-kind.js";
import { proofOf } from "../../www/views/content/around-content.js";
import { encodingOf, MAX_TEXT, shownAs, textOf } from "../../www/views/content/content-kind.js";
import { lineAt, linesOf, MAX_LINES } from "../../www/views/content/text-lines.js";

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const latin = (/** @type {string} */ text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** @param {Uint8Array} bytes @param {unknown} expected */
const picture = (bytes, expected) => assert.deepEqual(pictureOf(bytes), expected);

test("images are known by their bytes", () => {
	const png = latin(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08`);
	picture(png, { type: "image/png", width: 640, height: 480 });
	picture(latin("GIF89a\x10\0\x20\0"), { type: "image/gif", width: 16, height: 32 });
	picture(latin("\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x30\0\x40\x03\0\0"), {
		type: "image/jpeg",
		height: 48,
		width: 64,
	});
	picture(latin("\xff\xd8\xff\xe0\0\x02"), { type: "image/jpeg" });
	picture(latin("RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0"), { type: "image/webp", width: 16, height: 32 });
	picture(latin("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x0f\xc0\x07\0"), { type: "image/webp", width: 16, height: 32 });
	picture(latin("RIFF\0\0\0\0WAVE"), undefined);
	picture(utf8('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'), undefined);
	picture(utf8("<html>"), undefined);
	for (const cut of [png.subarray(0, 10), latin("GIF89a"), new Uint8Array(0)]) picture(cut, undefined);
});

test("a JPEG of endless segments is passed over for a while only", () => {
	const after = (/** @type {number} */ segments) =>
		latin(`\xff\xd8${"\xff\xe0\0\x02".repeat(segments)}\xff\xc0\0\x0b\x08\0\x30\0\x40\x03\0\0`);
	picture(after(400), { type: "image/jpeg", height: 48, width: 64 });
	picture(after(600), { type: "image/jpeg" });
	picture(latin(`\xff\xd8\xff\xe0${"\0\0\xff\xe0".repeat(1000)}`), { type: "image/jpeg" });
});

test("text is told from other bytes, and its encoding is said", () => {
	assert.deepEqual(shownAs(utf8("plain\n"), false), { ways: ["text", "hex"], encoding: "utf-8" });
	assert.deepEqual(shownAs(latin("caf\xe9\n"), false), { ways: ["text", "hex"], encoding: "latin1" });
	assert.deepEqual(shownAs(latin("a\0b"), false).ways, ["hex", "text"]);
	assert.deepEqual(shownAs(latin("\x01\x02\x03\x04abc"), false).ways, ["hex", "text"]);
	assert.deepEqual(shownAs(latin("\xff\xfea\0b\0"), false), { ways: ["text", "hex"], encoding: "utf-16le" });
	assert.deepEqual(shownAs(utf8('{"a":1}'), false).ways, ["json", "text", "hex"]);
	assert.deepEqual(shownAs(utf8("[1, 2]"), false).ways, ["json", "text", "hex"]);
	assert.deepEqual(shownAs(utf8("[section]\nkey = 1\n"), false).ways, ["text", "hex"]);
	assert.deepEqual(shownAs(utf8("{ echo; }"), false).ways, ["text", "hex"]);
	assert.deepEqual(shownAs(latin("\x7fELF"), false, true).ways, ["elf", "hex", "text"]);
	assert.deepEqual(shownAs(utf8("<svg onload=x()></svg>"), false).ways, ["text", "hex"]);
});

test("a character that is cut at the end of what is kept is no fault, elsewhere it is", () => {
	const cut = utf8("abcü").subarray(0, 4);
	assert.equal(encodingOf(cut, true), "utf-8");
	assert.equal(encodingOf(cut, false), "latin1");
	assert.equal(textOf(latin("\x80\x9f\xff"), "latin1"), "\u0080\u009fÿ");
	assert.equal(textOf(latin("a\0b\0"), "utf-16le"), "ab");
	assert.equal(textOf(latin("x".repeat(20_001)), "latin1").length, 20_001);
});

test("what comes after the longest text is no part of the text", () => {
	const bytes = new Uint8Array(MAX_TEXT + 1).fill(0x61);
	bytes[MAX_TEXT] = 0xff;
	assert.equal(shownAs(bytes, false).encoding, "utf-8");
	bytes[MAX_TEXT - 1] = 0xff;
	assert.equal(shownAs(bytes, false).encoding, "latin1");
});

test("lines are found once and cut where they are too long", () => {
	const text = `one\r\ntwo\n\n${"x".repeat(2500)}\nlast`;
	const { starts, cut } = linesOf(text);
	assert.equal(cut, false);
	assert.deepEqual(
		Array.from(starts, (_, index) => lineAt(text, starts, index).line.slice(0, 5)),
		["one", "two", "", "xxxxx", "last"],
	);
	assert.equal(lineAt(text, starts, 3).more, 500);
	assert.equal(linesOf("").starts.length, 0);
	assert.equal(linesOf("a\n").starts.length, 1);
	const many = linesOf("\n".repeat(MAX_LINES + 5));
	assert.equal(many.starts.length, MAX_LINES);
	assert.ok(many.cut);
});

/** @param {[string, string][]} checks @param {string} outcome */
function proved(checks, outcome) {
	const verdict = /** @type {any} */ (checks.map(([id, one]) => ({ id, outcome: one, message: `${id} ${one}` })));
	assert.equal(proofOf(verdict).outcome, outcome);
}

test("a file is proved only by a layer whose digest is", () => {
	proved(
		[
			["digest", "pass"],
			["diff-id", "pass"],
		],
		"pass",
	);
	proved(
		[
			["digest", "pass"],
			["diff-id", "not-checked"],
			["tar", "warn"],
		],
		"pass",
	);
	proved(
		[
			["digest", "pass"],
			["diff-id", "fail"],
		],
		"fail",
	);
	proved(
		[
			["digest", "not-checked"],
			["diff-id", "pass"],
		],
		"not-checked",
	);
	proved([["tar", "pass"]], "not-checked");
	proved([], "not-checked");
});
