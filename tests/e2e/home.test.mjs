// In the page: the first screen. Its chain lights up on both sides, and a changed byte gives five new digests, hashed here.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPasting } from "./support/pasting.mjs";

let stage;
before(async () => {
	stage = await startPasting();
});
after(() => stage?.stop());

/** @param {(page: import("playwright-core").Page) => Promise<void>} body @param {object} [options] */
const onPage = (body, options) => stage.onPage(body, options);

const codes = (page) => page.locator(".chain code").allInnerTexts();
const color = (page, selector) => page.locator(selector).evaluate((one) => getComputedStyle(one).backgroundColor);

test("a line and its owner light up together, by pointer and by keyboard", () =>
	onPage(async (page) => {
		const plain = await color(page, ".chain [data-id=layer]");
		await page.locator(".printed [data-id=layer]").hover();
		const lit = await color(page, ".chain [data-id=layer]");
		assert.notEqual(lit, plain);
		assert.equal(await color(page, ".printed [data-id=layer]"), lit);
		await page.mouse.move(0, 0);
		await page.locator(".chain [data-id=index]").focus();
		assert.equal(await color(page, ".printed [data-id=index]"), lit);
		assert.equal(await color(page, ".chain [data-id=layer]"), plain);
	}));

test("a changed byte gives five new digests, beside what tools print too, and can be taken back", () =>
	onPage(async (page) => {
		const before = await codes(page);
		assert.equal(before.length, 5);
		await page.getByRole("button", { name: "Change a byte" }).click();
		await page.getByRole("button", { name: "Undo the change" }).waitFor();
		const now = await codes(page);
		for (const [at, code] of now.entries()) assert.notEqual(code, before[at]);
		const printed = await page.locator(".printed").innerText();
		assert.ok(printed.includes(now[2]), printed);
		await page.getByRole("button", { name: "Undo the change" }).click();
		await page.getByRole("button", { name: "Change a byte" }).waitFor();
		assert.deepEqual(await codes(page), before);
	}));

test("nothing is wider than the page, from 320 to 1920", async () => {
	for (const width of [320, 390, 768, 1024, 1440, 1920])
		await onPage(
			async (page) => {
				const wide = await page.evaluate(
					() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
				);
				assert.ok(wide <= 0, `${width}`);
			},
			{ viewport: { width, height: 900 } },
		);
});

test("an example that is an image is shown as an image; one that is a text is shown with what it is", () =>
	onPage(async (page) => {
		await page.locator("[data-sample=hello]").click();
		await page.getByRole("heading", { name: "Verified" }).waitFor();
		assert.equal(await page.getByRole("heading", { name: "What you pasted" }).count(), 0);
		await page.locator(".brand a").click();
		await page.locator("[data-sample=article]").click();
		await page.getByRole("heading", { name: "What you pasted" }).waitFor();
	}));

for (const width of [320, 390, 768, 1024, 1440, 1920]) {
	test(`${width} pixels: nothing in the header or the title collides or is cut off`, () =>
		onPage(
			async (page) => {
				await page.locator("[data-sample=hello]").click();
				await page.getByRole("heading", { name: "Verified" }).waitFor();
				const wide = await page.evaluate(
					() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
				);
				assert.ok(wide <= 0, `${wide} pixels too wide`);
				const boxes = await page.evaluate(() => {
					const shown = [
						...document.querySelectorAll(
							".brand a, #reference, .tools > *, .tools-open, .subject, .title-facts, stow-actions > *",
						),
					];
					return shown
						.map((one) => ({ name: one.className || one.id || one.localName, ...one.getBoundingClientRect().toJSON() }))
						.filter((one) => one.width > 0 && one.height > 0);
				});
				for (const [at, one] of boxes.entries())
					for (const other of boxes.slice(at + 1)) {
						const apart =
							one.right <= other.left + 0.5 ||
							other.right <= one.left + 0.5 ||
							one.bottom <= other.top + 0.5 ||
							other.bottom <= one.top + 0.5;
						assert.ok(apart, `${JSON.stringify(one)} and ${JSON.stringify(other)}`);
					}
				if (width > 640) return;
				assert.equal(await page.getByRole("button", { name: "Settings" }).count(), 0, "in the menu");
				await page.getByRole("button", { name: "Menu" }).click();
				await page.getByRole("button", { name: "Settings" }).click();
				await page.getByRole("dialog", { name: "Settings" }).waitFor();
			},
			{ viewport: { width, height: 800 } },
		));
}
