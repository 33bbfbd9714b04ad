// In the page with the keyboard alone: from the first Tab to a file's content; focus is never lost, hidden or trapped.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { putHarbour } from "./support/harbour.mjs";
import { focused, inspect, tabTo, verdict } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

let world;
let reference;
before(async () => {
	world = await startWorld();
	const { path } = await putHarbour(world.registry.url);
	reference = `${world.registry.host}/${path}`;
});
after(() => world?.stop());

/** The focused element, and if a user can see the focus. @param {import("playwright-core").Page} page */
const focus = (page) =>
	page.evaluate(() => {
		const { activeElement } = document;
		const active = document.getElementById(activeElement?.getAttribute("aria-activedescendant") ?? "") ?? activeElement;
		const { left, top, width, height } = /** @type {Element} */ (active).getBoundingClientRect();
		const [x, y] = [left + width / 2, top + Math.min(height / 2, 12)];
		const seen = document.elementFromPoint(Math.min(x, innerWidth - 1), y);
		const visible = !!seen && (active?.contains(seen) || seen.contains(active));
		return { text: active?.textContent?.trim().replace(/\s+/g, " ").slice(0, 80) ?? "", visible, tag: active?.tagName };
	});

/** @param {import("playwright-core").Page} page @param {RegExp} words */
async function pressUntil(page, key, words, most = 60) {
	for (let step = 0; step < most; step++) {
		await page.keyboard.press(key);
		// As the user sees it: once what the key changed is drawn.
		await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
		const { text, visible } = await focus(page);
		assert.ok(visible, `the focus is hidden on "${text}"`);
		if (words.test(text)) return;
	}
	assert.fail(`${key} never reached ${words}`);
}

test("the main task by keyboard: a reference, its tree, its layers, a file and its content", () =>
	world.onPage(async (page) => {
		await tabTo(page, "#reference");
		await page.keyboard.type(reference);
		await page.keyboard.press("Enter");
		await verdict(page).getByText(reference, { exact: true }).waitFor();
		await page
			.getByRole("status")
			.getByText(/Every digest matches/)
			.waitFor({ state: "attached" });
		await pressUntil(page, "Tab", /^Verify layers/);
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: /^Verify layers/ }).waitFor({ state: "detached" });
		await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
		assert.notEqual((await focus(page)).tag, "BODY", "the button that went away leaves the focus somewhere");
		await tabTo(page, "[role=tree]");
		await pressUntil(page, "ArrowDown", /^layer 2/i);
		await page.keyboard.press("Enter");
		await focused(page, ".details [role=tab]");
		await pressUntil(page, "ArrowRight", /^Files$/);
		await page.keyboard.press("Shift+Tab");
		await tabTo(page, "#result-overview");
		await page.keyboard.press("ArrowRight");
		await page.locator(".files-path input[type=search]").waitFor();
		await tabTo(page, ".files-path input[type=search]");
		await page.keyboard.type("server.js");
		await page
			.getByText("1 of 15 entries")
			.or(page.getByText(/^1 of \d+ entries/))
			.first()
			.waitFor();
		await tabTo(page, "[role=treegrid]");
		await pressUntil(page, "ArrowDown", /server\.js/);
		await page.keyboard.press("Enter");
		await page.getByText(/was read again for this/).waitFor();
		await pressUntil(page, "Tab", /^Copy as text$/);
	}));

test("the settings give the focus back to what opened them, and keep it meanwhile", () =>
	world.onPage(async (page) => {
		await tabTo(page, ".tools > button");
		await page.keyboard.press("Enter");
		await page.getByRole("dialog").waitFor();
		for (let step = 0; step < 12; step++) {
			await page.keyboard.press("Tab");
			const inside = await page.evaluate(() => !!document.activeElement?.closest("dialog, body:focus"));
			assert.ok(inside || (await focus(page)).tag === "BODY", `step ${step}: ${JSON.stringify(await focus(page))}`);
		}
		await page.keyboard.press("Escape");
		await page.getByRole("dialog").waitFor({ state: "hidden" });
		await focused(page, ".tools > button");
	}));

test("what is dismissed or finished gives the focus to something that is there", () =>
	world.onPage(async (page) => {
		await inspect(page, reference);
		await page.locator("#reference").fill("not a reference");
		await page.keyboard.press("Enter");
		await page.getByRole("alert").waitFor();
		await page.getByRole("button", { name: "Dismiss" }).focus();
		await page.keyboard.press("Enter");
		await page.getByRole("alert").waitFor({ state: "detached" });
		await focused(page, "main");
		await page.keyboard.press("Tab");
		assert.notEqual((await focus(page)).tag, "BODY");
	}));

test("nothing moves for people who asked for less motion", () =>
	world.onPage(
		async (page) => {
			await inspect(page, reference);
			const moving = await page.evaluate(() =>
				[...document.querySelectorAll("*")]
					.filter((one) => {
						const { transitionDuration, animationName } = getComputedStyle(one);
						return (
							animationName !== "none" || transitionDuration.split(", ").some((time) => Number.parseFloat(time) > 0)
						);
					})
					.map((one) => one.outerHTML.slice(0, 80)),
			);
			assert.deepEqual(moving, []);
		},
		{ reducedMotion: "reduce" },
	));

test("forced colours leave verdicts, choices and the active row to be told apart", () =>
	world.onPage(
		async (page) => {
			await inspect(page, reference);
			const style = (selector, name) =>
				page
					.locator(selector)
					.first()
					.evaluate((one, name) => getComputedStyle(one)[name], name);
			assert.notEqual(await style(".row[aria-selected=true]", "outlineStyle"), "none");
			const [chosen, other] = ['[role=tab][aria-selected="true"]', '[role=tab][aria-selected="false"]'];
			assert.notEqual(await style(chosen, "borderBottomWidth"), await style(other, "borderBottomWidth"));
			assert.notEqual(
				await style('.switch [aria-pressed="true"]', "backgroundColor"),
				await style('.switch [aria-pressed="false"]', "backgroundColor"),
			);
			for (const mark of ["pass", "not-checked"]) {
				const drawn = await page
					.locator(`.mark-${mark} .shape path, .mark-${mark} .shape circle`)
					.first()
					.boundingBox();
				assert.ok((drawn?.width ?? 0) > 8, `the shape of ${mark}`);
			}
		},
		{ forcedColors: "active" },
	));
