// The page's claims about layers and documents are true: the commands' values, proved IDs, promised digests, covered secrets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../www/engine/layers/requests.js";
import { recipes } from "../../www/model/by-hand.js";
import { identitiesOf, printedBy } from "../../www/model/image-identities.js";
import { lookUp } from "../../www/model/lookup.js";
import { Model } from "../../www/model/model.js";
import { COVER, coveredStrings, hasSecrets, withoutSecrets } from "../../www/model/secrets.js";
import { check, digestOf, node, report, twoPlatforms } from "./fixtures.mjs";

const AMD64 = "0/manifests[0]";

/** The report with checks of a DiffID at each layer of one platform. @param {string[]} outcomes */
function unpacked(outcomes) {
	const whole = twoPlatforms();
	const layers = whole.nodes.filter((/** @type {any} */ { id }) => id.startsWith(`${AMD64}/layers`));
	outcomes.forEach((outcome, at) => {
		layers[at].checks = [check("diff-id", /** @type {any} */ (outcome), { expected: layers[at].diffId })];
	});
	return new Model(whole);
}

test("each command by hand says what it prints: the DiffID of an unpacked layer, else the digest", () => {
	const model = new Model(twoPlatforms());
	const [layer] = model.layers(model.node(AMD64));
	assert.ok(layer?.diffId && layer.digest);
	for (const { tool, expect } of recipes(layer, model))
		assert.equal(`sha256:${expect}`, tool === "layer" ? layer.diffId : layer.digest, tool);
});

test("RootFS and ChainIDs are as well known as the DiffIDs that they are made of", () => {
	const known = (/** @type {string[]} */ outcomes) => {
		const model = unpacked(outcomes);
		const chains = identitiesOf(model, model.chosen()).filter(({ what }) => what === "chainId");
		const rootfs = printedBy(model, model.chosen()).find(({ tool }) => tool === "rootfs");
		return [rootfs?.known, ...chains.map((one) => one.known)];
	};
	assert.deepEqual(known(["pass", "pass", "pass"]), ["proved", "proved", "proved", "proved"]);
	assert.deepEqual(known(["pass", "not-checked", "pass"]), ["claimed", "proved", "derived", "derived"]);
	assert.deepEqual(known(["pass", "fail", "pass"]), ["failed", "proved", "derived", "derived"]);
});

test("the digest that a failed layer's bytes have is found by a lookup, and so is the promised one", () => {
	const [promised, got] = [digestOf("promised"), digestOf("got")];
	const layer = node({
		kind: "layer",
		digest: promised,
		checks: [check("digest", "fail", { expected: promised, actual: got })],
	});
	const model = new Model(report([layer]));
	assert.deepEqual(
		lookUp(model, got).hits.map(({ as }) => as),
		["got"],
	);
	assert.deepEqual(
		lookUp(model, promised).hits.map(({ as }) => as),
		["layer"],
	);
});

test("what looks like a secret is covered in the bytes and in what is exported", () => {
	const text =
		'{"config":{"Env":["A=b","DB_PASSWORD=hunter\\u00322"],"Cmd":["--token=hunter22"]},"history":[{"created_by":"ARG T=hunter22"}]}';
	const at = (/** @type {string} */ path) => check("secret", "warn", { path, reason: "secret-by-name" });
	const config = node({
		kind: "config",
		checks: [at("$.config.Env[1]"), at("$.config.Cmd[0]"), at("$.history[0].created_by")],
		image: { env: ["A=b", "DB_PASSWORD=hunter22"], secretEnv: [1], labels: [], cmd: ["--token=hunter22"] },
		history: [{ createdBy: "ARG T=hunter22", emptyLayer: true, secret: true }],
	});
	const isCovered = coveredStrings(config, text);
	assert.deepEqual(
		['"A=b"', '"DB_PASSWORD=hunter\\u00322"', '"--token=hunter22"', '"ARG T=hunter22"', '"cut off'].map((one) =>
			isCovered?.(one),
		),
		[false, true, true, true, true],
	);
	const saved = JSON.stringify(withoutSecrets(report([config])));
	assert.doesNotMatch(saved, /hunter/);
	assert.ok(saved.includes(`DB_PASSWORD=${COVER}`));
	const plain = node({ kind: "config", checks: [check("secret", "pass")] });
	assert.equal(coveredStrings(plain, text), undefined);
	assert.equal(hasSecrets(plain), false);
});

test("the requests for a layer are told: what refused, what came", () => {
	/** @type {any[]} */
	const told = [];
	const log = requestLog((event) => told.push([event.url, event.status, event.bytes]));
	const answer = (/** @type {string} */ url) => /** @type {any} */ ({ value: { url, round: 0 } });
	log.begin(answer("/one"));
	return log
		.asking(async () => answer("/two"))(/** @type {any} */ ({ status: 401, body: new Uint8Array(7) }))
		.then(() => {
			log.end(/** @type {any} */ ({ read: true, size: 300, checks: [] }));
			assert.deepEqual(told, [
				["/one", 401, 7],
				["/two", 200, 300],
			]);
		});
});
