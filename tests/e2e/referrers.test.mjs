// image -> what lies beside it, in Chromium against a real registry: cosign's tags, the fallback tag, BuildKit's
// attestations; and a registry with the referrers API, page by page.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { lies, startLiar } from "./support/lying-proxy.mjs";
import { startRegistry } from "./support/registry.mjs";
import { bundleOf, keys, listOf, payload, provenance, pushImage, pushReferrer, pushSig } from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let [browser, site, registry, liar] = /** @type {any[]} */ ([]);
before(async () => {
	[browser, site, registry] = await Promise.all([start(launch()), start(startStatic("/")), start(startRegistry())]);
	liar = await start(startLiar(registry.host));
});

/** The API's answer in a page, and the requests on the way. @param {string} name @param {object} asked @param {{ all?: boolean }} [how] */
async function found(name, asked, { all = false } = {}) {
	/** @type {any} */
	let result;
	await withPage(
		browser,
		async (page) => {
			await page.goto(site.url);
			result = await page.evaluate(
				async ([reference, proxy, asked, all]) => {
					const api = await import(new URL("www/api.js", document.baseURI).href);
					const report = await api.inspect(reference, { proxy });
					const plans = [];
					const onProgress = (event) => event.type === "plan" && plans.push(event);
					const found = await api.referrers(report, { proxy, all, onProgress });
					const proved = await api.verifySignatures(found, asked);
					const statements = [];
					for (const node of proved.nodes.filter(
						({ blobKind, read }) => read && /statement|signature/.test(blobKind),
					)) {
						const read = await api.readStatement(proved, node.id).catch(({ code }) => ({ code }));
						statements.push({ id: node.id, ...read, packages: read.packages?.query("curl") });
					}
					return { before: report.summary, plans, proved, statements };
				},
				[`${registry.host}/${name}`, liar.proxy, asked, all],
			);
		},
		{ expected: /404|Failed to load resource/ },
	);
	return result;
}

const place = (report, about, kind) => report.asked.find((one) => one.about === about && one.place === kind);

test("a real registry: cosign's tag, the fallback tag and BuildKit's attestations are found, read and judged", async () => {
	const repo = repository(registry.url, "team/app");
	const image = await pushImage(repo);
	const { privateKey, pem } = keys();
	await pushSig(repo, image.index.digest, privateKey);
	const entry = await pushReferrer(repo, image.amd64, bundleOf(provenance(image.amd64.digest), privateKey));
	await repo.putManifest(image.amd64.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	const { before, plans, proved, statements } = await found("team/app:1.2", { keys: [pem], allow: { noLog: true } });
	assert.deepEqual(plans, [{ type: "plan", digests: 3, requests: 15 }]);
	const { index, amd64 } = image;
	const states = (about, ...kinds) => kinds.map((kind) => place(proved, about, kind)?.state);
	assert.deepEqual(states(index.digest, "referrers", "fallback-tag", "sig-tag", "att-tag", "sbom-tag", "index"), [
		...["failed", "empty", "found", "empty", "empty", "found"],
	]);
	assert.equal(place(proved, index.digest, "referrers").check.reason, "place-not-offered");
	assert.deepEqual(states(amd64.digest, "fallback-tag", "sig-tag", "index"), ["found", "empty", "found"]);
	assert.deepEqual(states(image.attestation.digest, "sig-tag"), ["empty"]);
	const signed = proved.nodes.filter(({ proof }) => proof?.good);
	assert.deepEqual(signed.map(({ about }) => about).sort(), [index.digest, amd64.digest].sort());
	assert.equal(proved.trust.verdict, "signed-by-named");
	assert.deepEqual(proved.trust.asked, proved.asked);
	assert.deepEqual(proved.summary, before, "the image's own verdict stays apart");
	const sentences = statements.map(({ sentence }) => sentence).filter(Boolean);
	const built = "Built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for tag v1.2";
	assert.deepEqual(sentences.sort(), ["3 packages, SPDX 2.3", built, built].sort());
	const list = statements.find(({ packages }) => packages);
	assert.deepEqual(
		list.packages.map(({ name, type }) => [name, type]),
		[["curl", "deb"]],
	);
	for (const { sentence, subjects } of statements) if (sentence) assert.equal(subjects[0].fits, "image");
});

test("the referrers API: pages by Link, another subject, and signatures of another image, platform or key", async () => {
	const repo = repository(registry.url, "team/listed");
	const { index, amd64, arm64 } = await pushImage(repo);
	const { privateKey, pem } = keys();
	const good = await pushReferrer(repo, amd64, bundleOf(provenance(amd64.digest), privateKey));
	const strange = await pushReferrer(repo, amd64, bundleOf(provenance(amd64.digest), keys().privateKey));
	const another = await pushReferrer(repo, amd64, bundleOf(provenance(`sha256:${"0".repeat(64)}`), privateKey));
	const platform = await pushReferrer(repo, amd64, bundleOf(provenance(arm64.digest), privateKey));
	const elsewhere = await pushReferrer(repo, arm64, bundleOf(provenance(amd64.digest), privateKey));
	await pushSig(repo, index.digest, privateKey, payload(arm64.digest));
	liar.lie(/\/referrers\/sha256/, lies.document(JSON.stringify(listOf([])), { mediaType: TYPES.index }));
	const path = `/v2/team/listed/referrers/${amd64.digest}`;
	const first = lies.document(JSON.stringify(listOf([good, strange, another])), { mediaType: TYPES.index });
	liar.lie(new RegExp(`referrers/${amd64.digest}$`), () => {
		const answer = first();
		return { ...answer, headers: { ...answer.headers, link: `<${path}?last=3>; rel="next"` } };
	});
	const second = JSON.stringify(listOf([platform, elsewhere]));
	liar.lie(new RegExp(`referrers/${amd64.digest}\\?last=3$`), lies.document(second, { mediaType: TYPES.index }));
	const { before, proved, statements } = await found("team/listed:1.2", { keys: [pem], allow: { noLog: true } });
	liar.reset();
	assert.equal(place(proved, amd64.digest, "referrers").nodes.length, 5);
	assert.equal(place(proved, amd64.digest, "fallback-tag").check.reason, "place-needless");
	const manifests = place(proved, amd64.digest, "referrers").nodes.map((id) =>
		proved.nodes.find((node) => node.id === id),
	);
	const refers = manifests.map(({ checks }) => checks.find(({ id }) => id === "referrer").outcome);
	assert.deepEqual(refers, ["pass", "pass", "pass", "pass", "fail"]);
	const verdicts = manifests.map(({ id }) => {
		const { checks, proof } = proved.nodes.find(({ parent, proof }) => parent === id && proof);
		return [proof.good, ...checks.filter(({ outcome }) => outcome === "fail").map(({ id }) => id)];
	});
	assert.deepEqual(verdicts, [
		[true],
		[false, "signature"],
		[false, "signed-subject"],
		[false, "signed-subject"],
		[true],
	]);
	const fits = Object.fromEntries(statements.map(({ id, subjects }) => [id, subjects?.[0]?.fits]));
	assert.deepEqual(
		manifests.map(({ id }) => fits[`${id}/layers[0]`]),
		["image", "image", "other", "platform", "image"],
	);
	const sig = proved.nodes.find(({ id }) => id.endsWith("/sig/layers[0]"));
	assert.equal(sig.checks.find(({ id }) => id === "signed-subject").outcome, "fail", "signed for another platform");
	assert.deepEqual(proved.summary, before, "a bad signature does not make the image red");
});

test("a registry without the API answers in many ways, and the fallback tag is read; no filter is sent", async () => {
	const repo = repository(registry.url, "team/old");
	const { amd64 } = await pushImage(repo);
	const { privateKey, pem } = keys();
	const entry = await pushReferrer(repo, amd64, bundleOf(provenance(amd64.digest), privateKey));
	await repo.putManifest(amd64.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	for (const [status, lie] of /** @type {[number, any][]} */ ([
		...[400, 404, 405, 501].map((status) => [status, lies.status(status)]),
		[200, lies.html()],
	])) {
		liar.reset();
		liar.lie(/\/referrers\/sha256/, lie);
		const { proved } = await found("team/old:1.2", { keys: [pem], allow: { noLog: true } });
		const [api, tag] = ["referrers", "fallback-tag"].map((kind) => place(proved, amd64.digest, kind));
		assert.deepEqual([api.state, api.check.reason, api.check.params.status], ["failed", "place-not-offered", status]);
		assert.deepEqual([tag.state, tag.nodes.length], ["found", 1], String(status));
		assert.equal(proved.trust.verdict, "signed-by-named", String(status));
		const lists = liar.requests.filter((/** @type {any} */ { path }) => path.includes("/referrers/"));
		assert.ok(lists.length > 0 && lists.every((/** @type {any} */ { path }) => !path.includes("?")));
	}
	liar.reset();
});

test("a list whose second page does not come says that it is not whole, and its first page counts", async () => {
	const repo = repository(registry.url, "team/cut");
	const { amd64 } = await pushImage(repo);
	const { privateKey, pem } = keys();
	const good = await pushReferrer(repo, amd64, bundleOf(provenance(amd64.digest), privateKey));
	const first = lies.document(JSON.stringify(listOf([good])), { mediaType: TYPES.index });
	liar.lie(/\/referrers\/sha256/, lies.document(JSON.stringify(listOf([])), { mediaType: TYPES.index }));
	const link = `</v2/team/cut/referrers/${amd64.digest}?last=1>; rel="next"`;
	liar.lie(new RegExp(`referrers/${amd64.digest}$`), () => {
		const answer = first();
		return { ...answer, headers: { ...answer.headers, link } };
	});
	liar.lie(/\?last=1$/, lies.status(501));
	const { proved } = await found("team/cut:1.2", { keys: [pem], allow: { noLog: true } });
	liar.reset();
	const { state, check, nodes } = place(proved, amd64.digest, "referrers");
	assert.deepEqual([state, check.reason, nodes.length], ["failed", "place-cut", 1]);
	assert.equal(proved.trust.verdict, "signed-by-named");
	assert.equal(proved.trust.only, "linux/amd64", "the index is not signed");
});
