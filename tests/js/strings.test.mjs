// Several languages side by side: what fails once for one element is not lost to the others, nor to what comes later.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { AREAS } from "../../www/i18n/areas.js";

/** @type {typeof import("../../www/i18n/strings.js")} */
let strings;
let made = 0;
beforeEach(async () => {
	// The module keeps the present language: each test has a module of its own.
	strings = await import(`../../www/i18n/strings.js?${made++}`);
});

const words = AREAS.plan.zh;
/** @param {() => Promise<any>} load what brings the Chinese words of `plan` meanwhile @param {() => Promise<void>} body */
async function bringing(load, body) {
	AREAS.plan.zh = load;
	await body().finally(() => {
		AREAS.plan.zh = words;
	});
}

const fails = () => Promise.reject(new Error("no network"));
const chinese = /[\u4e00-\u9fff]/;
const said = () => strings.within("zh", () => strings.t("section.layers"));

test("a language that is spoken stays so when words of another area do not come", async () => {
	await strings.speakBeside("zh", ["first"]);
	await bringing(fails, () => assert.rejects(strings.speakBeside("zh", ["plan"]), /no network/));
	await strings.loadWords("sections");
	assert.match(said(), chinese);
});

test("a language whose words did not come is spoken when they come later", async () => {
	await bringing(fails, () => assert.rejects(strings.speakBeside("zh", ["plan"]), /no network/));
	await strings.speakBeside("zh", ["plan"]);
	await strings.loadWords("sections");
	assert.match(said(), chinese);
});

test("of two elements that ask at once, the one that fails does not silence the one that succeeds", async () => {
	let asked = 0;
	const once = () => (asked++ === 0 ? fails() : words());
	await bringing(once, async () => {
		const first = strings.speakBeside("zh", ["first"]);
		await assert.rejects(strings.speakBeside("zh", ["plan"]), /no network/);
		await first;
	});
	await strings.loadWords("sections");
	assert.match(said(), chinese);
});

test("a language that never came is not waited for", async () => {
	await bringing(fails, () => assert.rejects(strings.speakBeside("zh", ["plan"]), /no network/));
	await strings.loadWords("sections");
	assert.doesNotMatch(said(), chinese);
});

test("each count in a sentence chooses its own word, and a language without such words needs none", () => {
	strings.addWords({ "x.two": "{a} {a|file is|files are} new, {b} {b|is|are} gone" }, "en");
	strings.addWords({ "x.two": "新增 {a} 个，移除 {b} 个" }, "zh");
	assert.equal(strings.t("x.two", { a: 1, b: 2 }), "1 file is new, 2 are gone");
	assert.equal(strings.t("x.two", { a: 1200, b: 1 }), "1,200 files are new, 1 is gone");
	assert.equal(strings.t("x.two", { b: 0 }), "{a} {a|file is|files are} new, 0 are gone");
	strings.within("zh", () => assert.equal(strings.t("x.two", { a: 1, b: 1 }), "新增 1 个，移除 1 个"));
});
