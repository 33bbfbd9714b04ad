// In the page: Chinese by the browser's wish and by the switch, in every state, with the core's messages by their codes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { screenshot } from "./support/browser.mjs";
import { leftInEnglish, zh } from "./support/chinese.mjs";
import { drawn, FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

const chinese = { locale: "zh-CN", expected: FAILED_LOAD, reducedMotion: /** @type {const} */ ("reduce") };
const region = (page, key) => page.getByRole("region", { name: zh(key), exact: true });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** The names and contents of the images in view. */
const DATA = [
	"greeter",
	"etc/passwd",
	"buildkit.dockerfile.v0",
	"2024-02-29T12:34:56Z",
	"slsa.dev/provenance/v0.2",
	"unknown/unknown",
];
/** A tag behind a colon of either language. */
const tags = (...names) => names.flatMap((name) => [`:${name}`, `：${name}`]);

/** The document is Chinese, nothing in it is left in English, and axe has no finding. */
async function isChinese(page, name, data = []) {
	assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
	assert.deepEqual(await leftInEnglish(page, [...DATA, ...data]), [], name);
	await screenshot(page, `zh-${name}`, { fullPage: true });
	assert.deepEqual(await axeFindings(page), [], name);
}

async function ask(page, reference) {
	await page.locator("#reference").fill(reference);
	await page.locator("#reference").press("Enter");
	await region(page, "verdict.label").locator(".subject").getByText(reference, { exact: true }).waitFor();
}

async function openSection(page, key) {
	await region(page, "sections.label")
		.getByRole("tab", { name: zh(`tab.${key}`) })
		.click();
	return region(page, "sections.label").getByRole("tabpanel");
}

test("who asks for Chinese gets it at once, without a word of English on the way", () =>
	world.onPage(async (page) => {
		/** Each text that the page ever shows. */
		await page.addInitScript(() => {
			/** @type {string[]} */
			const shown = [];
			Object.assign(globalThis, { shown });
			new MutationObserver(() => {
				const text = document.body?.innerText?.trim();
				if (text) shown.push(text);
			}).observe(document, { childList: true, subtree: true, characterData: true });
		});
		await page.reload();
		await drawn(page);
		const shown = await page.evaluate(() => /** @type {any} */ (globalThis).shown);
		for (const text of shown) assert.doesNotMatch(text, /Inspect|Type an image|Settings/);
		assert.equal(await page.title(), "Stowplan：看清容器镜像里有什么，并加以证明");
		assert.ok(await page.getByText("不会上传任何内容", { exact: false }).first().isVisible());
		assert.ok(await page.getByRole("button", { name: "检查", exact: true }).isVisible());
		await isChinese(page, "first");
	}, chinese));

test("an image, its details and sections are Chinese throughout", () =>
	world.onPage(async (page) => {
		await ask(page, world.ref("index"));
		const verdict = region(page, "verdict.label");
		assert.match(
			await verdict.locator(".facts-head").innerText(),
			/所有摘要一致\s+已在本机校验 \d+ 个文档[\s\S]*已校验 0 \/ \d+/,
		);
		await verdict.getByText("未固定：multi 是标签，标签可能变动。").waitFor();
		for (const key of ["details.bytes", "details.hand", "details.checks", "details.facts"]) {
			await region(page, "details.title")
				.getByRole("tab", { name: new RegExp(`^${zh(key).split(" ")[0]}`) })
				.click();
			if (key === "details.checks")
				await page
					.getByText("字节的摘要与描述符给出的一致。")
					.or(page.getByText("没有人事先给出摘要"))
					.first()
					.waitFor();
			await isChinese(page, key, ["docker.io", "demo/app", ...tags("multi")]);
		}
		for (const key of ["config", "ids", "checks", "signatures", "raw"]) {
			await openSection(page, key);
			await isChinese(page, `tab-${key}`, ["GET", "HEAD", "demo/app", ...tags("multi")]);
		}
	}, chinese));

test("layers, files and sizes are Chinese too", () =>
	world.onPage(async (page) => {
		await ask(page, world.ref("oci"));
		const files = await openSection(page, "files");
		await files.getByRole("button", { name: /^校验 3 个层以列出文件/ }).click();
		await page
			.getByRole("treegrid", { name: zh("files.label") })
			.getByRole("row")
			.nth(2)
			.waitFor();
		await region(page, "progress.label").waitFor({ state: "detached" });
		await isChinese(page, "section-files", ["demo/app", ...tags("v1")]);
		const sizes = await openSection(page, "size");
		await sizes.getByText(zh("sizes.worst")).waitFor();
		await page.locator("stow-map button").first().waitFor();
		const cells = await page.locator("stow-map, stow-sizes code").allInnerTexts();
		const labels = await page
			.locator("stow-map [aria-label]")
			.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
		await isChinese(page, "section-sizes", [
			"demo/app",
			...tags("v1"),
			...[...cells, ...labels].flatMap((one) => one.split(/[\s，]+/)),
		]);
	}, chinese));

test("a failed check says in Chinese what is wrong, with both values; no English stands beside it", () =>
	world.onPage(async (page) => {
		await ask(page, world.ref("wrongSize"));
		const banner = region(page, "verdict.label");
		assert.match(
			await banner.getByRole("heading").first().innerText(),
			/失败\s+Linux\/amd64 的清单与索引中的大小不一致/i,
		);
		const words = await banner.innerText();
		assert.match(words, /描述符给出的是 \d+ 字节，实际有 \d+ 字节。/);
		assert.match(words, /应为\s+\d+\s+实为\s+\d+\s+差异\s+少 1 字节。/);
		assert.ok(words.includes(zh("cause.size")), words);
		assert.equal(await banner.locator('[lang="en"]').count(), 0);
		await isChinese(page, "failed", ["demo/app", ...tags("wrong-size")]);
	}, chinese));

test("errors have a Chinese title and say what to do; the code stays", () =>
	world.onPage(async (page) => {
		await page.locator("#reference").fill(`${world.registry.host}/demo/nothing:here`);
		await page.locator("#reference").press("Enter");
		const alert = page.getByRole("alert");
		await alert.getByRole("heading", { name: zh("error.not-found") }).waitFor();
		assert.match(await alert.innerText(), /请检查名称和标签/);
		await alert.getByText(zh("error.more"), { exact: true }).click();
		assert.match(await alert.innerText(), /代码：not-found/);
		const quoted = ["demo/nothing", "here", "MANIFEST_UNKNOWN", "manifest unknown"];
		await isChinese(page, "error", quoted);
		await press(page, zh("error.settings"));
		await page.getByRole("dialog", { name: "设置" }).waitFor();
		await isChinese(page, "settings", quoted);
	}, chinese));

test("pastes, recovered bytes and lookups are Chinese", () =>
	world.onPage(async (page) => {
		await drawn(page);
		await page.locator("[data-sample=article]").click();
		await page.locator(".recovered .full-digest").waitFor();
		await page.getByText(zh("diff.title")).first().waitFor();
		const steps = await page.locator(".steps li").allInnerTexts();
		assert.ok(steps.length >= 2 && steps.every((step) => /\p{Script=Han}/u.test(step)), steps.join());
		await isChinese(page, "recovered", ["article/manifest"]);
		await page.locator(".brand a").click();
		await press(page, zh("box.paste"));
		await isChinese(page, "paste");
		await page
			.locator("#paste-text")
			.fill(
				"$ docker pull busybox\nlatest: Pulling from library/busybox\nDigest: sha256:1111111111111111111111111111111111111111111111111111111111111111",
			);
		await press(page, zh("paste.verify"));
		await page.getByText("这是拉取或推送时的输出。").waitFor();
		await isChinese(page, "pasted");
	}, chinese));

test("the switch turns the whole page, tells it, and is remembered", () =>
	world.onPage(
		async (page) => {
			await drawn(page);
			await page.locator("[data-sample=broken]").click();
			await page.getByRole("heading", { level: 2, name: /^failed\b/ }).waitFor();
			await page
				.getByRole("region", { name: "Details" })
				.getByRole("tab", { name: /^Checks/ })
				.click();
			await page.getByRole("button", { name: "中文", exact: true }).click();
			await page.getByRole("heading", { level: 2, name: /^失败/ }).waitFor();
			assert.equal(await page.getByRole("status").first().innerText(), "页面已切换为中文。");
			assert.equal(await page.getByRole("button", { name: "中文", exact: true }).getAttribute("aria-pressed"), "true");
			await isChinese(page, "switched", ["stowplan/broken"]);
			await page.reload();
			await page.getByRole("heading", { level: 2, name: /^失败/ }).waitFor();
			await page.getByRole("button", { name: "en", exact: true }).click();
			await page.getByRole("heading", { level: 2, name: /^failed\b/ }).waitFor();
			assert.equal(await page.evaluate(() => document.documentElement.lang), "en-GB");
			assert.equal(await page.title(), "stowplan/broken · Stowplan");
			const left = (await page.locator("body").innerText()).replace("中文", "").match(/.*\p{Script=Han}.*/gu);
			assert.deepEqual(left ?? [], []);
			assert.equal(await page.evaluate(() => localStorage.getItem("stowplan.language")), null);
		},
		{ locale: "en-US" },
	));

test("where the Chinese words do not come, the page is there in English", () =>
	world.onPage(
		async (page) => {
			await page.route(/\.zh-\w+\.js/, (route) => route.abort());
			await page.reload();
			await drawn(page);
			assert.ok(await page.getByRole("button", { name: "Inspect" }).isVisible());
			assert.equal(await page.evaluate(() => document.documentElement.lang), "en-GB");
			await page.getByRole("button", { name: "中文", exact: true }).click();
			await page.getByText("The words of that language could not be loaded.").waitFor({ state: "attached" });
			assert.equal(await page.getByRole("button", { name: "en", exact: true }).getAttribute("aria-pressed"), "true");
			await page.unroute(/\.zh-\w+\.js/);
		},
		{ ...chinese, expected: /Failed to load resource|net::/ },
	));
