// In the page: thirty kinds of texts, pasted anywhere by the keyboard alone, each answered with what it is and what it names.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KINDS } from "./support/kinds.mjs";
import { box } from "./support/page.mjs";
import { clipboard, pasted, startPasting, toClipboard } from "./support/pasting.mjs";
import { drawn } from "./support/world.mjs";

let world;
before(async () => {
	world = await startPasting();
});
after(() => world?.stop());

/** @param {any} page @param {string} text */
async function paste(page, text) {
	await toClipboard(page, text);
	await page.keyboard.press("ControlOrMeta+V");
}

test("each kind is named, with its images and digests, and nothing fails", { timeout: 240_000 }, async () => {
	for (const { kind, text, names = [] } of KINDS) {
		const report = await world.api.open(text);
		assert.equal(report.pasted[0].kind, kind, text);
		assert.notEqual(report.summary.verdict, "failed", kind);
		await world.onPage(async (page) => {
			await paste(page, text);
			await pasted(page).getByText(report.pasted[0].title, { exact: true }).waitFor();
			const words = await pasted(page).innerText();
			for (const name of names) assert.ok(words.includes(name), `${kind}: ${name} in ${words}`);
		});
	}
});

test("a pasted name, command or address of an image is inspected at once, with its pin", () =>
	world.onPage(async (page) => {
		const pin = `registry.invalid/team/app@sha256:${"c3".repeat(32)}`;
		for (const [text, name] of [
			["registry.invalid/team/app:1", "registry.invalid/team/app:1"],
			[`$ docker pull ${pin}`, pin],
			["https://registry.invalid/v2/team/app/manifests/1.3", "registry.invalid/team/app:1.3"],
		]) {
			await paste(page, text);
			await page.waitForFunction((name) => decodeURIComponent(location.hash) === `#ref=${name}`, name);
			assert.equal(await box(page).inputValue(), name);
		}
	}));

test("the box grows by a line with Shift+Enter and with a short paste, and Enter inspects what stands in it", () =>
	world.onPage(async (page) => {
		const rows = () => box(page).evaluate((field) => field.rows);
		await box(page).focus();
		assert.equal(await rows(), 1);
		await page.keyboard.type("Digest:");
		await page.keyboard.press("Shift+Enter");
		assert.deepEqual([await rows(), await box(page).inputValue()], [2, "Digest:\n"]);
		const digest = `sha256:${"d4".repeat(32)}`;
		await paste(page, `${digest}\nof the image`);
		assert.deepEqual([await rows(), await box(page).inputValue()], [3, `Digest:\n${digest}\nof the image`]);
		await page.keyboard.press("Enter");
		await pasted(page).getByText("This is text with digests or names of images in it.").waitFor();
		assert.match(await pasted(page).innerText(), /d4d4d4d4d4d4/);
	}));

test("a long text that is pasted into the box is opened as it is anywhere", () =>
	world.onPage(async (page) => {
		await box(page).focus();
		await paste(page, Array.from({ length: 20 }, (_, at) => `line ${at} r.example/a/b:v${at}`).join("\n"));
		await pasted(page).getByText("r.example/a/b:v19").first().waitFor();
		assert.equal(await box(page).inputValue(), "");
	}));

test("a file's images are a table, and a link to the text opens the same in a fresh page", () =>
	world.onPage(async (page) => {
		const text = "services:\n  web:\n    image: nginx:1.25 # public\n";
		await paste(page, text);
		const table = page.getByRole("region", { name: "Images in compose.yaml" });
		await table.getByRole("button", { name: "Check", exact: true }).waitFor();
		assert.match(await table.innerText(), /nginx:1\.25[\s\S]*Not pinned/);
		await page.getByRole("button", { name: "Copy link to this text" }).focus();
		await page.keyboard.press("Enter");
		await pasted(page).getByText("The address was copied.").waitFor();
		const link = await clipboard(page);
		assert.match(link, /#doc=[\w-]+$/);
		await page.goto("about:blank");
		await page.goto(link);
		await drawn(page);
		await page.getByRole("region", { name: "Images in compose.yaml" }).waitFor();
	}));

test("no address is made of a text with what looks like a secret", () =>
	world.onPage(async (page) => {
		const config = {
			architecture: "amd64",
			os: "linux",
			config: { Env: ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzR4nD0mKEY"] },
			rootfs: { type: "layers", diff_ids: [] },
		};
		await paste(page, JSON.stringify(config));
		await page.getByRole("button", { name: "Copy link to this text" }).click();
		await pasted(page).getByText("looks like a secret").waitFor();
		assert.equal(await clipboard(page), JSON.stringify(config));
	}));

test("in Chinese no sentence of an answer is left in English", () =>
	world.onPage(async (page) => {
		await page.getByRole("button", { name: "中文", exact: true }).click();
		await page.getByRole("status").getByText("页面已切换为中文。").waitFor({ state: "attached" });
		for (const { text, kind } of KINDS.filter(({ kind }) => /error|ecr|compose|images-table|pull/.test(kind))) {
			await paste(page, text);
			await page.locator(".pasted strong").first().waitFor();
			const words = await page.locator(".pasted").innerText();
			assert.doesNotMatch(words.replaceAll(text, ""), /(?:^|[^\w-])[a-z]{3,}(?: [a-z]{2,}){3,}/m, kind);
		}
	}));
