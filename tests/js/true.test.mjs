// The page's claims about layers and documents are true: covered secrets, and the requests for a layer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../www/engine/layers/requests.js";
import { COVER, coveredStrings, hasSecrets, withoutSecrets } from "../../www/model/secrets.js";
import { check, node, report } from "./fixtures.mjs";

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

test("a secret is covered under every name that engines take for its member", () => {
	const covered = (/** @type {string} */ path, /** @type {string} */ text, /** @type {string[]} */ ...tokens) => {
		const checks = [check("secret", "warn", { path, reason: "secret-by-name" })];
		const isCovered = coveredStrings(node({ kind: "config", checks }), text);
		return tokens.map((one) => isCovered?.(`"${one}"`));
	};
	const path = "$.config.Cmd[0]";
	assert.deepEqual(covered(path, '{"config":{"cmd":["--token=a","x"]}}', "--token=a", "x"), [true, false]);
	assert.deepEqual(covered(path, '{"Config":{"Cmd":["b"],"CMD":["--token=a"]}}', "--token=a"), [true]);
	const shell = '{"config":{"\u017fhell":["--token=a","x"]}}';
	assert.deepEqual(covered("$.config.Shell[0]", shell, "--token=a", "x"), [true, false]);
	// The names of labels are their author's: in another case they are others.
	const labels = '{"config":{"labels":{"token":"a","TOKEN":"b"}}}';
	assert.deepEqual(covered("$.config.Labels.token", labels, "a", "b"), [true, false]);
	assert.deepEqual(covered(path, '{"config":{}}', "anything"), [true], "a place that is not found covers all");
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
