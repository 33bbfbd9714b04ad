// In the page: every state that there is, entered once: axe-core finds nothing, wide and narrow, light and dark, nothing is
// wider than the window, and switched to Chinese nothing of it stays behind in English.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { screenshot, withPage } from "./support/browser.mjs";
import { leftInEnglish, turnChinese } from "./support/chinese.mjs";
import { startStage } from "./support/stage.mjs";
import { enter, STATES } from "./support/states.mjs";

let world;
before(async () => {
	world = await startStage();
});
after(() => world?.stop());

const ALL = {
	type: /** @type {const} */ ("tag"),
	values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const COLOURS = { type: /** @type {const} */ ("rule"), values: ["color-contrast"] };

/** 320 CSS pixels are a window of 1280 at 400 %. */
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 320, height: 640 } };

/**
 * The rules for each look: all rules once a width; with other colours only those about colours. The last one is how a
 * page begins.
 */
const LOOKS = /** @type {const} */ ([
	{ size: "narrow", colorScheme: "light", runOnly: ALL },
	{ size: "narrow", colorScheme: "dark", runOnly: COLOURS },
	{ size: "wide", colorScheme: "dark", runOnly: COLOURS },
	{ size: "wide", colorScheme: "light", runOnly: ALL },
]);

/** Paths in the image in view; its tags, behind a colon of either language; its times; the platform of an attestation. */
const DATA = [
	...["demo/docker", ":artifact", ":big", ":schema1", "：artifact", "：big", "：schema1", "：statement"],
	...["unknown/unknown", "2024-05-06T07:08:09Z", "etc/os-release"],
	...["app/server.js", "app/package.json", "app/public/logo.png", "bin/busybox", "srv/greeting.txt", "Pull complete"],
	...[
		"app-1.4-linux-amd64.oci.tar",
		"app-1.4.oci.tar",
		"docker.io/harbour/app",
		"harbour/app",
		"harbour/nothing",
		"here",
	],
	...[
		"stowplan-badge.svg",
		"app.stowplan.json",
		"README",
		"demo/app",
		"wrong-size",
		"notes.txt",
		"harbour.tar",
		"not a reference",
		"demo/app:missing",
		"：missing 是",
		"save.tar",
		"damaged.tar",
		"wrong-diffid.tar",
		"missing.tar",
		"harbour",
	],
	...["MANIFEST_UNKNOWN", "manifest unknown"],
	// The signers and their proofs; the tags of signatures; packages, their licences and suppliers.
	...["https://github.com/owner/app/.github/workflows/release.yml@refs/tags/v1.2", "https://log.example"],
	...["https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1", "https://slsa.dev/provenance/v1"],
	...["GitHub Actions", "https://token.actions.githubusercontent.com", "2026-03-01T10:14:07Z", "ECDSA_P256_SHA256"],
	...["owner/app", "v1.2", "release.yml", "GitHub", "trusted_root.json", "sha256-…", ".sig", ".att", ".sbom"],
	...["ca-certificates", "fastify", "libpq5", "not-in-it", "openssl", "pg", "zlib1g", "Debian", "OpenJS"],
	...["MPL-2.0", "PostgreSQL", "Apache-2.0", "MIT"],
	...["1.2-attestation", "linux/s390x", "team/app", "DB_PASSWORD", "charts/web", "web-1.2.3.tgz"],
	...["A web server", "web", "v2"],
];

const OPTIONS = { expected: /Failed to load resource|net::/, reducedMotion: /** @type {const} */ ("reduce") };

for (const state of STATES) {
	test(`${state.name}: no axe finding, light and dark, wide and narrow, and all of it turns Chinese`, () =>
		withPage(
			world.browser,
			async (page) => {
				await enter(page, world, state);
				const found = await looks(page);
				await turnChinese(page);
				found.push(...(await leftInEnglish(page, DATA)).map((text) => `left in English: ${text}`));
				assert.deepEqual(found, []);
			},
			OPTIONS,
		));
}

test("Chinese: no axe finding on the first visit, with an image and in the settings", () =>
	world.onPage(async (page) => {
		const clean = async (name) => assert.deepEqual(await axeFindings(page, { runOnly: ALL }), [], name);
		await page.getByRole("button", { name: "中文" }).click();
		await page.locator("html[lang=zh-CN]").waitFor();
		await clean("first");
		await page.locator("[data-sample=hello]").click();
		await page.getByRole("treeitem").first().waitFor();
		await clean("image");
		await page.locator(".tools > button").click();
		await page.getByRole("dialog").waitFor();
		await clean("settings");
		await screenshot(page, "settings-zh");
	}, OPTIONS));

/** The faults in all of the looks. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
async function looks(page) {
	const found = [];
	for (const { size, colorScheme, runOnly } of LOOKS) {
		await page.setViewportSize(SIZES[size]);
		await page.emulateMedia({ colorScheme });
		// An element hears of it with the next frame.
		await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
		found.push(...(await axeFindings(page, { runOnly })).map((one) => `${colorScheme}, ${size}: ${one}`));
		if (size === "narrow") found.push(...(await tooWide(page)).map((one) => `wider than 320 pixels: ${one}`));
	}
	return found;
}

/** Only tables, trees and code may be scrolled sideways (WCAG 1.4.10); tables whose rows flow need not be. */
const tooWide = (page) =>
	page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		const flowing = [...document.querySelectorAll("#app .scroll:has(.flow)")]
			.filter((one) => one.scrollWidth > one.clientWidth)
			.map((one) => one.outerHTML.slice(0, 120));
		if (flowing.length > 0 || scrollWidth <= clientWidth) return flowing;
		const scrolled = (element) =>
			element?.closest(".scroll, .lines-box, .tree, .files-grid, [role=tablist], .map, pre");
		return [...document.querySelectorAll("#app *")]
			.filter((one) => one.getBoundingClientRect().right > clientWidth + 1 && !scrolled(one) && !one.closest(".sr"))
			.map((one) => one.outerHTML.slice(0, 120))
			.slice(0, 4);
	});
