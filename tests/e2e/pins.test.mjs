// In the page: a pasted file's images are asked for in a real registry, and the pinned file is handed out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { screenshot, withPage } from "./support/browser.mjs";
import { toClipboard } from "./support/pasting.mjs";
import { drawn, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** A digest that has another digit at each place, so that the whole of it is what changed. @param {string} digest */
const other = (digest) =>
	`sha256:${digest.slice(7).replace(/./g, (digit) => ((Number.parseInt(digit, 16) + 1) % 16).toString(16))}`;

/** Pastes a file into a new page and gives its part of the page. @param {string} text @param {(page: any, pins: any) => Promise<void>} use */
const withPins = (text, use, options = {}) =>
	withPage(
		world.browser,
		async (page) => {
			await page.goto(world.app.url);
			await drawn(page);
			await toClipboard(page, text);
			await page.keyboard.press("ControlOrMeta+V");
			const pins = page.getByRole("region", { name: "Images in compose.yaml" });
			await pins.getByRole("button", { name: "Check", exact: true }).waitFor();
			await use(page, pins);
		},
		{ permissions: ["clipboard-read", "clipboard-write"], ...options },
	);

const digestOf = (name) => world.images[name].digest;

test("a file's tags are asked for by HEAD, the change is shown, and the file is handed out pinned byte for byte", async () => {
	const [index, oci] = [digestOf("index"), digestOf("oci")];
	const old = other(oci);
	const text = `services:\r\n  web: # public\r\n    image: "${world.ref("index")}" # keep\r\n  db:\r\n    image: ${world.ref("oci")}@${old}\r\n`;
	await withPins(text, async (page, pins) => {
		assert.match(await pins.innerText(), /2 images in 5 lines[\s\S]*The tags were not asked yet/);
		await pins.getByRole("button", { name: "Check", exact: true }).click();
		await pins.getByText("1 tag has moved since it was pinned").waitFor();
		assert.match(await pins.innerText(), /1 not pinned:\s+web/);
		const change = pins.getByRole("group", { name: "Preview of “Pin all”" });
		assert.deepEqual(await change.locator("ins mark").allInnerTexts(), [`@${index}`, oci.slice(7)]);
		await screenshot(page, "pins", { fullPage: true });
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			pins.getByRole("button", { name: "Pin all 2" }).click(),
		]);
		const expected = text.replace(`${world.ref("index")}"`, `${world.ref("index")}@${index}"`).replace(old, oci);
		assert.equal(readFileSync(await download.path(), "utf8"), expected);
	});
});

test("one row is pinned alone, and what agrees is said", async () => {
	const index = digestOf("index");
	const text = `services:\n  web:\n    image: ${world.ref("index")}@${index}\n  db:\n    image: ${world.ref("oci")}\n`;
	await withPins(text, async (page, pins) => {
		await pins.getByRole("button", { name: "Check", exact: true }).press("Enter");
		await pins.getByText("1 image is not pinned").waitFor();
		assert.match(await pins.innerText(), /1 pinned, and the tag still points to the same digest:\s+web/);
		await pins.getByRole("button", { name: `Pin ${world.ref("oci")}` }).press("Enter");
		const preview = pins.getByRole("group", { name: "Preview of “Pin all”" });
		await preview.getByText(digestOf("oci")).first().waitFor();
		await pins.getByRole("button", { name: "Copy file" }).press("Enter");
		// The clipboard still has what was pasted until the copy is there.
		await page.waitForFunction(async (before) => (await navigator.clipboard.readText()) !== before, text);
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		assert.equal(copied, text.replace(world.ref("oci"), `${world.ref("oci")}@${digestOf("oci")}`));
	});
});
