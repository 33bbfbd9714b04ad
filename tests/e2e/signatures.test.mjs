// The public module in a browser: signatures are judged as in Node, and the judge is loaded for nothing else.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { before, test } from "node:test";
import { bundleCases, needsVectors, verdictOf, wrongOf } from "../conformance/bundles.mjs";
import { startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let browser;
let site;
before(async () => {
	browser = await start(launch());
	site = await start(startStatic("/some/where/"));
});

/** The answers of `verifyBundle` to each question, in a page, and the files that the page has asked for. */
async function inPage(questions) {
	let found;
	await withPage(browser, async (page) => {
		const asked = [];
		page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()));
		await page.goto(site.url);
		const before = asked.filter((name) => name.includes("trust"));
		const verdicts = await page.evaluate(async (all) => {
			const { verifyBundle } = await import(new URL("www/api.js", document.baseURI).href);
			const said = [];
			for (const [bundle, options] of all) {
				const proof = await verifyBundle(bundle, options).catch((error) => ({ verdict: error.code, checks: [] }));
				said.push({
					verdict: proof.verdict,
					failed: proof.checks.filter(({ outcome }) => outcome === "fail").map(({ id }) => id),
				});
			}
			return said;
		}, questions);
		found = { before, verdicts };
	});
	return found;
}

/** A bundle that a new key has signed, and its public half. @param {string} content */
function ownBundle(content) {
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const digest = createHash("sha256").update(content).digest();
	const bundle = {
		mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
		verificationMaterial: { publicKey: { hint: "own" } },
		messageSignature: {
			messageDigest: { algorithm: "SHA2_256", digest: digest.toString("base64") },
			signature: sign("sha256", Buffer.from(content), privateKey).toString("base64"),
		},
	};
	return { bundle, key: publicKey.export({ type: "spki", format: "pem" }), digest: `sha256:${digest.toString("hex")}` };
}

test("a key's signature is judged in a browser, and the judge is no part of the page", async () => {
	const { bundle, key, digest } = ownBundle("what was signed");
	const other = ownBundle("what was signed");
	const allow = { noLog: true };
	const { before, verdicts } = await inPage([
		[bundle, { digest, key, allow }],
		[bundle, { digest, key }],
		[bundle, { digest: other.digest.replace(/.$/, "0"), key, allow }],
		[bundle, { digest, key: other.key, allow }],
		["{}", { digest, key }],
	]);
	assert.deepEqual(before, []);
	assert.deepEqual(
		verdicts.map(({ verdict, failed }) => [verdict, ...failed]),
		[["verified"], ["incomplete"], ["failed", "signed-subject"], ["failed", "signature"], ["bundle-invalid"]],
	);
});

test("every bundle of other projects gets its verdict in a browser as in Node", needsVectors, async () => {
	const cases = bundleCases();
	/** @type {any[]} */
	let answers = [];
	await withPage(browser, async (page) => {
		await page.goto(site.url);
		await page.evaluate(`globalThis.verdictOf = ${verdictOf}`);
		answers = await page.evaluate(async (all) => {
			const { verifyBundle } = await import(new URL("www/api.js", document.baseURI).href);
			const found = [];
			for (const one of all) found.push(await globalThis.verdictOf(verifyBundle, one));
			return found;
		}, cases);
	});
	assert.deepEqual(wrongOf(cases, answers), []);
	assert.ok(answers.filter(({ verdict }) => verdict === "verified").length >= 40);
});
