// Off the line, under the browser tests of pastes: the page without a registry, its panel for texts and what it answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST, startApp } from "./app.mjs";
import { launch, withPage } from "./browser.mjs";
import { fromMenu, headOf, rows } from "./page.mjs";
import { drawn } from "./world.mjs";

const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** Stowplan's server, a browser that lets the page use the clipboard, and the API of the same build in Node. */
export async function startPasting() {
	const [app, browser] = await Promise.all([startApp(), launch()]);
	const api = await import(pathToFileURL(join(DIST, "www/api.js")).href);
	return {
		api,
		/**
		 * A test body with a page on its first visit.
		 * @param {(page: import("playwright-core").Page) => Promise<void>} body
		 * @param {object} [options] those of `withPage`
		 */
		onPage: (body, options) =>
			withPage(
				browser,
				async (page) => {
					await page.goto(app.url);
					await drawn(page);
					await body(page);
				},
				{ ...CLIPBOARD, ...options },
			),
		stop: () => Promise.all([app.stop(), browser.close()]),
	};
}

export const panel = (page) => page.getByRole("region", { name: "Paste", exact: true });
export const pasted = (page) => page.getByRole("region", { name: "What you pasted" });
export const found = (page) => page.getByRole("region", { name: "How the original bytes were found" });

export async function openPanel(page) {
	await page.getByRole("button", { name: "Paste", exact: true }).click();
	await panel(page).waitFor();
}

export const toClipboard = (page, text) => page.evaluate((text) => navigator.clipboard.writeText(text), text);
export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** As people do: Ctrl+V. */
export async function pasteInto(page, text) {
	await toClipboard(page, text);
	await panel(page).getByRole("textbox").first().focus();
	await page.keyboard.press("ControlOrMeta+V");
}

/** Sends what stands in the panel. */
export async function send(page, expected) {
	if (expected) await panel(page).getByLabel("Expected digest (optional)").fill(expected);
	await panel(page).getByRole("button", { name: "Verify" }).click();
}

/** Sends it and waits for the report: the panel stays until there is one. */
export async function verify(page, expected) {
	await send(page, expected);
	await panel(page).waitFor({ state: "detached" });
}

/** The banner's first line with its mark. */
export const headline = async (page) => (await headOf(page)).replace(/\s+/g, " ");

/** The row of the tree of that kind has that digest. */
export async function assertTop(page, [kind, digest]) {
	const row = rows(page, kind === "schema1" ? "schema 1 manifest" : kind).first();
	assert.ok((await row.innerText()).includes(digest.slice(7, 15)));
}

export async function assertRecovered(page, steps, digest) {
	const all = found(page).locator("ol.steps > li");
	await all.first().waitFor();
	assert.deepEqual(await all.allInnerTexts(), steps);
	assert.ok((await found(page).innerText()).includes(digest));
}

/** The file that the button Export report saves. */
export async function exported(page) {
	const [download] = await Promise.all([page.waitForEvent("download"), fromMenu(page, "Download", "Report as JSON")]);
	return JSON.parse(readFileSync(await download.path(), "utf8"));
}

/** A report after the way through a file. */
export const plain = (report) => JSON.parse(JSON.stringify(report));
