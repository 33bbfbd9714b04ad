// In the page: the Embed dialog gives an element, a snapshot, a frame and a badge, and each does what it says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { screenshot, withPage } from "./support/browser.mjs";
import { startDocs } from "./support/docs.mjs";
import { inspect } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

let world;
let docs;
before(async () => {
	world = await startWorld();
	docs = await startDocs({});
});
after(async () => {
	await docs?.stop();
	await world?.stop();
});

const dialog = (page) => page.getByRole("dialog", { name: "Embed" });

/** The page with the dialog open. */
const onDialog = (use, options = {}) =>
	world.onPage(async (page) => {
		await inspect(page, world.ref("index"));
		await page.getByRole("button", { name: "Embed" }).click();
		await dialog(page).waitFor();
		await use(page);
	}, options);

/** The text of a tab. */
async function text(page, name) {
	await dialog(page).getByRole("tab", { name }).click();
	return dialog(page).getByRole("tabpanel", { name }).locator("pre").innerText();
}

/** A page of documentation with that text in it. */
const shows = (body, use) =>
	withPage(world.browser, async (page) => {
		docs.pages["/page"] = body;
		await page.goto(`${docs.url}/page`);
		await use(page);
	});

const verdictOf = (scope) => scope.getByRole("group", { name: "Verdict" }).innerText();

test("the element's lines show the image, pinned, and the preview does before them", () =>
	onDialog(async (page) => {
		assert.match(await verdictOf(dialog(page)), /Every digest matches/);
		await dialog(page).getByLabel("Show").selectOption("history");
		const snippet = await text(page, "Element");
		assert.ok(snippet.includes(`digest="${world.images.index.digest}"`) && snippet.includes('view="history"'), snippet);
		await shows(snippet, async (other) => {
			assert.match(await verdictOf(other), /· Pinned ·/);
			await other.locator("[part=history]").waitFor();
		});
		await dialog(page)
			.getByRole("checkbox", { name: /Pin the digest/ })
			.uncheck();
		assert.doesNotMatch(await text(page, "Element"), /digest=/);
	}));

test("the snapshot's file and lines show it without the registry", () =>
	onDialog(async (page) => {
		const snippet = await text(page, "Snapshot");
		const saving = page.waitForEvent("download");
		await dialog(page).getByRole("button", { name: "Save app.stowplan.json" }).click();
		docs.pages["/app.stowplan.json"] = readFileSync(await (await saving).path());
		await shows(snippet, async (other) => assert.match(await verdictOf(other), /A snapshot, taken/));
	}));

test("the frame shows it in its sandbox", () =>
	onDialog(async (page) => {
		const snippet = await text(page, "Frame");
		assert.match(snippet, /sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"/);
		await shows(snippet, async (other) => {
			const words = await verdictOf(other.frameLocator("iframe"));
			assert.match(words, /Every digest matches/);
			assert.match(words, /· Pinned ·/);
		});
	}));

test("the badge names the digest, gives no verdict, and leads to the pinned image", () =>
	onDialog(async (page) => {
		const markdown = await text(page, "Badge");
		const [, alt, link] = /^\[!\[(.*?)\]\(stowplan-badge\.svg\)\]\((.*)\)$/.exec(markdown) ?? [];
		assert.equal(alt, `image ${world.images.index.digest}`);
		const saving = page.waitForEvent("download");
		await dialog(page).getByRole("button", { name: "Save stowplan-badge.svg" }).click();
		const svg = readFileSync(await (await saving).path(), "utf8");
		assert.ok(svg.includes(world.images.index.digest.slice(0, 19)));
		assert.doesNotMatch(svg, /verified|passed|✓|<script/);
		await withPage(world.browser, async (other) => {
			await other.goto(String(link));
			await other.getByRole("region", { name: "Verdict" }).getByText(world.images.index.digest).first().waitFor();
		});
	}));

test("the badge that is previewed, the copied one and the saved one are the same bytes, and the markup names it", () =>
	onDialog(
		async (page) => {
			const markdown = await text(page, "Badge");
			const shown = dialog(page).getByRole("img", { name: `image ${world.images.index.digest}` });
			const [head, ...rest] = String(await shown.getAttribute("src")).split(",");
			assert.equal(head, "data:image/svg+xml");
			const previewed = decodeURIComponent(rest.join(","));
			assert.ok((await shown.evaluate((/** @type {HTMLImageElement} */ one) => one.naturalWidth)) > 100, "it is drawn");
			assert.equal(await dialog(page).locator("stow-plan").count(), 0, "nothing else is previewed");
			await dialog(page).getByRole("button", { name: "Copy SVG" }).click();
			await dialog(page).getByRole("button", { name: "Copied" }).waitFor();
			assert.equal(await page.evaluate(() => navigator.clipboard.readText()), previewed);
			const saving = page.waitForEvent("download");
			const save = dialog(page).getByRole("button", { name: /^Save / });
			await save.click();
			const saved = await saving;
			assert.deepEqual(readFileSync(await saved.path()), Buffer.from(previewed));
			assert.ok(markdown.includes(`](${saved.suggestedFilename()})`), markdown);
			assert.ok(markdown.startsWith(`[![${await shown.getAttribute("alt")}]`), markdown);
		},
		{ permissions: ["clipboard-read", "clipboard-write"] },
	));

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
	test(`${colorScheme}: axe finds nothing in the dialog, and Escape gives the focus back`, () =>
		onDialog(
			async (page) => {
				await dialog(page).getByRole("group", { name: "Verdict" }).waitFor();
				await screenshot(page, `embed-${colorScheme}`);
				assert.deepEqual(await axeFindings(page), []);
				await page.keyboard.press("Escape");
				await page.waitForFunction(() => document.activeElement?.textContent.includes("Embed"));
			},
			{ colorScheme, reducedMotion: "reduce" },
		));
}
