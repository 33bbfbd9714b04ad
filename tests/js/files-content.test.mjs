// A file's content without a page: ELF headers, images by their bytes, text or not, lines; hostile ones end quietly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elfOf, isElf } from "../../www/elf.js";
import { pictureOf } from "../../www/image-kind.js";
import { lineAt, linesOf, MAX_LINES } from "../../www/views/content/lines.js";
import { proofOf } from "../../www/views/content/reading.js";
import { encodingOf, MAX_TEXT, shownAs, textOf } from "../../www/views/content/sniff.js";

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const latin = (/** @type {string} */ text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/**
 * A program of one's own making: header, segments, then the parts that they name.
 * @param {{ wide?: boolean, little?: boolean, type?: number, machine?: number, needed?: string[], interpreter?: string }} [how]
 */
function elf({
	wide = true,
	little = true,
	type = 3,
	machine = 62,
	needed = ["libc.so.6"],
	interpreter = "/lib/ld.so",
} = {}) {
	const bytes = new Uint8Array(2048);
	const view = new DataView(bytes.buffer);
	const word = (/** @type {number} */ at, /** @type {number} */ value) =>
		wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
	const half = (/** @type {number} */ at, /** @type {number} */ value) => view.setUint16(at, value, little);
	bytes.set(latin("\x7fELF"));
	bytes.set([wide ? 2 : 1, little ? 1 : 2, 1, 3], 4);
	half(16, type);
	half(18, machine);
	word(24, 0x4010);
	const start = wide ? 64 : 52;
	const size = wide ? 56 : 32;
	word(wide ? 32 : 28, start);
	half(wide ? 54 : 42, size);
	const segments = /** @type {[number, number, number, number][]} */ ([[1, 0, 0x4000, 2048]]);
	if (interpreter) segments.push([3, 512, 0x4200, interpreter.length + 1]);
	if (needed.length > 0) segments.push([2, 768, 0x4300, 256]);
	segments.push([4, 1536, 0x4600, 20]);
	half(wide ? 56 : 44, segments.length);
	segments.forEach(([kind, offset, address, length], index) => {
		const at = start + index * size;
		view.setUint32(at, kind, little);
		word(at + (wide ? 8 : 4), offset);
		word(at + (wide ? 16 : 8), address);
		word(at + (wide ? 32 : 16), length);
	});
	bytes.set(latin(interpreter), 512);
	const strings = `\0${needed.join("\0")}\0me.so\0`;
	bytes.set(latin(strings), 1100);
	const step = wide ? 8 : 4;
	const dynamic = [
		...needed.map((name) => [1, strings.indexOf(name)]),
		[5, 0x4000 + 1100],
		[14, strings.indexOf("me.so")],
	];
	for (const [index, value] of dynamic.flat().entries()) word(768 + index * step, value);
	for (const [index, value] of [4, 4, 3].entries()) view.setUint32(1536 + 4 * index, value, little);
	bytes.set(latin("GNU\0"), 1548);
	bytes.set([0xde, 0xad, 0xbe, 0xef], 1552);
	return bytes;
}

for (const wide of [true, false]) {
	for (const little of [true, false]) {
		test(`an ELF file of ${wide ? 64 : 32} bits, ${little ? "little" : "big"} endian`, () => {
			assert.deepEqual(elfOf(elf({ wide, little, machine: 183, needed: ["libm.so.6", "libc.so.6"] })), {
				bits: wide ? 64 : 32,
				order: little ? "little" : "big",
				type: 3,
				pie: true,
				machine: 183,
				abi: 3,
				entry: 0x4010,
				interpreter: "/lib/ld.so",
				dynamic: true,
				needed: ["libm.so.6", "libc.so.6"],
				soname: "me.so",
				buildId: "deadbeef",
				cut: false,
			});
		});
	}
}

test("a static program wants nothing", () => {
	const found = elfOf(elf({ type: 2, needed: [], interpreter: "" }));
	assert.deepEqual(
		[found?.dynamic, found?.needed, found?.interpreter, found?.pie, found?.cut],
		[false, [], undefined, false, false],
	);
});

test("what is no ELF file is none, and what is cut says so", () => {
	assert.equal(elfOf(utf8("#!/bin/sh\necho a long enough text\n")), undefined);
	assert.equal(elfOf(new Uint8Array(0)), undefined);
	assert.equal(isElf(latin("\x7fELF")), false);
	const odd = elf();
	odd[4] = 3;
	assert.equal(elfOf(odd), undefined);
	for (const length of [20, 64, 100, 300, 520, 800])
		assert.equal(elfOf(elf().subarray(0, length))?.cut, true, `${length}`);
});

test("no header makes it throw, or run without an end", { timeout: 60_000 }, () => {
	const whole = elf();
	for (let round = 0; round < 3000; round++) {
		const hostile = whole.slice(0, 64 + ((round * 37) % 1984));
		for (let flips = 0; flips < 12; flips++)
			hostile[4 + ((round * 131 + flips * flips * 977) % (hostile.length - 4))] ^= 0xff;
		hostile[4] = 1 + (round % 2);
		hostile[5] = 1 + ((round >> 1) % 2);
		elfOf(hostile);
	}
});

test("a million needed libraries are a few", () => {
	const many = elf({ needed: Array.from({ length: 12 }, (_, index) => `l${index}`) });
	assert.equal(elfOf(many)?.needed.length, 12);
	const view = new DataView(many.buffer);
	view.setBigUint64(64 + 2 * 56 + 32, 2n ** 63n, true);
	assert.ok((elfOf(many)?.needed.length ?? 0) <= 200);
});

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
	assert.deepEqual(shownAs(elf(), false).ways, ["elf", "hex", "text"]);
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
