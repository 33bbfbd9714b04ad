// A report as the page reads it: marks, the image in view, the verdict's words, the pin.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addWords, within } from "../../www/i18n/strings.js";
import { words as chinese } from "../../www/i18n/words/zh/report.zh.js";
import { Model, outcomeOf, pinLine, referenceParts, titleOf } from "../../www/model/model.js";
import { foundAbout } from "../../www/model/tabs.js";
import { isDocument } from "../../www/views/box.js";
import { headlineOf, nameInSentence, verdictWords } from "../../www/views/headline.js";
import { check, digestOf, flippedConfig, node, report, schema1, twoPlatforms } from "./fixtures.mjs";

/** @param {string[]} outcomes @param {boolean} read @param {string} expected */
function marked(outcomes, read, expected) {
	const checks = outcomes.map((outcome) => check("digest", /** @type {any} */ (outcome)));
	assert.equal(outcomeOf(node({ read, checks })), expected, `${outcomes} ${read}`);
}

test("what could not be held against the digest that was given is never green", () => {
	const odd = { ...check("digest", "not-checked"), expected: "blake3:00", actual: digestOf("a") };
	assert.equal(outcomeOf(node({ read: true, checks: [odd, check("schema", "pass")] })), "not-checked");
	assert.equal(outcomeOf(node({ read: true, checks: [odd, check("schema", "fail")] })), "fail");
	assert.equal(outcomeOf(node({ read: true, checks: [odd, check("schema", "warn")] })), "warn");
	const tag = { ...check("digest", "not-checked"), expected: null, actual: digestOf("a") };
	assert.equal(
		outcomeOf(node({ read: true, checks: [tag, check("schema", "pass")] })),
		"pass",
		"a tag has none to hold against",
	);
});

test("the mark is the worst, and what was not read is never green", () => {
	marked([], true, "not-checked");
	marked(["pass"], true, "pass");
	marked(["pass"], false, "not-checked");
	marked(["warn"], false, "not-checked");
	marked(["fail"], false, "fail");
	marked(["pass", "warn", "pass"], true, "warn");
	marked(["pass", "warn", "fail"], true, "fail");
	marked(["not-checked"], true, "not-checked");
	marked(["not-checked", "pass"], true, "pass");
});

/** With the facts as the core counts them. @param {any} whole @param {object} facts */
const told = (whole, facts) =>
	headlineOf(
		new Model({
			...whole,
			summary: {
				...whole.summary,
				facts: { consistent: true, layers: { verified: 0, of: 0 }, pinned: false, ...facts },
			},
		}),
	);

test("the tab of signatures has no count before they were looked for, then that of what was found", () => {
	const nodes = [
		node({ read: true }),
		node({ id: "a", proof: /** @type {any} */ ({}) }),
		node({ id: "b", read: true, blobKind: "statement" }),
		node({ id: "c", read: true, blobKind: "sbom" }),
		node({ id: "d", read: false, blobKind: "sbom" }),
		// A signature that has a statement in it is one.
		node({ id: "e", read: true, blobKind: "statement", proof: /** @type {any} */ ({}) }),
	];
	const found = (/** @type {any} */ asked, of = nodes) => foundAbout(/** @type {any} */ ({ asked, nodes: of }));
	assert.deepEqual([found(undefined), found([]), found([], [])], [undefined, 4, 0]);
});

test("at the beginning of a sentence a word is large, and a platform stays as it is written", () => {
	const manifest = node({ kind: "manifest", title: "linux/amd64" });
	const layer = node({ kind: "layer", title: "layer 2" });
	assert.deepEqual([manifest, layer].map(nameInSentence), ["The linux/amd64 manifest", "Layer 2"]);
	addWords(chinese, "zh");
	assert.deepEqual(
		within("zh", () => [manifest, layer].map(nameInSentence)),
		["linux/amd64 的清单", "第 2 层"],
	);
});

test("the verdict is one line: what is so, over what; green only when every layer of the image is verified", () => {
	const two = twoPlatforms();
	const none = told(two, { layers: { verified: 0, of: 3 } });
	assert.deepEqual([none.mark, none.title, none.tint], ["pass", "Every digest matches", undefined]);
	const most = told(two, { layers: { verified: 2, of: 3 } });
	assert.deepEqual([most.title, most.tint], ["Every digest matches", undefined]);
	const all = told(two, { layers: { verified: 3, of: 3 } });
	assert.deepEqual([all.mark, all.title, all.tint], ["pass", "Verified", "pass"]);
	const alone = told(report([node({ checks: [check("digest", "not-checked")] })], { kind: "paste" }), {});
	assert.deepEqual([alone.mark, alone.title], ["info", "No expected digest"]);
	assert.equal(told(report([]), { consistent: false }).title, "Nothing was checked");
});

test("a failure leads the verdict, by the name of what failed and of what named it", () => {
	const line = told(flippedConfig(), { consistent: false });
	assert.deepEqual(
		[line.mark, line.title, line.tint],
		["fail", "The config does not match the digest in the manifest", "fail"],
	);
	assert.equal(verdictWords(new Model(flippedConfig())), line.title);
});

test("a title does not repeat its kind", () => {
	const titles = [
		["layer", "layer 3", "3"],
		["config", "config", "linux/arm64"],
		["attestation", "attestation for linux/amd64", "for linux/amd64"],
		["manifest", "linux/amd64", "linux/amd64"],
		["blob", undefined, "linux/arm64"],
	];
	for (const [kind, title, expected] of titles) {
		assert.equal(titleOf(node({ kind, title, platform: { os: "linux", architecture: "arm64" } })), expected);
	}
});

test("a failure is found with its check", () => {
	const found = new Model(flippedConfig()).firstFailure();
	assert.deepEqual([found?.node.id, found?.check.id], ["0/manifests[0]/config", "digest"]);
	assert.equal(new Model(twoPlatforms()).firstFailure(), undefined);
});

test("a tag is pinned by the digest of what it gave", () => {
	assert.equal(pinLine(new Model(twoPlatforms())), `ghcr.io/demo/app@${digestOf("index")}`);
	const pinned = report([node({})], { kind: "registry", reference: `ghcr.io/demo/app:v1@${digestOf("manifest")}` });
	assert.equal(pinLine(new Model(pinned)), undefined);
	assert.equal(pinLine(new Model(report([node({})], { kind: "paste" }))), undefined);
	assert.equal(pinLine(new Model(report([node({ read: false })]))), undefined);
});

test("a port is no tag", () => {
	const port = referenceParts("127.0.0.1:5000/demo/app");
	assert.deepEqual(
		[port?.name, port?.tag, port?.registry, port?.repository],
		["127.0.0.1:5000/demo/app", undefined, "127.0.0.1:5000", "demo/app"],
	);
	assert.equal(referenceParts("docker.io/library/busybox:latest")?.tag, "latest");
});

test("the image in view is the one that the node belongs to", () => {
	const model = new Model(twoPlatforms());
	assert.equal(model.imageOf(model.node("0/manifests[1]/layers[0]"))?.id, "0/manifests[1]");
	assert.equal(model.imageOf(model.node("0"))?.id, "0/manifests[0]");
	assert.equal(model.config(model.node("0/manifests[1]"))?.id, "0/manifests[1]/config");
	assert.equal(model.layers(model.node("0/manifests[1]")).length, 3);
	const old = new Model(schema1());
	assert.equal(old.config(old.roots[0])?.kind, "schema1");
});

test("the box knows a document from a reference", () => {
	for (const text of ["busybox", "ghcr.io/o/app:1 ", "[::1]:5000/a", "127.0.0.1:5000/demo/app:v1\n"])
		assert.equal(isDocument(text), false, text);
	for (const text of ["{}", '  {"a":1}', "[{}]", "one\ntwo", "\ufeff{}"]) assert.equal(isDocument(text), true, text);
});
