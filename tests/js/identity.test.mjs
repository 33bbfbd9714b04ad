// The lookup of a sha256: the words of the core's answer, and the picture that shows no secret.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf } from "../../www/anatomy/rows.js";
import { loadWords } from "../../www/i18n/strings.js";
import { hitWords, lookupWords } from "../../www/model/lookup.js";
import { Model } from "../../www/model/model.js";
import { digestOf, node, twoPlatforms } from "./fixtures.mjs";

await loadWords("later");

const AMD64 = "0/manifests[0]";

/** @param {object} fields */
const answer = (fields) => ({ query: "0123456789ab", hits: [], digests: 0, could: [], ...fields });

test("a place is told with the name of its node, and with the platform of the one above if it has none", () => {
	const model = new Model(twoPlatforms());
	const at = (/** @type {string} */ id) => {
		const found = model.node(`${AMD64}/${id}`);
		return { digest: "", node: found, above: model.node(found?.parent) };
	};
	assert.equal(
		hitWords({ as: "config", ...at("config") }),
		"The config’s digest (config, linux/amd64), which is the image ID in Docker’s classic store and in podman.",
	);
	assert.match(hitWords({ as: "layer", ...at("layers[1]") }), /layer 2, linux\/amd64/);
	assert.match(hitWords({ as: "diffId", digest: "", node: node({ kind: "config" }), layer: 2 }), /layer 2/);
});

test("what no node has is told as the text calls it, by its code if that has words", () => {
	assert.equal(
		hitWords({ as: "form", digest: "", name: "compact" }),
		"What the pasted document hashes to in this form: compact.",
	);
	assert.match(hitWords({ as: "mention", digest: "", name: "a layer", code: "no-such-code" }), /a layer/);
	assert.ok(!hitWords({ as: "stated", digest: "", name: "a\u202eb" }).includes("\u202e"));
});

test("the answer is a sentence", () => {
	assert.deepEqual(lookupWords(answer({ query: "" })), ["This is not a digest: it takes 6 or more hex digits."]);
	const [miss, other, layer] = lookupWords(answer({ could: ["other", "layer"] }));
	assert.equal(miss, "0123456789ab does not occur in what is in view.");
	assert.ok(other && layer);
	const hits = [1, 2].map((n) => ({ as: "layer", digest: digestOf(`${n}`) }));
	assert.match(
		lookupWords(answer({ query: "abcdef", hits, digests: 2 })).join(" "),
		/^2 different digests here begin with abcdef/,
	);
	assert.deepEqual(lookupWords(answer({ hits: hits.slice(1), digests: 1 })), []);
	assert.match(lookupWords(answer({ known: "nothing" })).join(" "), /zero bytes/);
});

test("a history line with a secret does not show in the picture", () => {
	const whole = twoPlatforms();
	const config = whole.nodes.find((/** @type {any} */ { id }) => id === `${AMD64}/config`);
	config.history[0] = { ...config.history[0], createdBy: "RUN curl -u me:hunter2 x", secret: true };
	const rows = rowsOf(new Model(whole), { open: new Set(["0", AMD64]) });
	assert.equal(rows.find(({ node: { id } }) => id === `${AMD64}/layers[0]`)?.note, "••••••••");
	assert.ok(!rows.some(({ note }) => note.includes("hunter2")));
});
