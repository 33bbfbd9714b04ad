// Off the line, under the browser tests: the page as a user finds it, by role and accessible name.

import assert from "node:assert/strict";

export const box = (page) => page.getByRole("textbox", { name: "Image reference" });
export const verdict = (page) => page.getByRole("region", { name: "Verdict" });
export const alert = (page) => page.getByRole("alert");
export const tree = (page) => page.getByRole("tree");
export const details = (page) => page.getByRole("region", { name: "Details" });

/** The rows of the tree whose name starts with that kind. */
export const rows = (page, kind) => tree(page).getByRole("treeitem", { name: new RegExp(`^${kind}\\b`) });

/** Types a reference and presses Enter. */
export async function ask(page, reference) {
	await box(page).fill(reference);
	await box(page).press("Enter");
}

/** Asks and waits until the verdict about that reference is shown; resolves with its words. */
export async function inspect(page, reference) {
	await ask(page, reference);
	return shown(page, reference);
}

/** Waits for the verdict about that reference. */
export async function shown(page, reference) {
	await verdict(page).locator(".subject").getByText(reference, { exact: true }).waitFor();
	return headOf(page);
}

/** The verdict in words: its mark, its line, how many layers are verified. */
export const headOf = (page) => verdict(page).locator(".facts-head").innerText();

/**
 * Waits until the signatures have these marks: the image stays in view while they are judged, with the marks from before.
 * @param {import("playwright-core").Page} page @param {string[]} marks
 */
export const marksAre = (page, marks) =>
	page.waitForFunction((wanted) => {
		const shown = [...document.querySelectorAll(".signatures .signature")];
		return JSON.stringify(shown.map(({ className }) => className.replace("signature is-", ""))) === wanted;
	}, JSON.stringify(marks));

/** Reads all layers of the image in view that can be read. */
export const verifyButton = (page) => verdict(page).getByRole("button", { name: /^Verify layers( · |$)/ });

/** Opens a menu of the result and presses one of its items. */
export async function fromMenu(page, menu, item) {
	await verdict(page).getByRole("button", { name: menu, exact: true }).click();
	await verdict(page).locator(".menu").getByRole("button", { name: item }).click();
}

/** Waits for an error; resolves with its code. */
export async function errorCode(page) {
	const text = await alert(page)
		.getByText(/^code: /)
		.textContent();
	return text.replace("code: ", "");
}

/** Selects the nth row of a kind and opens a tab of the details. */
export async function openTab(page, kind, tab, index = 0) {
	if (!(await tree(page).isVisible())) await openSection(page, "Overview");
	await rows(page, kind).nth(index).click();
	await details(page).getByRole("tab", { name: tab }).click();
	const panel = details(page).getByRole("tabpanel");
	// Its content may have to be loaded first.
	await panel.filter({ hasText: /\S/ }).waitFor();
	return panel;
}

/** Opens one of the tabs of the result; resolves with its panel. */
export async function openSection(page, name) {
	await page.getByRole("tablist", { name: "About the image" }).getByRole("tab", { name }).click();
	return page.locator("#result-panel");
}

/** Enters credentials in the settings. */
export async function giveCredentials(page, registry, { username, password }) {
	await page.getByRole("button", { name: "Settings" }).first().click();
	const dialog = page.getByRole("dialog", { name: "Settings" });
	await dialog.getByLabel("Registry", { exact: true }).fill(registry);
	await dialog.getByLabel("User name").fill(username);
	await dialog.getByLabel("Password or token").fill(password);
	await dialog.getByRole("button", { name: "Add" }).click();
	await dialog.getByText(username, { exact: false }).waitFor();
	await dialog.getByRole("button", { name: "Close" }).click();
}

/** Waits until the page's service worker is active, so that the page's files are kept. @param {import("playwright-core").Page} page */
export const kept = (page) =>
	page.evaluate(async () => {
		const { active } = await navigator.serviceWorker.ready;
		while (active.state !== "activated") await new Promise((resume) => setTimeout(resume, 20));
	});

/** Presses Tab until the focus is on that selector. */
export async function tabTo(page, selector) {
	for (let step = 0; step < 40; step++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
	}
	assert.fail(`Tab never reached ${selector}`);
}

/** Waits until the page itself has put the focus there. */
export const focused = (page, selector) =>
	page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

/** No text of the banner or the tree may be green if something failed. */
export async function assertFailed(page, ...values) {
	const words = await verdict(page).innerText();
	assert.match(words, /failed/);
	for (const value of values) assert.ok(words.includes(value), `${value} is shown in ${words}`);
	assert.ok(
		(await tree(page)
			.getByRole("treeitem", { name: /, failed\b/ })
			.count()) > 0,
		"the tree marks the node",
	);
}
