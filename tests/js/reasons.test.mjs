// The sentence of a check by its reason: values, words that are codes, sentences within sentences, and what has no words.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { reasonWords } from "../../www/i18n/reasons.js";
import { loadWords, setLanguage } from "../../www/i18n/strings.js";

before(async () => {
	await setLanguage("zh");
	await loadWords("checks");
});

test("values are filled in, and codes among them have their words", () => {
	const said = { reason: "size-differs", params: { source: "descriptor", size: 4096, actual: 3 } };
	assert.equal(reasonWords(said), "描述符给出的是 4,096 字节，实际有 3 字节。");
	assert.equal(reasonWords({ reason: "missing", params: { name: "descriptor" } }), "缺少 descriptor。");
});

test("a sentence within a sentence is said by its own reason, else as it is", () => {
	const outer = (/** @type {import("../../www/i18n/reasons.js").Said} */ why) =>
		reasonWords({ reason: "signatures-malformed", params: { why } });
	assert.equal(
		outer({ reason: "no-protected", message: "no header" }),
		'签名格式错误，因此没有签名内容：它没有 "protected"',
	);
	assert.equal(outer({ message: "own\u202e words" }), "签名格式错误，因此没有签名内容：own<U+202E> words");
});

test("several sentences stand in one", () => {
	const oddities = [
		{ reason: "no-padding-and-end", params: { left: 7 }, message: "" },
		{ reason: "never-said", message: "an oddity of a later version" },
	];
	assert.equal(
		reasonWords({ reason: "oddities", params: { counts: "C", oddities } }),
		"层可以读取（C），但有异常：缺少结束标记和它前面的 7 字节填充；an oddity of a later version",
	);
});

test("what has no words is left to the caller", () => {
	assert.equal(reasonWords({ reason: "never-said" }), undefined);
	assert.equal(reasonWords({ message: "only a sentence" }), undefined);
});
