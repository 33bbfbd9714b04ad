// Values to text: units at their borders, digests of any form, text that wants to deceive.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as format from "../../www/i18n/format.js";

test("sizes are binary, short and never 1024 of a unit", () => {
	const cases = [
		[0, "0 B"],
		[1, "1 B"],
		[1023, "1,023 B"],
		[1024, "1 KiB"],
		[1536, "1.5 KiB"],
		[1024 * 1024 - 1, "1 MiB"],
		[29_126_484, "27.8 MiB"],
		[150 * 1024 * 1024, "150 MiB"],
		[Number.MAX_SAFE_INTEGER, "8 PiB"],
	];
	for (const [bytes, text] of cases) assert.equal(format.size(Number(bytes)), text);
	assert.equal(format.size(null), "");
	assert.equal(format.size(Number.NaN), "");
});

test("exact sizes name the bytes", () => {
	assert.equal(format.exactBytes(1), "1 byte");
	assert.equal(format.exactBytes(4_404_019), "4,404,019 bytes");
	assert.equal(format.exactBytes(undefined), "");
});

test("a share is never rounded up to all: what is wasted is never shown as nothing", () => {
	assert.equal(format.percent(1), "100%");
	assert.equal(format.percent(7_028_150 / 7_028_246), "99.9%");
	assert.equal(format.percent(0.125), "12.5%");
	assert.equal(format.percent(0), "0.0%");
	assert.equal(format.percent(0.0001), "<0.1%");
	assert.equal(format.percent(0.29), "29.0%");
	assert.equal(format.percent(0.9577), "95.8%");
	assert.equal(format.percent(0), "0.0%");
});

test("a digest is shortened to 12 hex digits and keeps an unusual algorithm", () => {
	assert.equal(format.shortDigest(`sha256:${"0123456789abcdef".repeat(4)}`), "0123456789ab");
	assert.equal(format.shortDigest(`sha512:${"f".repeat(128)}`), "sha512:ffffffffffff");
	assert.equal(format.shortDigest(null), "");
	assert.equal(format.shortDigest("not a digest"), "not a digest");
});

test("a platform is written as it is asked for", () => {
	const arm = { os: "linux", architecture: "arm64", variant: "v8" };
	const windows = { os: "windows", architecture: "amd64", osVersion: "10.0.20348.1" };
	assert.equal(format.platformName(arm), "linux/arm64/v8");
	assert.equal(format.platformName(windows), "windows/amd64 10.0.20348.1");
	assert.equal(format.platformKey(windows), "windows/amd64");
	assert.equal(format.platformName(undefined), "");
});

test("text that could deceive is written out", () => {
	assert.equal(format.visible("a\u202egnp.exe"), "a<U+202E>gnp.exe");
	assert.equal(format.visible("a\u0000b\u001b[31m"), "a<U+0000>b<U+001B>[31m");
	assert.equal(format.visible("\u200b\u2066\ufeff\u061c\u3164"), "<U+200B><U+2066><U+FEFF><U+061C><U+3164>");
	assert.equal(format.visible("\u{e0041}"), "<U+E0041>");
	assert.equal(format.visible("\ud800"), "<U+D800>");
	assert.equal(format.visible("line\n\tnext é 镜像 🐳"), "line\n\tnext é 镜像 🐳");
	assert.equal(format.visible(undefined), "");
});

test("the page hides what the core hides", () => {
	const core = readFileSync(new URL("../../src/visible.rs", import.meta.url), "utf8");
	const ranges = [...core.matchAll(/\((0x[0-9a-f]+), (0x[0-9a-f]+)\)/g)].map(([, from, to]) => [
		Number(from),
		Number(to),
	]);
	assert.ok(ranges.length > 20);
	const differing = [];
	for (let point = 0; point < 0x110000; point++) {
		if (point >= 0xd800 && point < 0xe000) continue;
		const listed = ranges.some(([from, to]) => from <= point && point <= to) && point !== 9 && point !== 10;
		const character = String.fromCodePoint(point);
		if (listed !== (format.visible(character) !== character)) differing.push(point.toString(16));
	}
	assert.deepEqual(differing, []);
});

test("text is bounded and says how much is left out", () => {
	assert.equal(format.visible("x".repeat(5000), 3), "xxx… (4,997 more)");
});

test("only web addresses are linked", () => {
	assert.equal(format.safeUrl("https://example.org/a"), "https://example.org/a");
	for (const text of [
		"javascript:alert(1)",
		"data:text/html,x",
		"//example.org",
		"example.org",
		"ftp://example.org",
		`https://x/${"a".repeat(3000)}`,
	]) {
		assert.equal(format.safeUrl(text), undefined, text.slice(0, 40));
	}
});

test("durations round up to something to wait for", () => {
	assert.equal(format.duration(0.2), "1 s");
	assert.equal(format.duration(321), "5 min");
	assert.equal(format.duration(21_600), "6.0 h");
	assert.equal(format.milliseconds(12.4), "12 ms");
	assert.equal(format.milliseconds(12_400), "12.4 s");
});
