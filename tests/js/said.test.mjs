// What the core says about pastes, waits and refused references without a code: each sentence has its Chinese, holes included.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { titleOf } from "../../www/model.js";
import { said } from "../../www/said.js";
import { loadWords, setLanguage } from "../../www/strings.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

before(async () => {
	await setLanguage("zh");
	await Promise.all([loadWords("later"), loadWords("errors"), loadWords("checks")]);
});

/** The texts of a Rust file above its tests, with what fills their holes. @param {string} name */
function texts(name) {
	const [code = ""] = readFileSync(path.join(ROOT, name), "utf8").split("#[cfg(test)]");
	const joined = code.replace(/\\\n\s*/g, "");
	return [...joined.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text = ""]) => text.replaceAll('\\"', '"'));
}

/** @param {string} text a format string */
const filled = (text) => text.replace(/\{[\w.]*\}/g, "X");

const pastes = readdirSync(path.join(ROOT, "src/paste"), { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".rs") && !name.startsWith("tests") && !name.endsWith("form.rs"))
	.flatMap((name) => texts(`src/paste/${name}`));

/** @param {string[]} all */
const missing = (all) => all.filter((text) => said(filled(text)) === undefined);

test("every note about a paste", () => {
	const notes = pastes.filter((text) => /^(\p{Lu}|docker |\{\} prints ).* .*\.$/u.test(text));
	assert.ok(notes.length >= 25, `${notes.length}`);
	assert.deepEqual(missing(notes), []);
});

test("every name of a digest in a paste, and of where it stands", () => {
	const start = /^(the|a|what|[A-Z]\w+:|IMAGE ID:) [\w{]/;
	const names = pastes.filter((text) => start.test(text) && !/^Status:|: $|\.$/.test(text));
	assert.ok(names.length >= 25, `${names.length}`);
	assert.deepEqual(missing(names.map((text) => text.replace("of {of}", "of a layer blob"))), []);
});

test("what the checks of digests and sizes say most, with its parts", () => {
	const digests = texts("src/checks/identity.rs");
	const sources = digests.filter((text) => /^the (reference|descriptor|header|config|user)$/.test(text));
	assert.equal(sources.length, 5);
	const kinds = texts("src/checks/schema/mod.rs").filter((text) =>
		/^(an?|the) ([A-Z]\w+ |descriptor$|former |oci-)/.test(text),
	);
	assert.equal(kinds.length, 10);
	const sentences = digests.filter((text) => /given by|bytes as|says \{size\}|claim that fits/.test(text));
	assert.equal(sentences.length, 5);
	assert.deepEqual(missing([...sources, ...kinds, ...sentences]), []);
	assert.equal(
		said("the digest of the layer's bytes is not the one given by the descriptor"),
		"层的字节的摘要与描述符给出的不一致。",
	);
	assert.equal(said("follows every rule for an OCI manifest"), "符合每条规则：OCI 清单。");
	assert.equal(
		said("the layer is a well-formed tar: 4 entries in 4529664 bytes"),
		"层是格式良好的 tar：4529664 字节里有 4 个条目。",
	);
});

test("every reason to wait", () => {
	const source = readFileSync(path.join(ROOT, "src/registry/exchange.rs"), "utf8");
	const [, body = ""] = /let reason = match([\s\S]*?)\n {8}\};/.exec(source) ?? [];
	const reasons = [...body.matchAll(/format!\("([^"]*)"/g)].map(([, text = ""]) => text);
	assert.equal(reasons.length, 4);
	assert.deepEqual(missing(reasons), []);
});

test("every name of an archive", () => {
	const names = texts("src/archive/open.rs").filter((text) => /^(docker save|OCI layout) archive/.test(text));
	assert.equal(names.length, 3);
	const node = { kind: "blob", parent: null, checks: [] };
	for (const title of names) assert.match(titleOf(/** @type {any} */ ({ ...node, title })), /归档/, title);
});

test("holes are filled with what stood there, and with its Chinese where it has one", () => {
	assert.equal(said("the digest in the text beside the document"), "文档旁边的文字里的摘要");
	assert.equal(
		said('"a b" is not an image reference: there is white space at position 2'),
		'"a b" 不是镜像引用：位置 2 处有空白',
	);
	assert.equal(said("nobody says this"), undefined);
	assert.equal(said(`the digest in ${"x".repeat(2000)}`), undefined);
});
