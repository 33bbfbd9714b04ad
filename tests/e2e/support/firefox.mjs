// Off the line, under the browser tests: Firefox over WebDriver BiDi, and pages that fail their test at the first complaint.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { OUT } from "./images.mjs";

const EXECUTABLE = process.env.STOWPLAN_FIREFOX ?? "/usr/bin/firefox-esr";
const WIDE = { width: 1280, height: 900 };
const PATIENCE_MS = 60_000;
/** Started beside other suites, it takes its time. */
const START_MS = 120_000;

/** Starts the browser; `close` it in `after`. */
export function launchFirefox() {
	return puppeteer.launch({
		browser: "firefox",
		executablePath: EXECUTABLE,
		headless: true,
		timeout: START_MS,
		defaultViewport: WIDE,
	});
}

/**
 * Runs `body` with a new page in a context of its own, then fails if the page threw, logged an error or broke its CSP.
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 * @param {(page: import("puppeteer-core").Page) => Promise<void>} body
 */
export async function withFirefoxPage(browser, url, body) {
	const context = await browser.createBrowserContext();
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	const complaints = await listenTo(page);
	try {
		await page.goto(url);
		await body(page);
		assert.deepEqual([...complaints, ...(await page.evaluate(() => globalThis.violations))], [], "the page complained");
	} catch (error) {
		mkdirSync(OUT, { recursive: true });
		await page.screenshot({ path: /** @type {any} */ (join(OUT, "failed-firefox.png")) }).catch(() => {});
		throw error;
	} finally {
		await context.close();
	}
}

/** Firefox tells BiDi nothing of a broken CSP, so the page itself keeps those. @param {import("puppeteer-core").Page} page */
async function listenTo(page) {
	/** @type {string[]} */
	const complaints = [];
	page.on("pageerror", (error) => complaints.push(`uncaught: ${/** @type {Error} */ (error).message}`));
	page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
	await page.evaluateOnNewDocument(() => {
		globalThis.violations = [];
		addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
			globalThis.violations.push(`CSP: ${violatedDirective} ${blockedURI}`),
		);
	});
	return complaints;
}

/*
 * Puppeteer's own waits and locators make functions of text in the page, which the page's policy forbids (Firefox 140.10
 * holds them to it). The tests ask for a state again and again instead, as a call from outside.
 */

const PAUSE_MS = 50;

/** Waits for what is true of the page; resolves with it. @param {() => Promise<any>} ask @param {string} what */
async function asked(ask, what) {
	const end = Date.now() + PATIENCE_MS;
	for (;;) {
		// Between two documents no page answers.
		const found = await ask().catch(() => undefined);
		if (found) return found;
		if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
}

/** Waits until a function of the page gives something. */
export const until = (page, ask, ...values) => asked(() => page.evaluate(ask, ...values), String(ask));

/** The selector for what has that role and name, by the browser's own accessibility tree. */
export const byRole = (role, name) => `::-p-aria([name="${name}"][role="${role}"])`;

/** Waits for an element that can be used. */
const usable = (page, selector) =>
	asked(async () => {
		const handle = await page.$(selector);
		return (await handle?.isVisible()) && (await handle.evaluate((element) => !element.disabled)) && handle;
	}, selector);

export const click = (page, selector) =>
	asked(async () => {
		await (await usable(page, selector)).click();
		return true;
	}, `a click on ${selector}`);

/** Fills a box as a paste does. */
export async function fill(page, selector, text) {
	const handle = await usable(page, selector);
	await handle.focus();
	await handle.evaluate((box, text) => {
		box.value = text;
		box.dispatchEvent(new Event("input", { bubbles: true }));
		box.dispatchEvent(new Event("change", { bubbles: true }));
	}, text);
}

/** Waits until what the selector finds holds these words; resolves with all of its text. */
export function words(page, selector, wanted) {
	const pattern = typeof wanted === "string" ? wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : wanted.source;
	const flags = `s${typeof wanted === "string" ? "" : wanted.flags}`;
	return asked(
		() =>
			page.evaluate(
				(selector, pattern, flags) => {
					const texts = [...document.querySelectorAll(selector)].map((element) => element.innerText);
					return texts.find((text) => new RegExp(pattern, flags).test(text));
				},
				selector,
				pattern,
				flags,
			),
		`${pattern} in ${selector}`,
	);
}
