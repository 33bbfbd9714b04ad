// In the page: every state that there is, switched to Chinese while it is shown: nothing of it stays behind in English.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screenshot, withPage } from "./support/browser.mjs";
import { leftInEnglish } from "./support/chinese.mjs";
import { putHarbour } from "./support/harbour.mjs";
import { STATES } from "./support/states.mjs";
import { startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
	const { path } = await putHarbour(world.registry.url);
	world.harbour = `${world.registry.host}/${path}`;
});
after(() => world?.stop());

/** Paths in the image in view. */
const DATA = ["app/server.js", "app/package.json", "app/public/logo.png", "bin/busybox"];

for (const { name, show } of STATES) {
	test(`${name}: all of it turns Chinese`, () =>
		withPage(
			world.browser,
			async (page) => {
				world.liar.reset();
				await page.goto(world.app.url);
				await page.locator("[data-sample]").first().waitFor();
				await show(page, world);
				// A dialog keeps the switch from being pressed; what the switch says is said in its place.
				await page.evaluate(() => {
					const detail = { language: "zh" };
					document.querySelector("#app")?.dispatchEvent(new CustomEvent("stow-change", { detail }));
				});
				await page.locator("html[lang=zh-CN]").waitFor();
				await page.waitForFunction(() => document.querySelector(".tagline")?.textContent?.includes("镜像"));
				assert.deepEqual(await leftInEnglish(page, DATA), []);
				await screenshot(page, `zh-state-${name}`, { fullPage: true });
			},
			{ expected: /Failed to load resource/, reducedMotion: "reduce" },
		));
}
