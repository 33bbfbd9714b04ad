// In the page: in every state axe-core finds nothing, wide and narrow, light and dark, and nothing is wider than the window.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { screenshot } from "./support/browser.mjs";
import { startStage } from "./support/stage.mjs";
import { enter, STATES } from "./support/states.mjs";

let world;
before(async () => {
	world = await startStage();
});
after(() => world?.stop());

/** 320 CSS pixels are a window of 1280 at 400 %. */
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 320, height: 640 } };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What each look is asked: all rules once a width; with other colours only what colours change. */
const LOOKS = /** @type {const} */ ([
	{ size: "wide", colorScheme: "light", rules: { type: "tag", values: TAGS } },
	{ size: "wide", colorScheme: "dark", rules: { type: "rule", values: ["color-contrast"] } },
	{ size: "narrow", colorScheme: "dark", rules: { type: "rule", values: ["color-contrast"] } },
	{ size: "narrow", colorScheme: "light", rules: { type: "tag", values: TAGS } },
]);

const OPTIONS = { expected: /Failed to load resource|net::/, reducedMotion: /** @type {const} */ ("reduce") };

for (const state of STATES) {
	const { name } = state;
	test(`${name}: no axe finding, light and dark, wide and narrow`, () =>
		world.onPage(async (page) => {
			await enter(page, world, state);
			await page.evaluate(axe.source);
			for (const { size, colorScheme, rules } of LOOKS) {
				await page.setViewportSize(SIZES[size]);
				await page.emulateMedia({ colorScheme });
				// An element hears of it with the next frame.
				await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
				assert.deepEqual(await findings(page, rules), [], `${name}-${colorScheme}-${size}`);
				if (size === "narrow") await assertFits(page, name);
			}
		}, OPTIONS));
}

test("Chinese: no axe finding on the first visit, with an image and in the settings", () =>
	world.onPage(async (page) => {
		await page.evaluate(axe.source);
		const clean = async (name) => assert.deepEqual(await findings(page, { type: "tag", values: TAGS }), [], name);
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

async function findings(page, runOnly) {
	const { violations } = await page.evaluate(
		(runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ["violations"] }),
		runOnly,
	);
	return violations.map(({ id, help, nodes }) => {
		const places = nodes.map(({ target }) => target.join(" ")).slice(0, 3);
		return `${id}: ${help}: ${places.join("; ")}`;
	});
}

/** Only tables, trees and code may be scrolled sideways (WCAG 1.4.10). */
async function assertFits(page, name) {
	const wide = await page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		if (scrollWidth <= clientWidth) return [];
		const scrolled = (element) =>
			element?.closest(".scroll, .lines-box, .tree, .files-grid, [role=tablist], .map, pre");
		return [...document.querySelectorAll("#app *")]
			.filter((one) => one.getBoundingClientRect().right > clientWidth + 1 && !scrolled(one) && !one.closest(".sr"))
			.map((one) => one.outerHTML.slice(0, 120))
			.slice(0, 4);
	});
	assert.deepEqual(wide, [], `${name} is wider than 320 pixels`);
}
