// In Firefox: the main ways through the page, as Chromium's tests know them: load, samples, references, pastes, layers, files.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sha256 } from "./support/documents.mjs";
import { byRole, click, fill, launchFirefox, until, withFirefoxPage, words } from "./support/firefox.mjs";
import { DRAWN, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld({ browser: launchFirefox });
});
after(() => world?.stop());

/** @param {(page: import("puppeteer-core").Page) => Promise<void>} body @param {string} [hash] */
const onPage = (body, hash = "") => withFirefoxPage(world.browser, `${world.app.url}${hash}`, body);

const HEADLINE = ".banner h2";
const row = (kind) => `[role=treeitem].kind-${kind}`;

async function inspect(page, reference) {
	await fill(page, "#reference", reference);
	await page.keyboard.press("Enter");
	await words(page, ".banner .subject", reference);
	return words(page, ".facts-head", /./);
}

/** Reads all layers of the image in view and waits for the end. */
async function verifyLayers(page) {
	await click(page, ".banner ::-p-text(Verify)");
	await until(page, () => /Verified/.test(document.querySelector(".banner h2")?.textContent ?? ""));
	return words(page, HEADLINE, /./);
}

test("Firefox: the first visit offers samples, and one opens with its digests computed", () =>
	onPage(async (page) => {
		assert.match(await page.title(), /Stowplan/);
		await click(page, "[data-sample=hello]");
		assert.match(await words(page, HEADLINE, /Verified/), /Verified/);
		assert.equal((await page.$$(row("manifest"))).length, 2);
		await page.evaluate(() => history.back());
		await click(page, "[data-sample=broken]");
		await words(page, HEADLINE, /failed\b[\s\S]* does not (match|have) /);
	}));

test("Firefox: a reference from the registry through the proxy, its tree by keyboard, its link", () =>
	onPage(async (page) => {
		assert.doesNotMatch(await inspect(page, world.ref("index")), /failed/);
		assert.ok(
			(await page.evaluate(() => document.querySelector(".pin-line")?.textContent ?? "")).includes(
				world.images.index.digest,
			),
		);
		await page.focus("[role=tree]");
		await page.keyboard.press("Home");
		await page.keyboard.press("ArrowDown");
		await words(page, ".details h3", /manifest\s+linux\/amd64/i);
		await until(page, () => /node=sha256/.test(location.hash));
		await page.keyboard.press("Enter");
		const focus = () => page.evaluate(() => document.activeElement?.textContent?.trim());
		assert.equal(await focus(), "Overview");
		await page.keyboard.press("End");
		assert.equal(await focus(), "Verify yourself");
	}));

test("Firefox: a link reopens the same view", async () => {
	const hash = `#ref=${encodeURIComponent(world.ref("index"))}&node=${world.images.arm64.digest}`;
	await onPage(async (page) => {
		await words(page, ".banner .subject", world.ref("index"));
		await words(page, ".details h3", /linux\/arm64/);
	}, hash);
});

test("Firefox: a pasted manifest that is not the expected one fails with both values", () =>
	onPage(async (page) => {
		const { text } = world.images.schema2;
		await click(page, byRole("button", "Paste"));
		await fill(page, "#paste-text", text);
		const other = sha256("something else");
		await fill(page, "#paste-expected", other);
		await click(page, byRole("button", "Verify"));
		const failure = await words(page, ".banner", /failed\b[\s\S]* does not match /);
		assert.ok(failure.includes(other) && failure.includes(sha256(text)), failure);
	}));

test("Firefox: what the registry does not have is an error with its code", () =>
	onPage(async (page) => {
		await fill(page, "#reference", `${world.registry.host}/demo/nothing:here`);
		await page.keyboard.press("Enter");
		await click(page, "[role=alert] summary");
		assert.match(await words(page, "[role=alert]", /code: /), /code: not-found/);
	}));

for (const name of ["oci", "zstd"]) {
	test(`Firefox: the layers of ${name} are proved in workers, and their files listed, read and measured`, () =>
		onPage(async (page) => {
			assert.match(await inspect(page, world.ref(name)), /0 of \d+ verified/);
			assert.doesNotMatch(await verifyLayers(page), /failed/);
			await click(page, byRole("tab", "Files"));
			await words(page, "[role=treegrid]", /srv\//);
			await fill(page, ".files-path input[type=search]", "english.txt");
			await words(page, "[role=treegrid]", /english\.txt/);
			await click(page, ".file-row:not(.head) ::-p-text(english.txt)");
			await click(page, byRole("button", "Show content"));
			await words(page, ".content", sha256("hello\n"));
			await click(page, byRole("tab", "Size"));
			await until(page, () => !!document.querySelector(".map .cell"));
		}));
}

test("Firefox: a theme is chosen, drawn and kept", () =>
	onPage(async (page) => {
		const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
		await page.select(".tools select", "dark");
		const dark = await paper();
		await page.select(".tools select", "light");
		assert.notEqual(await paper(), dark);
		await page.select(".tools select", "dark");
		await page.reload();
		await until(page, (drawn) => !!document.querySelector(drawn), DRAWN);
		assert.equal(await paper(), dark);
	}));
