// image -> signer, everywhere that one is named: an index of a real registry that points at another image's signed
// attestations does not get their signer, and the image that they are of does.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { words as en } from "../../www/i18n/words/en/trust.en.js";
import { startApp } from "./support/app.mjs";
import { launch, screenshot, withPage } from "./support/browser.mjs";
import { descriptor, repository, TYPES } from "./support/documents.mjs";
import { marksAre } from "./support/page.mjs";
import { temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";
import { startRegistry } from "./support/registry.mjs";
import { signerElement } from "./support/signer-element.mjs";
import { bundleOf, keys, listOf, provenance, pushImage, pushReferrer } from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
const owner = keys();
const folder = temporaryFolder("covering");
let [browser, app, registry] = /** @type {any[]} */ ([]);
/** References by what they are. @type {Record<string, string>} */
const images = {};
/** Their digests. @type {Record<string, any>} */
const made = {};

before(async () => {
	[browser, registry] = await Promise.all([start(launch()), start(startRegistry())]);
	app = await start(startApp({ plainHttp: [registry.host] }));
	const repo = repository(registry.url, "covering/app");
	// As Docker signs: neither the index nor a platform, but the attestation manifest of one.
	const image = await pushImage(repo);
	const entry = await pushReferrer(
		repo,
		image.attestation,
		bundleOf(provenance(image.attestation.digest), owner.privateKey),
	);
	await repo.putManifest(image.attestation.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	const other = await otherImage(repo);
	const attests = { "vnd.docker.reference.digest": other.digest, "vnd.docker.reference.type": "attestation-manifest" };
	const unknown = { os: "unknown", architecture: "unknown" };
	const platform = { os: "linux", architecture: "amd64" };
	const stolen = descriptor(image.attestation, { annotations: attests, platform: unknown });
	const thief = await repo.putManifest("thief", TYPES.index, listOf([descriptor(other, { platform }), stolen]));
	// The signed image lies beside the one in view, within an index of its own.
	const beside = [descriptor(other, { platform }), descriptor(image.index), stolen];
	await repo.putManifest("beside", TYPES.index, listOf(beside));
	Object.assign(made, { image, other, thief });
	Object.assign(images, {
		signed: `${registry.host}/covering/app:1.2`,
		thief: `${registry.host}/covering/app:thief`,
		beside: `${registry.host}/covering/app:beside`,
	});
	writeFileSync(join(folder, "cosign.pub"), owner.pem);
});

/** An image without a signature. @param {any} repo */
async function otherImage(repo) {
	const config = await repo.putBlob(TYPES.config, {
		...{ architecture: "amd64", os: "linux", config: { Env: ["OTHER=1"] } },
		rootfs: { type: "layers", diff_ids: [] },
	});
	return repo.putManifest("other", TYPES.manifest, { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [] });
}

test("the page: another image's attestations bring no signer, and say of which image they are", async () => {
	for (const [name, marks, verdict] of /** @type {[string, string[], string][]} */ ([
		["signed", ["pass"], "signed-by-named"],
		["thief", ["fail"], "failed"],
		["beside", ["fail"], "failed"],
	])) {
		await withPage(
			browser,
			async (page) => {
				await page.goto(`${app.url}#ref=${images[name]}`);
				await page.click("[data-key=signatures]");
				await page.click("stow-signatures button");
				await page.click(".signer-form summary");
				await page.fill(".signer-form [name=key]", owner.pem);
				await page.click(".signer-form [type=submit]");
				await marksAre(page, marks);
				assert.equal(await page.locator(".signatures .lead").innerText(), en[`trust.verdict.${verdict}`], name);
				if (verdict !== "failed") return;
				const values = await page.locator(".signatures .differs dd").allTextContents();
				assert.equal(values[0], made.other.digest, "the platform in view");
				const of = name === "thief" ? made.image.amd64 : made.image.attestation;
				assert.ok(values[1]?.includes(of.digest), `what the attestation is of: ${values}`);
				// The statement that was signed is about the attestation, which is not this image's.
				await page.waitForSelector(".signatures .statement");
				const statements = await page.locator(".signatures .statement").allInnerTexts();
				assert.ok(
					statements.length > 0 && statements.every((text) => !/about this image/.test(text)),
					statements.join("\n"),
				);
				await screenshot(page, `covering-${name}`, { fullPage: true });
			},
			{ expected: /404|Failed to load resource/ },
		);
	}
});

test("the element with a key is green for the image that was signed, and for no other", async () => {
	const element = (/** @type {string} */ name) =>
		signerElement(browser, app, { reference: String(images[name]), key: owner.pem });
	const good = await element("signed");
	// Another platform of the image is not read.
	assert.deepEqual([good.verdict, good.mark], ["incomplete", "signer is-pass"]);
	for (const name of ["thief", "beside"]) {
		const bad = await element(name);
		assert.deepEqual([bad.verdict, bad.mark], ["failed", "signer is-fail"], name);
		assert.equal(bad.values[0], made.other.digest);
	}
});

test("the element judges the signer of a snapshot by what lies in it, in no registry", async () => {
	const site = temporaryFolder("covering-snapshot");
	writeFileSync(join(site, "cosign.pub"), owner.pem);
	writeFileSync(join(site, "a.md"), `\`\`\`stowplan\n${images.signed}\nsnapshot: s.json\nkey: cosign.pub\n\`\`\`\n`);
	assert.equal((await stowplan(["docs", site])).code, 0);
	const kept = readFileSync(join(site, "s.json"), "utf8");
	const bare = await stowplan(["snapshot", String(images.signed)]);
	const thief = await stowplan(["snapshot", String(images.thief)]);
	const swapped = JSON.parse(thief.out);
	const signatures = JSON.parse(kept).descriptors.filter(
		(/** @type {any} */ { digest }) => digest !== made.image.index.digest,
	);
	swapped.descriptors.push(...signatures);
	const judged = async (/** @type {string} */ snapshot, key = owner.pem) => {
		const asked = { src: `${app.url}kept.json`, key, proxy: "https://nowhere.example/" };
		const { verdict, mark } = await signerElement(browser, app, asked, snapshot);
		return [verdict, mark];
	};
	assert.deepEqual(await judged(kept), ["incomplete", "signer is-pass"]);
	assert.deepEqual(await judged(kept, keys().pem), ["failed", "signer is-fail"]);
	assert.deepEqual(await judged(bare.out), ["failed", "signer is-fail"], "a snapshot without a signature");
	assert.deepEqual(await judged(JSON.stringify(swapped)), ["failed", "signer is-fail"], "signatures of another image");
});

test("the program: `verify --key` and `docs` follow the same rule", async () => {
	for (const [name, expected] of /** @type {[string, any[]][]} */ ([
		["signed", [2, "signed-by-named", "pass"]],
		["thief", [1, "failed", "fail"]],
		["beside", [1, "failed", "fail"]],
	])) {
		const { code, out, err } = await stowplan([
			"verify",
			"--json",
			String(images[name]),
			"--key",
			join(folder, "cosign.pub"),
		]);
		assert.ok(out, err);
		const { nodes, trust } = JSON.parse(out);
		const checks = nodes.flatMap((/** @type {any} */ node) => node.checks);
		const policies = checks.filter((/** @type {any} */ { id }) => id === "policy");
		assert.deepEqual(
			[code, trust.verdict, ...policies.map((/** @type {any} */ { outcome }) => outcome)],
			expected,
			name,
		);
		const site = temporaryFolder("covering-docs");
		writeFileSync(join(site, "cosign.pub"), owner.pem);
		writeFileSync(join(site, "a.md"), `\`\`\`stowplan\n${images[name]}\nkey: cosign.pub\n\`\`\`\n`);
		const built = await stowplan(["docs", "--json", site]);
		const [{ problems }] = JSON.parse(built.out).embeds;
		const codes = problems.map((/** @type {any} */ problem) => problem.code);
		assert.deepEqual([built.code, ...codes], name === "signed" ? [0] : [1, "identity-mismatch"], name);
	}
});
