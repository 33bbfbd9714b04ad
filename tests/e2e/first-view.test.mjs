// In the page before its scripts: index.html shows what they will draw, in the right theme, and keeps what is typed and pressed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, startApp } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { box } from "./support/page.mjs";
import { drawn } from "./support/world.mjs";

const MANIFEST = readFileSync(join(ROOT, "www/samples/broken/manifest.json"), "utf8");

let app, browser;
before(async () => {
	[app, browser] = await Promise.all([startApp(), launch()]);
});
after(() => Promise.all([app?.stop(), browser?.close()]));

/** Holds a file of the page back until it is let in. @param {import("playwright-core").Page} page @param {string} file */
async function holdBack(page, file) {
	/** @type {() => void} */
	let letIn = () => {};
	const gate = new Promise((resolve) => {
		letIn = () => resolve(undefined);
	});
	await page.route(file, (route) => gate.then(() => route.continue()));
	return letIn;
}

/**
 * The page with its entry held back; `come` lets it in.
 * @param {(page: import("playwright-core").Page, come: () => Promise<void>) => Promise<void>} body
 */
const beforeScripts = (body, /** @type {{ hash?: string, locale?: string }} */ { hash = "", ...options } = {}) =>
	withPage(
		browser,
		async (page) => {
			const open = await holdBack(page, "**/www/page.js");
			await page.goto(app.url + hash, { waitUntil: "commit" });
			await page.locator(".chain").waitFor({ state: "attached" });
			await body(page, async () => {
				open();
				await drawn(page);
			});
		},
		options,
	);

/** Elements with their attributes and words, as both the parser and Lit leave them. */
const outline = (page) =>
	page.evaluate(async () => {
		// The page's policy lets no string become HTML; a document that it fetches is parsed as ever.
		const served = await new Promise((done) => {
			const asked = new XMLHttpRequest();
			asked.responseType = "document";
			asked.onload = () => done(asked.responseXML);
			asked.open("GET", "./");
			asked.send();
		});
		/** @param {Element} element @returns {unknown} */
		const told = (element) => {
			const own = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
			const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`);
			const words = own.map(({ nodeValue }) => nodeValue).join(" ");
			const below = [...element.children].filter(({ localName }) => localName !== "noscript");
			return [element.localName, attributes.sort(), words.replace(/\s+/g, " ").trim(), below.map(told)];
		};
		const part = (/** @type {Document} */ from) => told(/** @type {Element} */ (from.querySelector("#app")));
		return { served: part(served), drawn: part(document) };
	});

test("what is served is what the scripts draw, so nothing moves", () =>
	withPage(browser, async (page) => {
		await page.goto(app.url);
		await drawn(page);
		const both = await outline(page);
		assert.deepEqual(both.served, both.drawn);
	}));

test("a sample that is pressed before the scripts are here is opened when they are", () =>
	beforeScripts(async (page, come) => {
		await page.locator("[data-sample=hello]").click();
		await come();
		await page.getByRole("treeitem").first().waitFor();
		assert.match(page.url(), /#sample=hello$/);
	}));

test("a sample that is pressed before the scripts are here is opened also when the list of samples comes last", () =>
	withPage(browser, async (page) => {
		/** @type {Record<string, () => void>} */
		const come = {};
		for (const name of ["page.js", "samples/index.json"]) {
			const gate = new Promise((resolve) => {
				come[name] = () => resolve(undefined);
			});
			await page.route(`**/www/${name}`, (route) => gate.then(() => route.continue()));
		}
		await page.goto(app.url, { waitUntil: "commit" });
		await page.locator("[data-sample=hello]").click();
		come["page.js"]?.();
		await drawn(page);
		await page.locator("[data-sample]").first().waitFor({ state: "detached" });
		come["samples/index.json"]?.();
		await page.getByRole("treeitem").first().waitFor();
		assert.match(page.url(), /#sample=hello$/);
	}));

test("a reference that is typed and sent before the scripts are here is looked at, and the page is not left", () =>
	beforeScripts(async (page, come) => {
		await box(page).fill("not a reference");
		await box(page).press("Enter");
		await come();
		await page.getByText("code: invalid-reference").waitFor({ state: "attached" });
		assert.equal(await box(page).inputValue(), "not a reference");
		assert.ok(await box(page).evaluate((one) => one === document.activeElement));
		assert.doesNotMatch(page.url(), /\?/);
	}));

test("what is held before the scripts are here is held when they are: the caret in the box, or another part", () =>
	beforeScripts(async (page, come) => {
		await box(page).fill("ghcr.io/app");
		await box(page).evaluate((/** @type {HTMLInputElement} */ one) => one.setSelectionRange(8, 8));
		await come();
		await page.keyboard.type("o/");
		assert.equal(await box(page).inputValue(), "ghcr.io/o/app");
	}).then(() =>
		beforeScripts(async (page, come) => {
			await page.locator("[data-sample=broken]").focus();
			await come();
			assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-sample")), "broken");
		}),
	));

test("a theme that is chosen before the scripts are here is shown at once, and kept", () =>
	beforeScripts(async (page, come) => {
		await page.locator("select").selectOption("dark");
		assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
		await come();
		await page.reload();
		await drawn(page);
		assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
		assert.equal(await page.locator("select").inputValue(), "dark");
	}));

test("what is dropped while the page's words are on their way is shown when they are here", () =>
	withPage(
		browser,
		async (page) => {
			const open = await holdBack(page, "**/www/first.zh*");
			await Promise.all([page.waitForRequest("**/www/first.zh*"), page.goto(app.url, { waitUntil: "commit" })]);
			await page.evaluate((text) => {
				const dataTransfer = new DataTransfer();
				dataTransfer.items.add(new File([text], "some.json"));
				document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
			}, MANIFEST);
			open();
			await drawn(page);
			await page.getByRole("treeitem").first().waitFor();
			assert.equal(await page.locator("header").count(), 1);
		},
		{ locale: "zh-CN" },
	));

test("English is not shown to who reads Chinese, nor the welcome to who came for an image", async () => {
	await beforeScripts(
		async (page, come) => {
			assert.equal(await box(page).isVisible(), false);
			await come();
			await page.getByText("镜像").first().waitFor();
		},
		{ locale: "zh-CN" },
	);
	await beforeScripts(
		async (page, come) => {
			assert.equal(await page.locator(".intro").isVisible(), false);
			assert.ok(await box(page).isVisible());
			await come();
			await page.getByRole("treeitem").first().waitFor();
		},
		{ hash: "#sample=hello" },
	);
});

test("a theme that was chosen is there from the first paint on", () =>
	withPage(
		browser,
		async (page) => {
			await page.addInitScript(() => localStorage.setItem("stowplan.theme", "dark"));
			await page.route("**/www/page.js", () => {});
			await page.goto(app.url, { waitUntil: "commit" });
			await page.locator(".chain").waitFor();
			assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
		},
		{ colorScheme: "light" },
	));

test("without scripts each page says what it needs them for, and shows nothing that could not be used", () =>
	withPage(
		browser,
		async (page) => {
			for (const name of ["", "how.html", "embed.html"]) {
				await page.goto(app.url + name);
				const needs = page.getByText(/ in your browser\. That needs JavaScript, which is switched off here\.$/);
				assert.ok(await needs.isVisible(), name);
				assert.equal(await page.locator("h1").count(), 1, name);
				for (const one of await page.locator("button, input, select").all())
					assert.equal(await one.isVisible(), false, `${name}: ${await one.evaluate((part) => part.outerHTML)}`);
			}
			await page.goto(app.url);
			for (const text of [
				/re-hashes every byte/,
				/See what is inside a container image/,
				"What docker calls the image ID",
				/^Digest: sha256:/,
			])
				assert.ok(await page.getByText(text).isVisible(), String(text));
		},
		{ javaScriptEnabled: false },
	));

test("without scripts an element shows what stands in it", () =>
	withPage(
		browser,
		async (page) => {
			const body = `<script type="module" src="embed.js"></script><stow-plan reference="busybox">See busybox.</stow-plan>`;
			await page.route("**/doc.html", (route) => route.fulfill({ contentType: "text/html", body }));
			await page.goto(`${app.url}doc.html`);
			assert.ok(await page.getByText("See busybox.").isVisible());
		},
		{ javaScriptEnabled: false },
	));
