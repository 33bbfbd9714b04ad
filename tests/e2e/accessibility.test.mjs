// In the page: axe-core finds nothing, light and dark, wide and narrow; the pictures are kept for people to look at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { screenshot } from "./support/browser.mjs";
import { alert, ask, inspect, openSection, openTab } from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
	for (const [size, viewport] of Object.entries(SIZES)) {
		const name = `${colorScheme}-${size}`;
		const options = { colorScheme, viewport, expected: FAILED_LOAD, reducedMotion: "reduce" };

		test(`${name}: the first visit, an image, a failure and an error have no axe finding`, () =>
			world.onPage(async (page) => {
				await page.locator("[data-sample]").first().waitFor();
				await clean(page, `${name}-first`);
				await inspect(page, world.ref("index"));
				await clean(page, `${name}-index`);
				for (const tab of [/^Checks/, "Bytes", "By hand"]) {
					await openTab(page, "config", tab);
					await clean(page, `${name}-details`);
				}
				for (const section of ["Config", "Layers", "Identities", "Requests"]) {
					await openSection(page, section);
					await clean(page, `${name}-${section.toLowerCase()}`);
				}
				await inspect(page, world.ref("wrongSize"));
				await clean(page, `${name}-failed`);
				await ask(page, `${world.registry.host}/demo/nothing:here`);
				await alert(page).waitFor();
				await clean(page, `${name}-error`);
				await page.getByRole("button", { name: "Settings" }).first().click();
				await clean(page, `${name}-settings`);
			}, options));

		test(`${name}: nothing is wider than the window`, () =>
			world.onPage(async (page) => {
				await inspect(page, world.ref("index"));
				const [inner, outer] = await page.evaluate(() => [
					document.documentElement.scrollWidth,
					document.documentElement.clientWidth,
				]);
				assert.ok(inner <= outer, `${inner} in ${outer}`);
			}, options));
	}
}

async function clean(page, name) {
	await screenshot(page, name, { fullPage: true });
	await page.evaluate(axe.source);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
	const found = violations.map(
		({ id, help, nodes }) =>
			`${id}: ${help}: ${nodes
				.map(({ target }) => target.join(" "))
				.slice(0, 3)
				.join("; ")}`,
	);
	assert.deepEqual(found, [], name);
}
