// Off the line, under the pictures and the tests of all states: every state that the page can be in, and the way to it.

import { sha256 } from "./documents.mjs";
import { lies } from "./lies.mjs";
import { alert, ask, box, details, openSection, openTab, rows, verdict } from "./page.mjs";
import { ARTICLE, M, MANIFEST } from "./pastes.mjs";
import { AROUND } from "./states-around.mjs";
import { COMPARE } from "./states-compare.mjs";
import { MORE } from "./states-more.mjs";
import { SIGNED } from "./states-signed.mjs";
import { drawn } from "./world.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./stage.mjs").Stage} World
 * @typedef {object} State
 * @property {string} name
 * @property {(world: World, page: Page) => string | Promise<string>} [at] the address, if it is not the page's own
 * @property {(page: Page, world: World) => Promise<unknown>} show
 */

/** Brings a new page into a state. @param {Page} page @param {World} world @param {State} state */
export async function enter(page, world, { at, show }) {
	world.liar.reset();
	await page.goto(at ? await at(world, page) : world.app.url);
	if (!at) await drawn(page);
	await show(page, world);
}

const loaded = async (page, reference) => {
	await ask(page, reference);
	await verdict(page).locator(".subject").getByText(reference, { exact: true }).waitFor();
};
const harbour = (page, world) => loaded(page, world.harbour);

/** A state of the image with a tab of one of its nodes open. */
const tab = (kind, name, index) => async (page, world) => {
	await harbour(page, world);
	await openTab(page, kind, name, index);
};

/** With all layers read. */
const proved = async (page, world) => {
	await harbour(page, world);
	const verify = verdict(page).getByRole("button", { name: /^Verify layers · / });
	await verify.click();
	await verify.waitFor({ state: "detached" });
	await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
};

const section = (name) => async (page, world) => {
	await harbour(page, world);
	await openSection(page, name);
};

/** With the list of files filtered to a path, and that file selected. */
const file = (path) => async (page, world) => {
	await proved(page, world);
	await openSection(page, "Files");
	await page.getByRole("searchbox", { name: "Path" }).fill(path);
	await page.getByRole("row", { name: new RegExp(`${path.split("/").at(-1)}\\b`) }).click();
	await page.getByRole("region", { name: "About the selected file" }).getByRole("heading", { name: path }).waitFor();
};

const content = (path) => async (page, world) => {
	await file(path)(page, world);
	await page.getByRole("button", { name: "Show content" }).click();
	await page.getByText(/was read again for this/).waitFor();
};

const pasted = async (page, text, expected = "") => {
	await page.getByRole("button", { name: "Paste", exact: true }).click();
	await page.getByRole("region", { name: "Paste", exact: true }).getByRole("textbox").first().fill(text);
	if (expected) await page.getByLabel("Expected digest (optional)").fill(expected);
};

const verified = async (page, text, expected) => {
	await pasted(page, text, expected);
	await page.getByRole("button", { name: "Verify", exact: true }).click();
	await verdict(page).waitFor();
};

const settings = async (page) => {
	await page.getByRole("button", { name: "Settings" }).first().click();
	await page.getByRole("dialog", { name: "Settings" }).waitFor();
};

/** @type {State[]} */
export const STATES = [
	{ name: "first", show: (page) => page.locator("[data-sample]").first().waitFor() },
	{
		name: "dragging",
		async show(page) {
			await page.evaluate(() => {
				const dataTransfer = new DataTransfer();
				dataTransfer.items.add(new File(["a file"], "a.tar"));
				dispatchEvent(new DragEvent("dragover", { cancelable: true, dataTransfer }));
			});
			await page.locator("html[data-drop]").waitFor();
		},
	},
	{
		name: "loading",
		async show(page, { liar }) {
			liar.lie(/\/v2\//, () => new Promise(() => {}));
			await ask(page, `${liar.host}/harbour/app:1.4`);
			await page.getByRole("region", { name: "Progress" }).waitFor();
		},
	},
	{ name: "image", show: harbour },
	{ name: "index", show: (page, world) => harbour(page, world).then(() => rows(page, "index").click()) },
	{ name: "checks", show: tab("config", /^Checks/, 0) },
	{ name: "bytes", show: tab("manifest", "Bytes", 0) },
	{
		name: "bytes-exact",
		async show(page, world) {
			const panel = await tab("manifest", "Bytes", 0)(page, world).then(() => details(page).getByRole("tabpanel"));
			await panel.getByRole("button", { name: "Exact" }).click();
		},
	},
	{ name: "by-hand", show: tab("config", "Verify yourself", 0) },
	{ name: "layer-unread", show: tab("layer", "Overview", 0) },
	{ name: "config", show: section("Config and history") },
	{ name: "layers", show: section("IDs") },
	{
		name: "identities",
		async show(page, world) {
			await harbour(page, world);
			const panel = await openSection(page, "IDs");
			await panel.locator(".formula").nth(1).click();
			await panel
				.getByText(/sha256\(/)
				.first()
				.waitFor();
		},
	},
	{ name: "requests", show: section("Raw and requests") },
	{ name: "files-unread", show: section("Files") },
	{ name: "proved", show: proved },
	{
		name: "layer-files",
		async show(page, world) {
			await proved(page, world);
			await openTab(page, "layer", "Files", 0);
		},
	},
	{
		name: "files",
		async show(page, world) {
			await proved(page, world);
			await openSection(page, "Files");
			await page.getByRole("button", { name: "All paths ever" }).click();
			await page.getByRole("button", { name: "Open all" }).click();
			await page.getByRole("row", { name: /server\.js/ }).waitFor();
		},
	},
	{ name: "file", show: file("etc/passwd") },
	{ name: "content-text", show: content("app/server.js") },
	{ name: "content-json", show: content("app/package.json") },
	{ name: "content-image", show: content("app/public/logo.png") },
	{ name: "content-program", show: content("bin/busybox") },
	{
		name: "sizes",
		async show(page, world) {
			await proved(page, world);
			const panel = await openSection(page, "Size");
			await panel.locator(".cell").first().waitFor();
			await panel.locator("details.map-table summary").click();
		},
	},
	{ name: "failed", show: (page, world) => loaded(page, world.ref("wrongSize")) },
	{
		name: "failed-digest",
		async show(page, { liar, harbour }) {
			const reference = harbour.replace(/^[^/]+/, liar.host);
			liar.lie(/\/manifests\/sha256/, lies.flipByte(40), 1);
			await loaded(page, reference);
		},
	},
	{
		name: "failed-layer",
		async show(page, world) {
			const reference = world.harbour.replace(/^[^/]+/, world.liar.host);
			await loaded(page, reference);
			world.liar.lie(/\/blobs\//, lies.flipByte(40), 1);
			await verdict(page)
				.getByRole("button", { name: /^Verify/ })
				.click();
			await verdict(page)
				.getByText(/failed/)
				.first()
				.waitFor();
		},
	},
	{
		name: "error",
		async show(page, { registry }) {
			await ask(page, `${registry.host}/harbour/nothing:here`);
			await alert(page).waitFor();
		},
	},
	{
		name: "error-beside-image",
		async show(page, world) {
			await harbour(page, world);
			await ask(page, "not a reference");
			await alert(page).waitFor();
		},
	},
	{ name: "settings", show: settings },
	{
		name: "settings-filled",
		async show(page, world) {
			await proved(page, world);
			await settings(page);
			const dialog = page.getByRole("dialog", { name: "Settings" });
			await dialog.getByLabel("Registry", { exact: true }).fill("ghcr.io");
			await dialog.getByLabel("User name").fill("captain");
			await dialog.getByLabel("Password or token").fill("not a real one");
			await dialog.getByRole("button", { name: "Add" }).click();
			await dialog.getByLabel("Registry proxy").fill("ftp://nowhere");
			await page.keyboard.press("Enter");
			await dialog.getByRole("alert").waitFor();
		},
	},
	{ name: "paste", show: (page) => pasted(page, ARTICLE.text, ARTICLE.digest) },
	{
		name: "paste-two",
		async show(page) {
			await pasted(page, ARTICLE.text);
			await page.getByRole("button", { name: "Add another" }).click();
		},
	},
	{ name: "recovered", show: (page) => verified(page, ARTICLE.text, ARTICLE.digest) },
	{ name: "pasted-forms", show: (page) => verified(page, ARTICLE.text) },
	{
		name: "pasted-pull",
		show: (page) =>
			verified(page, `$ docker pull busybox\nDigest: ${M}\nStatus: Downloaded newer image for busybox:latest\n`),
	},
	{ name: "pasted-wrong", show: (page) => verified(page, MANIFEST, sha256("something else")) },
	{
		name: "lookup",
		async show(page, world) {
			await harbour(page, world);
			const text = await rows(page, "config").first().locator("code").innerText();
			await box(page).fill(text);
			await box(page).press("Enter");
			await page.locator("section.answer").waitFor();
		},
	},
	{
		name: "filtered",
		async show(page, world) {
			await loaded(page, world.ref("big"));
			await page.getByRole("searchbox", { name: /^Filter/ }).fill("v99");
			await page.getByText(/^\d+ rows match$/).waitFor();
		},
	},
	{ name: "schema1", show: (page, world) => loaded(page, world.ref("schema1")) },
	{ name: "artifact", show: (page, world) => loaded(page, world.ref("artifact")) },
	{ name: "missing", show: (page, world) => loaded(page, world.ref("missing")) },
	...MORE,
	...SIGNED,
	...COMPARE,
	...AROUND,
];
