// The boundary, `open` with what people paste: each form is named, taken apart, joined, and turned back by its digest.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../e2e/support/documents.mjs";
import { ARTICLE, C, CONFIG, I, INDEX, M, MANIFEST, PASTES } from "../e2e/support/pastes.mjs";
import { api, checks, codeOf, needsVectors, only, table, VECTORS } from "./support.mjs";

/** The vectors that no rule reaches: their content was altered (tests/recover.rs says how that is known). */
const BEYOND = /\/quay-real-NGINX_1_2(2|3_1)\.json$/;

for (const paste of PASTES) {
	test(`${paste.name} is ${paste.form}, with what it holds and proves`, async () => {
		const report = await api.open(paste.text, { expected: paste.given });
		assert.equal(report.source.kind, "paste");
		assert.equal(report.pasted.length, 1);
		assertText(report.pasted[0], paste);
		assert.deepEqual(report.recovered?.steps, paste.steps);
		if (paste.root) await assertRoot(report, paste);
		else assert.deepEqual(report.nodes, []);
	});
}

test("without an expected digest the known forms are named, the right one among them", async () => {
	const { forms, recovered } = await api.open(ARTICLE.text);
	assert.equal(recovered, undefined);
	assert.equal(new Set(forms.map(({ digest }) => digest)).size, forms.length, "each digest once");
	assert.equal(forms[0].digest, sha256(ARTICLE.text), "as pasted comes first");
	assert.match(forms.find(({ digest }) => digest === ARTICLE.digest).name, /Docker/);
	for (const { name, code, size } of forms) assert.ok(name.length > 3 && /^[a-z0-9-]+$/.test(code) && size > 100);
});

test("the article's manifest is turned back to Docker's bytes, by the box or by the text", async () => {
	for (const [text, expected] of [
		[ARTICLE.text, ARTICLE.digest],
		[`Digest: ${ARTICLE.digest}\n\n${ARTICLE.text}`, undefined],
	]) {
		const { recovered, recoveryCodes } = await api.open(text, { expected });
		assert.deepEqual(recovered, { steps: ARTICLE.steps, digest: ARTICLE.digest });
		const codes = ["keys-put-in-dockers-order", "indented-with-3-spaces", "no-final-newline"];
		assert.deepEqual(
			recoveryCodes.map(({ code }) => code),
			codes,
		);
		const bytes = Buffer.from(await api.bytesOf(ARTICLE.digest));
		assert.equal(sha256(bytes), ARTICLE.digest);
		assert.match(bytes.toString(), /^\{\n {3}"schemaVersion": 2,\n {3}"mediaType": .*[^\n]$/s);
	}
});

test("another document is not turned into the expected one", async () => {
	const report = await api.open(MANIFEST.replace("667590", "667591"), { expected: M });
	assert.equal(report.recovered, undefined);
	const [failed] = checks(report, "digest", "fail");
	assert.deepEqual([failed.expected, failed.source], [M, "user"]);
	assert.equal(report.summary.verdict, "failed");
});

test("a digest of something else in the image is told", async () => {
	const [failed] = checks(await api.open([MANIFEST, CONFIG], { expected: C }), "digest", "fail");
	assert.equal(failed, undefined, "the config among the texts is what was expected");
	const [wrong] = checks(await api.open(MANIFEST, { expected: C }), "digest", "fail");
	assert.match(wrong.message, /; what was given is the digest of its config$/);
});

for (const [name, texts, recovered] of /** @type {[string, string[], boolean][]} */ ([
	["after its manifest", [MANIFEST, CONFIG], false],
	["before its manifest", [CONFIG, MANIFEST], false],
	[
		"after its manifest in the same text",
		[`$ crane manifest a/b\n${MANIFEST}\n$ crane config a/b\n${CONFIG}\n`],
		false,
	],
	["after its manifest, indented anew", [MANIFEST, JSON.stringify(JSON.parse(CONFIG), null, 2)], true],
	["after its manifest, escaped and with a final newline", [MANIFEST, `${CONFIG.replace("é", "\\u00e9")}\n`], true],
])) {
	test(`a config pasted ${name} takes its place`, async () => {
		const report = await api.open(texts);
		const [manifest, config] = [only(report, "manifest"), only(report, "config")];
		assert.deepEqual([config.parent, config.read, config.digest], [manifest.id, true, C]);
		assert.deepEqual(report.roots, [manifest.id]);
		assert.equal(report.summary.fail, 0);
		assert.equal(report.recovered?.digest, recovered ? C : undefined);
		assert.equal(sha256(await api.bytesOf(C)), C);
	});
}

test("an index, what docker manifest inspect printed of its manifest, and the config are one image", async () => {
	const inspected = `$ docker manifest inspect a/b:v1\n${JSON.stringify(JSON.parse(MANIFEST), null, "\t")}\n`;
	const report = await api.open([INDEX, inspected, CONFIG]);
	assert.deepEqual(
		report.nodes.map(({ kind, digest }) => [kind, digest]),
		[
			["index", I],
			["manifest", M],
			["config", C],
			["layer", JSON.parse(MANIFEST).layers[0].digest],
		],
	);
	assert.deepEqual(
		report.pasted.map(({ form }) => form),
		["document", "manifest-inspect", "document"],
	);
	assert.equal(report.recovered.digest, M);
	assert.equal(report.summary.fail, 0);
});

for (const expected of ["sha256:12", "sha256:", `${M}0`, "md5", "sha256:zz"]) {
	test(`the expected digest ${expected.slice(0, 12)} (${expected.length}) is refused`, async () => {
		await assert.rejects(api.open(MANIFEST, { expected }), (/** @type {any} */ error) => {
			assert.equal(codeOf(error), "invalid-digest");
			assert.match(error.message, /^[^A-Z{][^{}]{5,}/, "a sentence");
			return true;
		});
	});
}

for (const { file, expect } of table("index.json").filter(({ expect }) => expect.claimed_digest_verified === false)) {
	const beyond = BEYOND.test(file);
	test(`${file}, re-serialised, is ${beyond ? "told to be another document" : "turned back"}`, async () => {
		const text = readFileSync(join(VECTORS, file), "utf8");
		const report = await api.open(text, { expected: expect.claimed_digest });
		assert.equal(report.recovered?.digest, beyond ? undefined : expect.claimed_digest);
		if (beyond) return assert.equal(report.summary.verdict, "failed");
		assert.ok(report.recovered.steps.length > 0);
		assert.equal(sha256(await api.bytesOf(expect.claimed_digest)), expect.claimed_digest);
	});
}

test("the vectors hold re-serialised documents", needsVectors, () => {
	const rows = table("index.json").filter(({ expect }) => expect.claimed_digest_verified === false);
	assert.ok(
		rows.some(({ file }) => !BEYOND.test(file)),
		`${rows.length} rows`,
	);
});

/** @param {import("../../www/types.js").PastedText} text @param {import("../e2e/support/pastes.mjs").Paste} paste */
function assertText(text, { form, exact = true, expected, from, root, mentions = [] }) {
	assert.equal(text.form, form);
	assert.equal(text.exact, exact);
	assert.deepEqual([text.expected, text.expectedFrom], [expected, from]);
	assert.equal(text.documents, root ? 1 : 0);
	for (const sentence of [text.what, text.proof, ...text.notes]) assert.match(sentence, /^[A-Za-z].*\.$/s);
	// The digest of the document itself is mentioned wherever it stands in the text.
	const wanted = new Set(mentions.map(([digest]) => digest));
	const others = text.mentions.filter(({ digest }) => wanted.has(digest) || digest !== root?.[1]);
	assert.deepEqual(
		others.map(({ digest }) => digest),
		mentions.map(([digest]) => digest),
	);
	for (const [index, [, what]] of mentions.entries()) assert.match(others[index].what, what);
}

/** @param {any} report @param {import("../e2e/support/pastes.mjs").Paste} paste */
async function assertRoot(report, { root: [kind, digest], given, expected = given, steps, verdict = "incomplete" }) {
	const [node] = report.nodes;
	assert.deepEqual([node.kind, node.digest], [kind, digest]);
	assert.equal(report.summary.fail, 0);
	assert.equal(report.summary.verdict, verdict);
	const proof = node.checks.find(({ id, source }) => id === "digest" && source === "user");
	assert.deepEqual([proof?.outcome, proof?.expected], expected ? ["pass", expected] : [undefined, undefined]);
	assert.equal(report.recovered?.digest, steps ? digest : undefined);
	if (kind !== "schema1") assert.equal(sha256(await api.bytesOf(digest)), digest);
	assert.equal(report.forms === undefined, expected !== undefined, "forms if no digest was stated");
}
