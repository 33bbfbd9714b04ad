// On paper: the verdict, the whole structure and its digests in full; no controls.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, tree } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** As a print dialog does. @param {import("playwright-core").Page} page */
async function toPaper(page) {
	await page.emulateMedia({ media: "print" });
	await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
	await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

test("print: digests are in full, the theme is light, controls are gone", () =>
	world.onPage(
		async (page) => {
			await inspect(page, world.ref("index"));
			await toPaper(page);
			const printed = await tree(page)
				.locator("[role=treeitem] code")
				.evaluateAll((all) => all.map((code) => getComputedStyle(code, "::after").content));
			assert.ok(printed.includes(`"${world.images.index.digest}"`), printed.join());
			assert.ok(printed.includes(`"${world.images.oci.digest}"`), printed.join());
			const hidden = await page.locator(".box, .tools, .banner .actions button, stow-copy").all();
			for (const one of hidden) assert.equal(await one.isVisible(), false, await one.innerText());
			assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
		},
		{ colorScheme: "dark" },
	));

test("print: a tree that would be scrolled is drawn whole, and only as long as it is printed", () =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("big"));
		const count = () => tree(page).getByRole("treeitem").count();
		const before = await count();
		await toPaper(page);
		assert.ok((await count()) >= 1000, `${await count()} rows`);
		const [tall, cut] = await tree(page).evaluate((one) => [one.scrollHeight, one.clientHeight]);
		assert.ok(cut >= tall - 1, "nothing is cut off");
		await page.getByText(/^and \d,\d{3} more$/).waitFor();
		await page.emulateMedia({ media: "screen" });
		await page.evaluate(() => dispatchEvent(new Event("afterprint")));
		await page.waitForFunction((most) => document.querySelectorAll("[role=treeitem]").length <= most, before + 20);
	}));
