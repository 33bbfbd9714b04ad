// image -> signer, in Chromium: the element proves the signer that a page names and is loud about another one; the
// page's section shows the signers, the times, the places of the search, and the content of statements.

import assert from "node:assert/strict";
import path from "node:path";
import { before, test } from "node:test";
import { words as en } from "../../www/i18n/words/en/trust.en.js";
import { IDENTITY, VOUCHED, world } from "../authority/world.mjs";
import { startApp } from "./support/app.mjs";
import { axeFindings } from "./support/axe.mjs";
import { launch, screenshot, withPage } from "./support/browser.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { OUT } from "./support/images.mjs";
import { startRegistry } from "./support/registry.mjs";
import { signerElement } from "./support/signer-element.mjs";
import {
	bundleOf,
	keys,
	listOf,
	payload,
	provenance,
	pushImage,
	pushReferrer,
	pushSig,
	pushSigned,
} from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let [browser, app, registry] = /** @type {any[]} */ ([]);
before(async () => {
	[browser, registry] = await Promise.all([start(launch()), start(startRegistry())]);
	app = await start(startApp({ plainHttp: [registry.host] }));
});

/** @param {string} reference @param {Record<string, string>} attributes */
const element = (reference, attributes) =>
	signerElement(browser, app, { reference: `${registry.host}/${reference}`, ...attributes });

test("the element proves the key that a page names, and another key or image is loud", async () => {
	const repo = repository(registry.url, "docs/app");
	const { index, arm64 } = await pushImage(repo);
	const [own, other] = [keys(), keys()];
	await pushSig(repo, index.digest, own.privateKey);
	const good = await element("docs/app:1.2", { key: own.pem });
	assert.equal(good.mark, "signer is-pass");
	const bad = await element("docs/app:1.2", { key: other.pem });
	assert.deepEqual([bad.verdict, bad.mark], ["failed", "signer is-fail"]);
	await pushSig(repo, index.digest, own.privateKey, payload(arm64.digest));
	const moved = await element("docs/app:1.2", { key: own.pem });
	assert.deepEqual([moved.verdict, moved.mark], ["failed", "signer is-fail"]);
	assert.deepEqual(moved.values, [index.digest, arm64.digest], "which part differs");
	const none = await element("docs/app:1.2-arm64", { key: own.pem });
	assert.deepEqual([none.verdict, none.mark], ["failed", "signer is-fail"]);
	const named = await element("docs/app:1.2", { repository: "owner/app" });
	assert.equal(named.verdict, "failed");
});

test("the element warns if the signer that a page names has signed one platform, and not the index", async () => {
	const repo = repository(registry.url, "docs/half");
	const { index, amd64 } = await pushImage(repo);
	const own = keys();
	await pushSig(repo, amd64.digest, own.privateKey);
	const half = await element("docs/half:1.2", { key: own.pem });
	assert.deepEqual(half.marks, ["signer is-pass", "signer is-warn"]);
	await pushSig(repo, index.digest, own.privateKey);
	const whole = await element("docs/half:1.2", { key: own.pem });
	assert.deepEqual(whole.marks, ["signer is-pass"]);
	const platform = await element("docs/half:1.2-amd64", { key: own.pem });
	assert.deepEqual(platform.marks, ["signer is-pass"]);
});

test("the page's section: places, signatures, provenance in a sentence and a filtered table of packages", async () => {
	const repo = repository(registry.url, "page/app");
	const { index, amd64 } = await pushImage(repo, "1.2", 50_000);
	const { privateKey } = keys();
	await pushSig(repo, index.digest, privateKey);
	const entry = await pushReferrer(repo, amd64, bundleOf(provenance(amd64.digest), privateKey));
	await repo.putManifest(amd64.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	await withPage(
		browser,
		async (page) => {
			await page.goto(`${app.url}#ref=${registry.host}/page/app:1.2`);
			const pill = page.locator("[data-key=signatures] .pill");
			await page.click("[data-key=signatures]");
			assert.equal(await pill.count(), 0, "no count before they were looked for");
			await page.click("stow-signatures button");
			await page.waitForSelector(".signatures .sentence");
			const unsigned = await page.locator(".signatures .statement", { hasText: String(en["trust.unsigned"]) }).count();
			assert.equal(await pill.innerText(), String((await page.locator(".signatures .signature").count()) + unsigned));
			const sentences = await page.locator(".signatures .sentence").allTextContents();
			const built = "Built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for tag v1.2";
			assert.ok(sentences.filter((text) => text === built).length === 2, sentences.join("\n"));
			assert.equal(await page.locator(".signatures .signature").count(), 2);
			assert.match(await page.locator(".signatures .lead").innerText(), /judged to the end/, "no key was given");
			await page.click(".signatures .statement [aria-expanded=false]");
			await page.waitForSelector(".package:not(.head)");
			assert.ok((await page.locator(".package").count()) < 60, "only the rows in view are drawn");
			await page.fill("stow-packages input", "package-49999");
			await page.waitForFunction(() => document.querySelectorAll(".package:not(.head)").length === 1);
			await page.fill("stow-packages input", "");
			await page.click(".places summary");
			assert.equal(await page.locator(".places li").count(), 18);
			await page.screenshot({ path: path.join(OUT, "signatures.png"), fullPage: true });
			assert.deepEqual(await axeFindings(page), []);
			// The requests of the image stay listed, before those for its signatures.
			await page.click("[data-key=raw]");
			await page.getByText("/v2/page/app/manifests/1.2").first().waitFor();
			await page.getByText("/v2/page/app/referrers/").first().waitFor();
		},
		{ expected: /404|Failed to load resource/ },
	);
});

/** The mark of the banner's line about signers, and its words. @param {import("playwright-core").Page} page @param {string} verdict */
async function banner(page, verdict) {
	const line = page.locator(".fact-row", { hasText: String(en[`trust.by.${verdict}`]) });
	return [await line.locator(".mark").getAttribute("class"), await line.locator("strong").innerText()];
}

/**
 * The form has the root by which was judged, also after another tab was looked at, and judging again goes by it.
 * @param {import("playwright-core").Page} page @param {string} root
 */
async function formKeepsWhatWasSaid(page, root) {
	const form = page.locator(".signer-form");
	assert.equal(await form.locator("[name=root]").inputValue(), root);
	await page.click("[data-key=checks]");
	await page.click("[data-key=signatures]");
	await form.locator("summary").click();
	assert.equal(await form.locator("[name=root]").inputValue(), root, "after another tab");
	assert.equal(await form.locator("[name=identity]").inputValue(), IDENTITY);
	await form.locator("[name=issuer]").fill("https://other.example");
	await form.locator("[type=submit]").click();
	await page.locator(".signatures .named").waitFor({ state: "detached" });
	assert.equal(await page.locator(".signatures .lead").innerText(), en["trust.verdict.failed"]);
	assert.equal(await form.locator("[name=root]").inputValue(), root, "after judging again");
	await form.locator("[name=issuer]").fill(VOUCHED);
	await form.locator("[type=submit]").click();
	await page.locator(".signatures .named").waitFor();
}

test("[This is who should sign]: who signed becomes who must, and all that is said of signers follows", async () => {
	const own = world();
	const repo = repository(registry.url, "named/app");
	const { index, amd64 } = await pushImage(repo);
	await pushSigned(repo, index.digest, own.annotations(payload(index.digest)));
	const entry = await pushReferrer(
		repo,
		amd64,
		own.attested(provenance(amd64.digest), { identity: "eve@example.com" }),
	);
	await repo.putManifest(amd64.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	await withPage(
		browser,
		async (page) => {
			await page.goto(`${app.url}#ref=${registry.host}/named/app:1.2`);
			await page.click("[data-key=signatures]");
			await page.click("stow-signatures button");
			await page.click(".signer-form summary");
			await page.fill(".signer-form [name=root]", JSON.stringify(own.trustedRoot()));
			await page.click(".signer-form [type=submit]");
			// The index's comes first, then the platform's.
			const [mine, others] = [0, 1].map((at) => page.locator(".signature").nth(at));
			const classes = async () => [await mine?.getAttribute("class"), await others?.getAttribute("class")];
			await mine?.locator(".name-signer").waitFor();
			// Both hold, and the page does not know who should have signed.
			assert.deepEqual(await classes(), ["signature is-pass", "signature is-pass"]);
			assert.equal(await page.locator(".signatures .lead").innerText(), en["trust.verdict.signed"]);
			assert.equal((await banner(page, "signed"))[0], "mark mark-info");
			assert.equal(await page.locator(".signatures .named").count(), 0);

			await mine?.locator(".name-signer").click();
			await mine?.locator(".named").waitFor();
			assert.deepEqual(
				await classes(),
				["signature is-pass", "signature is-fail"],
				"judged by the reader's root as before",
			);
			assert.equal(await page.locator(".signatures .lead").innerText(), en["trust.verdict.signed-by-named"]);
			assert.deepEqual(await banner(page, "signed-by-named"), ["mark mark-pass", `Signed by ${IDENTITY}.`]);
			assert.equal(await page.inputValue(".signer-form [name=identity]"), IDENTITY);
			assert.equal(await page.inputValue(".signer-form [name=issuer]"), VOUCHED);
			assert.equal(await page.locator(".name-signer").count(), 0, "the other does not hold any more");
			await formKeepsWhatWasSaid(page, JSON.stringify(own.trustedRoot()));
			await screenshot(page, "signer-named", { fullPage: true });
		},
		{ expected: /404|Failed to load resource/ },
	);
});
