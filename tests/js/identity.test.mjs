// The lookup of a sha256: its places and words, the formulas opened, the output of each tool.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { rowsOf } from "../../www/anatomy/rows.js";
import { loadWords } from "../../www/i18n/strings.js";
import { inputOf } from "../../www/model/formulas.js";
import { identitiesOf, printedBy } from "../../www/model/image-identities.js";
import { hitWords, lookUp, lookupWords, queryOf } from "../../www/model/lookup.js";
import { Model } from "../../www/model/model.js";
import { check, digestOf, flippedConfig, node, report, schema1, twoPlatforms } from "./fixtures.mjs";

await loadWords("later");

const two = () => new Model(twoPlatforms());
const AMD64 = "0/manifests[0]";

test("a digest is read from what people copy", () => {
	const cases = [
		["2b8fd9751c4c", "2b8fd9751c4c"],
		["  SHA256:2B8FD9 ", "sha256:2b8fd9"],
		["busybox@sha256:2b8fd9751c4c", "sha256:2b8fd9751c4c"],
		["`2b8fd9751c4c…`", "2b8fd9751c4c"],
		['"sha256:2b8fd9751c4c",', "sha256:2b8fd9751c4c"],
		["2b8fd9...", "2b8fd9"],
		["2b8fd", ""],
		["busybox", ""],
		["", ""],
	];
	for (const [text, query] of cases) assert.equal(queryOf(String(text)), query, text);
});

/** @param {Model} model @param {string} digest */
const placesOf = (model, digest) => lookUp(model, digest).hits.map(({ as, node: at }) => [as, at?.id]);

test("every kind of identity is found where it occurs, whole or by its beginning", () => {
	const model = two();
	const [layer] = model.layers(model.node(AMD64)).slice(1);
	assert.deepEqual(placesOf(model, digestOf("index")), [["index", "0"]]);
	assert.deepEqual(placesOf(model, digestOf("config linux/amd64").slice(7, 13)), [["config", `${AMD64}/config`]]);
	assert.deepEqual(placesOf(model, String(layer?.diffId)), [["diffId", `${AMD64}/layers[1]`]]);
	assert.deepEqual(placesOf(model, String(layer?.chainId).slice(7, 19)), [["chainId", `${AMD64}/layers[1]`]]);
	// The base layer is the same blob for both platforms.
	assert.deepEqual(placesOf(model, digestOf("layer 0 base")), [
		["layer", `${AMD64}/layers[0]`],
		["layer", "0/manifests[1]/layers[0]"],
	]);
	assert.deepEqual(placesOf(model, digestOf("index").replace("sha256", "sha512")), []);
});

test("the answer is a sentence", () => {
	const model = two();
	const [config] = lookUp(model, digestOf("config linux/amd64")).hits;
	assert.equal(
		config && hitWords(config),
		"The config’s digest (config, linux/amd64), which is the image ID in Docker’s classic store and in podman.",
	);
	const miss = lookUp(model, "0123456789ab");
	assert.equal(lookupWords(miss)[0], "0123456789ab does not occur in what is in view.");
	assert.deepEqual(miss.could, ["other", "layer"]);
	assert.deepEqual(lookupWords(lookUp(model, "busybox")), ["This is not a digest: it takes 6 or more hex digits."]);
});

test("different digests with one beginning are told apart", () => {
	const model = new Model(
		report([
			node({ id: "a", digest: `sha256:abcdef1${"0".repeat(57)}` }),
			node({ id: "b", digest: `sha256:abcdef2${"0".repeat(57)}` }),
		]),
	);
	const found = lookUp(model, "abcdef");
	assert.equal(found.digests, 2);
	assert.match(lookupWords(found).join(" "), /^2 different digests here begin with abcdef/);
});

test("a digest that was promised, and digests in pasted texts and forms, are found", () => {
	const flipped = lookUp(new Model(flippedConfig()), digestOf("config linux/amd64"));
	assert.deepEqual(
		flipped.hits.map(({ as }) => as),
		["promised"],
	);
	const pasted = {
		...report([node({})], { kind: "paste" }),
		forms: [{ name: "compact", digest: digestOf("compact"), size: 3 }],
		pasted: [
			{
				expected: digestOf("told"),
				expectedFrom: "a header",
				digests: [{ digest: "8ddc19f16526", what: "a layer", code: "layer" }],
			},
		],
	};
	const model = new Model(/** @type {any} */ (pasted));
	assert.equal(
		hitWords(/** @type {any} */ (lookUp(model, digestOf("compact")).hits[0])),
		"What the pasted document hashes to in this form: compact.",
	);
	assert.deepEqual(placesOf(model, digestOf("told")), [["stated", undefined]]);
	assert.deepEqual(placesOf(model, "8ddc19f16526"), [["mention", undefined]]);
});

test("contents that are the same everywhere are known", () => {
	/** @param {string | Uint8Array} content */
	const known = (content) => lookUp(two(), createHash("sha256").update(content).digest("hex")).known;
	assert.equal(known(""), "nothing");
	assert.equal(known("{}"), "emptyJson");
	assert.equal(known(new Uint8Array(1024)), "emptyTar");
	assert.match(lookupWords(lookUp(two(), "e3b0c44298fc")).join(" "), /zero bytes/);
});

test("a config alone has an image ID and DiffIDs; its manifest is not known here", () => {
	const diffIds = [digestOf("d0"), digestOf("d1")];
	const model = new Model(
		report([node({ kind: "config", digest: digestOf("c"), diffIds, checks: [check("digest", "pass")] })], {
			kind: "paste",
		}),
	);
	assert.deepEqual(
		identitiesOf(model, undefined).map(({ what, known }) => [what, known]),
		[
			["manifest", "unknown"],
			["imageId", "proved"],
			["diffId", "claimed"],
			["diffId", "claimed"],
		],
	);
	assert.deepEqual(placesOf(model, digestOf("d1")), [["diffId", "0"]]);
});

test("what is not known here is said, never left out", () => {
	const layer = node({ id: "0/layers[0]", kind: "layer", parent: "0", read: false, digest: digestOf("l") });
	const model = new Model(report([node({ checks: [check("digest", "pass")] }), layer]));
	const known = Object.fromEntries(identitiesOf(model, model.roots[0]).map((one) => [one.what, one.known]));
	assert.deepEqual(known, {
		manifest: "proved",
		imageId: "unknown",
		layer: "claimed",
		diffId: "unknown",
		chainId: "unknown",
	});
});

test("each tool prints the digest that it prints", () => {
	const model = two();
	const lines = Object.fromEntries(printedBy(model, model.chosen()).map((line) => [line.tool, line]));
	const [index, manifest, config] = ["index", "manifest linux/amd64", "config linux/amd64"].map(digestOf);
	for (const tool of ["pull", "containerd", "crane", "skopeo"]) assert.deepEqual(lines[tool]?.values, [index], tool);
	for (const tool of ["classic", "podman", "crictl"]) assert.deepEqual(lines[tool]?.values, [config], tool);
	for (const tool of ["repoDigests", "kubelet"])
		assert.deepEqual(lines[tool]?.values, [`ghcr.io/demo/app@${index}`], tool);
	assert.deepEqual(lines.cranePlatform?.values, [manifest]);
	assert.equal(lines.rootfs?.values.length, 3);
	assert.equal(lines.rootfs?.known, "claimed");
	const old = new Model(schema1());
	assert.deepEqual(printedBy(old, old.chosen()), []);
});

test("a pasted manifest has no repository, so RepoDigests are not known", () => {
	const model = new Model({ ...twoPlatforms(), source: { kind: "paste" } });
	const line = printedBy(model, model.chosen()).find(({ tool }) => tool === "repoDigests");
	assert.deepEqual([line?.values, line?.known], [[], "unknown"]);
});

/** @param {Model} model @param {string} what @param {number} [at] */
const opened = (model, what, at = 0) => {
	const one = identitiesOf(model, model.chosen()).filter((identity) => identity.what === what)[at];
	assert.ok(one);
	return inputOf(one, model);
};

test("a formula opens to the bytes that go in", () => {
	assert.deepEqual(
		["index", "manifest", "imageId"].map((what) => opened(two(), what).kind),
		["bytes", "bytes", "bytes"],
	);
	assert.equal(opened(two(), "imageId").digest, digestOf("config linux/amd64"));
	assert.deepEqual([opened(two(), "layer").kind, opened(two(), "layer").why], ["none", "unread"]);
	assert.deepEqual([opened(two(), "diffId").why, opened(two(), "chainId").why], ["unpacked", "first"]);
	assert.equal(opened(new Model(flippedConfig()), "imageId").why, "other");
	assert.equal(opened(new Model(schema1()), "payload").why, "payload");
});

test("a ChainID's string is that of the specification, and the command makes the same hash", () => {
	const model = two();
	const [first, second] = model.layers(model.chosen());
	const { text, recipes } = opened(model, "chainId", 1);
	assert.equal(text, `${first?.chainId} ${second?.diffId}`);
	assert.equal(text?.length, 143);
	const printed = execFileSync("sh", ["-c", String(recipes[0]?.lines[0])], { encoding: "utf8" });
	assert.equal(printed.split(" ")[0], createHash("sha256").update(String(text)).digest("hex"));
});

test("a history line with a secret does not show in the picture", () => {
	const whole = twoPlatforms();
	const config = whole.nodes.find((/** @type {any} */ { id }) => id === `${AMD64}/config`);
	config.history[0] = { ...config.history[0], createdBy: "RUN curl -u me:hunter2 x", secret: true };
	const rows = rowsOf(new Model(whole), { open: new Set(["0", AMD64]) });
	assert.equal(rows.find(({ node: { id } }) => id === `${AMD64}/layers[0]`)?.note, "••••••••");
	assert.ok(!rows.some(({ note }) => note.includes("hunter2")));
});
