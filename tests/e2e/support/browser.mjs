// Off the line, under the browser tests: one Chromium a process, and pages that fail their test at the first complaint.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { OUT } from "./images.mjs";

const EXECUTABLE = process.env.STOWPLAN_CHROMIUM ?? "/usr/bin/chromium";
const ARGS = [
	"--headless=new",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const WIDE = { width: 1280, height: 900 };
/** The patience of tests: a second's work here may take twenty on a machine that is busy with other things. */
const PATIENCE_MS = 30_000;

/** Starts the browser; `close` it in `after`. @param {string[]} [more] arguments */
export function launch(more = []) {
	return chromium.launch({ executablePath: EXECUTABLE, args: [...ARGS, ...more] });
}

/**
 * Runs `body` with a new page in a context of its own, then fails if the page threw, logged an error or broke its CSP.
 * @param {import("playwright-core").Browser} browser
 * @param {(page: import("playwright-core").Page) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions & { expected?: RegExp }} [options] `expected`: complaints that
 *   the test provokes, such as Chromium's own line about a 404
 */
export async function withPage(browser, body, { expected = /^$/, ...options } = {}) {
	const context = await browser.newContext({ viewport: WIDE, serviceWorkers: "block", ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	const complaints = listenTo(page);
	try {
		await body(page);
		assert.deepEqual(
			complaints.filter((complaint) => !expected.test(complaint)),
			[],
			"the page complained",
		);
	} catch (error) {
		await screenshot(page, "failed").catch(() => {});
		throw error;
	} finally {
		await context.close();
	}
}

/** Saves what the page shows as tests/out/NAME.png. */
export async function screenshot(page, name, options = {}) {
	mkdirSync(OUT, { recursive: true });
	await page.screenshot({ path: join(OUT, `${name}.png`), ...options });
}

/** Chromium reports violations of the CSP as errors on the console. */
function listenTo(page) {
	const complaints = [];
	page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
	page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
	page.on("crash", () => complaints.push("the page crashed"));
	return complaints;
}
