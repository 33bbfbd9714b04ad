// image -> signer, in Chromium: signatures of an own authority and an own log in a real registry, in every place where
// they lie, judged by the reader's own trusted root; and each wrong one told in one sentence, in both languages.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { words as en } from "../../www/i18n/words/en/trust.en.js";
import { words as zh } from "../../www/i18n/words/zh/trust.zh.js";
import { authority, keyPair } from "../authority/certificates.mjs";
import { IDENTITY, SIGNED_AT, VOUCHED, world } from "../authority/world.mjs";
import { startApp } from "./support/app.mjs";
import { launch, screenshot, withPage } from "./support/browser.mjs";
import { turnChinese } from "./support/chinese.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { lies, startLiar } from "./support/lying-proxy.mjs";
import { marksAre } from "./support/page.mjs";
import { startRegistry } from "./support/registry.mjs";
import {
	listOf,
	NOTATION,
	notationOf,
	payload,
	provenance,
	pushImage,
	pushReferrer,
	pushSigned,
} from "./support/signing.mjs";
import { starter } from "./support/starter.mjs";

const own = world();
const start = starter();
let [browser, app, registry, liar] = /** @type {any[]} */ ([]);
before(async () => {
	[browser, registry] = await Promise.all([start(launch()), start(startRegistry())]);
	liar = await start(startLiar(registry.host));
	app = await start(startApp({ plainHttp: [registry.host, liar.host] }));
});

/** The tab of an image, with the reader's root and signer given. @param {string} reference @param {(page: import("playwright-core").Page) => Promise<void>} look @param {object} [root] */
const opened = (reference, look, root = own.trustedRoot()) =>
	withPage(
		browser,
		async (page) => {
			await page.goto(`${app.url}#ref=${reference}`);
			await page.click("[data-key=signatures]");
			await page.click("stow-signatures button");
			await page.click(".signer-form summary");
			await page.fill(".signer-form [name=identity]", IDENTITY);
			await page.fill(".signer-form [name=issuer]", VOUCHED);
			await page.fill(".signer-form [name=root]", JSON.stringify(root));
			await page.click(".signer-form [type=submit]");
			await page.waitForFunction(() =>
				/tests|own|given|gave/.test(document.querySelector(".signatures")?.textContent ?? ""),
			);
			await look(page);
		},
		{ expected: /404|Failed to load resource/ },
	);

test("an own authority's signatures in a real registry: the tag, the fallback tag and BuildKit's attestation", async () => {
	const repo = repository(registry.url, "own/app");
	const { index, amd64, attestation } = await pushImage(repo);
	await pushSigned(repo, index.digest, own.annotations(payload(index.digest)));
	for (const about of [amd64, attestation]) {
		const entry = await pushReferrer(repo, about, own.attested(provenance(about.digest), { stamped: true }));
		await repo.putManifest(about.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	}
	await opened(`${registry.host}/own/app:1.2`, async (page) => {
		await marksAre(page, ["pass", "pass", "pass"]);
		assert.equal(await page.locator(".signatures .lead").innerText(), en["trust.verdict.signed-by-named"]);
		// The statements are read after the first drawing.
		const same = `${en["core.reason.provenance-certified"]}`.replace("{parts}", `${en["core.reason.part-source"]}`);
		await page.locator(".signatures .statement .note", { hasText: same }).first().waitFor();
		assert.equal(await page.locator(".signatures .statement .note", { hasText: same }).count(), 2);
		await screenshot(page, "own-trust", { fullPage: true });
	});
});

test("the same behind the referrers API", async () => {
	const repo = repository(registry.url, "own/listed");
	const { amd64 } = await pushImage(repo);
	const entry = await pushReferrer(repo, amd64, own.attested(provenance(amd64.digest)));
	liar.lie(/\/referrers\//, lies.document(JSON.stringify(listOf([])), { mediaType: TYPES.index }));
	liar.lie(
		new RegExp(`referrers/${amd64.digest}`),
		lies.document(JSON.stringify(listOf([entry])), { mediaType: TYPES.index }),
	);
	await opened(`${liar.host}/own/listed:1.2`, async (page) => void (await marksAre(page, ["pass"])));
	liar.reset();
});

test("a signature of the Notary Project says who and when, is not verified, and another image's is told", async () => {
	const repo = repository(registry.url, "own/notation");
	const { index, amd64, arm64 } = await pushImage(repo);
	const { der } = authority("Notary of the tests");
	for (const [about, target] of [
		[index, index],
		[amd64, arm64],
	]) {
		const entry = await pushReferrer(repo, about, notationOf(target, der), NOTATION.blob, NOTATION.artifact);
		await repo.putManifest(about.digest.replace(":", "-"), TYPES.index, listOf([entry]));
	}
	await opened(`${registry.host}/own/notation:1.2`, async (page) => {
		await marksAre(page, ["not-checked", "fail"]);
		// The statements are read after the first drawing, and the commands with them.
		await page.waitForSelector(".signatures .command");
		const [first = "", second = ""] = await page.locator(".signatures .signature").allInnerTexts();
		assert.match(first, /CN=Notary of the tests/);
		assert.match(first, /2026-03-01 10:14:07 UTC, says the signer/);
		assert.match(first, /Notary Project/);
		assert.match(first, new RegExp(`notation verify ${registry.host}/own/notation@${index.digest}`));
		assert.match(second, /another platform of this image: linux\/arm64/);
		assert.notEqual(await page.locator(".signatures .lead").innerText(), en["trust.verdict.signed-by-named"]);
		await turnChinese(page);
		const told = await page.locator(".signatures .signature > .wrong").allInnerTexts();
		for (const text of told) assert.doesNotMatch(text, /[a-z]{4,} [a-z]{3,}/, "nothing of it is left in English");
		assert.equal(told.length, 2);
		await screenshot(page, "notation", { fullPage: true });
	});
});

/** An hour before the tests sign: a certificate of then has ended. */
const EARLIER = new Date(SIGNED_AT.getTime() - 3_600_000);

/** The fault of a signature on the index, the reason that is told, and the root that judges it. */
const WRONG = {
	"another image": { about: () => `sha256:${"7".repeat(64)}`, reason: "subject-differs" },
	"another platform": { about: (/** @type {any} */ { arm64 }) => arm64.digest, reason: "subject-of-platform" },
	"another identity": { wish: { identity: "eve@example.com" }, reason: "identity-differs" },
	"an expired certificate": { wish: { issued: EARLIER }, reason: "certificate-out-of-life" },
	"a log's wrong key": { root: own.trustedRoot({ logKey: keyPair().publicKey }), reason: "promise-wrong" },
};

for (const [
	name,
	{ about = (/** @type {any} */ { index }) => index.digest, wish = {}, root, reason },
] of /** @type {[string, any][]} */ (Object.entries(WRONG))) {
	test(`a signature with ${name} is told in one sentence, in English and in Chinese`, async () => {
		const place = `wrong/${name.replace(/\W+/g, "-")}`;
		const repo = repository(registry.url, place);
		const image = await pushImage(repo);
		await pushSigned(repo, image.index.digest, own.annotations(payload(about(image)), wish), payload(about(image)));
		await opened(
			`${registry.host}/${place}:1.2`,
			async (page) => {
				const told = page.locator(".signatures .signature > .wrong");
				await marksAre(page, ["fail"]);
				assert.match(await told.innerText(), sentence(en, reason));
				await turnChinese(page);
				assert.match(await told.innerText(), sentence(zh, reason));
				assert.doesNotMatch(await told.innerText(), /[a-z]{4,} [a-z]{3,}/, "nothing of it is left in English");
				await screenshot(page, `wrong-${reason}`, { fullPage: true });
			},
			root,
		);
	});
}

/** The words of a reason, with any values in them. @param {Record<string, unknown>} words @param {string} reason */
function sentence(words, reason) {
	const text = String(words[`core.reason.${reason}`]);
	const literally = (/** @type {string} */ part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
	return new RegExp(
		`^${text
			.split(/\{\w+\}/)
			.map(literally)
			.join(".+")}$`,
		"s",
	);
}
