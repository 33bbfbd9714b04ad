// In the page and in the element: what a system asks for is done: more contrast, no motion, its own colours, ink on paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { withPage } from "./support/browser.mjs";
import { startStage } from "./support/stage.mjs";
import { enter, STATES } from "./support/states.mjs";

let world;
before(async () => {
	world = await startStage();
});
after(() => world?.stop());

const PLACES = { "the page": "failed", "the element": "plan-failed" };

/** @param {string} name of a state @param {(page: import("playwright-core").Page) => Promise<void>} body */
const within = (name, body, options = {}) =>
	withPage(
		world.browser,
		async (page) => {
			await enter(page, world, /** @type {any} */ (STATES.find((state) => state.name === name)));
			await body(page);
		},
		options,
	);

/** A computed value of the first part that is found, in the document or an element's shadow tree. */
const computed = (page, selector, property, pseudo = "") =>
	page
		.locator(selector)
		.first()
		.evaluate(
			(one, [property, pseudo]) => getComputedStyle(one, pseudo || null).getPropertyValue(property),
			[property, pseudo],
		);

/** WCAG's ratio of a part's text to the first background that covers what is behind it. */
const ratio = (page, selector) =>
	page
		.locator(selector)
		.first()
		.evaluate((one) => {
			const numbers = (/** @type {string} */ colour) => {
				const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
				if (!canvas) return [0, 0, 0, 0];
				canvas.fillStyle = colour;
				canvas.fillRect(0, 0, 1, 1);
				return [...canvas.getImageData(0, 0, 1, 1).data];
			};
			const light = (/** @type {number[]} */ rgb) => {
				const [r = 0, g = 0, b = 0] = rgb
					.map((value) => value / 255)
					.map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			let behind = /** @type {Element | null} */ (one);
			const colourOf = (/** @type {Element} */ part) => numbers(getComputedStyle(part).backgroundColor);
			while (behind && (colourOf(behind)[3] ?? 0) < 255)
				behind = behind.parentElement ?? /** @type {ShadowRoot} */ (behind.getRootNode()).host ?? null;
			const pair = [light(numbers(getComputedStyle(one).color)), light(behind ? colourOf(behind) : [255, 255, 255])];
			return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
		});

for (const [place, name] of Object.entries(PLACES)) {
	for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
		test(`${place}, ${colorScheme}: with more contrast what is said softly has 7 to 1`, () =>
			within(
				name,
				async (page) => {
					const before = await ratio(page, ".values dt");
					await page.emulateMedia({ contrast: "more" });
					const after = await ratio(page, ".values dt");
					assert.ok(after > before && after >= 7, `${before} before, ${after} after`);
				},
				{ colorScheme },
			));
	}

	test(`${place}: nothing moves where motion is reduced`, () =>
		within(name, async (page) => {
			assert.notEqual(await computed(page, "button:visible", "transition-duration"), "0s");
			await page.emulateMedia({ reducedMotion: "reduce" });
			const moving = await page.evaluate(() => {
				const roots = [document, ...[...document.querySelectorAll("stow-plan")].map(({ shadowRoot }) => shadowRoot)];
				const all = roots.flatMap((root) => [...(root?.querySelectorAll("*") ?? [])]);
				return all
					.filter((one) => {
						const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
						return !/^0s(, 0s)*$/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
					})
					.map(({ outerHTML }) => outerHTML.slice(0, 80));
			});
			assert.deepEqual(moving, []);
		}));

	test(`${place}: with forced colours marks, the selected row and the bars are still told apart`, () =>
		within(name, async (page) => {
			await page.emulateMedia({ forcedColors: "active" });
			const text = await computed(page, ".banner .words", "color");
			assert.equal(await computed(page, ".banner .mark-fail .shape", "border-top-color"), text);
			assert.equal(await computed(page, ".banner .mark-fail .shape", "color"), text);
			assert.equal(await computed(page, "[role=treeitem][aria-selected=true]", "outline-style"), "solid");
			assert.equal(await computed(page, ".measure", "border-top-style"), "solid");
			assert.equal(await computed(page, ".measure", "forced-color-adjust"), "none");
			assert.equal(await computed(page, ".bar", "forced-color-adjust"), "none");
		}));
}

test("the element on paper: its verdict and picture in ink, no controls", () =>
	within(
		"plan-details",
		async (page) => {
			await page.emulateMedia({ media: "print", colorScheme: "dark" });
			const plan = page.locator("stow-plan");
			for (const one of await plan.locator(".actions, .copy, .close, [role=tab][aria-selected=false]").all())
				assert.equal(await one.isVisible(), false);
			assert.ok(await plan.getByRole("group", { name: "Verdict" }).isVisible());
			assert.ok((await plan.getByRole("treeitem").count()) >= 5);
			assert.equal(await computed(page, "stow-plan .plan", "color-scheme"), "light");
			const [tall, cut] = await plan.locator(".tree").evaluate((one) => [one.scrollHeight, one.clientHeight]);
			assert.ok(cut >= tall - 1, "nothing of the picture is cut off");
		},
		{ colorScheme: "dark" },
	));
