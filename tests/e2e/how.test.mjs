// In the page "How it works": every digest is that of the bytes shown, what breaks is told, and mending makes an image again.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { withFile } from "../../www/how/tar.js";
import { DIST, startApp, startStatic } from "./support/app.mjs";
import { axeFindings } from "./support/axe.mjs";
import { launch, screenshot, withPage } from "./support/browser.mjs";
import { leftInEnglish } from "./support/chinese.mjs";

const sample = (name) => readFileSync(join(DIST, "www/samples/hello", name));
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const TAR = new Uint8Array(gunzipSync(sample("layer-2-amd64.tar.gz")));
const BASE = sample("layer-1-amd64.tar.gz");

let app, browser;
before(async () => {
	[app, browser] = await Promise.all([startApp(), launch()]);
});
after(() => Promise.all([app?.stop(), browser?.close()]));

/** @param {(page: import("playwright-core").Page) => Promise<void>} body */
const onPage = (body, options = {}, url = app.url) =>
	withPage(
		browser,
		async (page) => {
			await page.goto(`${url}how.html`);
			await page.locator(".how-step").first().waitFor();
			await body(page);
		},
		options,
	);

const field = (page, name) => page.locator(`[data-edit=${name}]`);
const value = (page, name) => field(page, name).inputValue();
const digest = (page, id) => page.locator(`[data-id=${id}] code`).innerText();
const said = (page) => page.getByRole("status").innerText();
const broken = (page) =>
	page.locator("[data-link].is-broken").evaluateAll((all) => all.map((one) => one.getAttribute("data-link")));
const changed = (page) =>
	page.locator("[data-id].is-changed").evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const until = (page, words) => page.getByRole("status").getByText(words).waitFor();

/** The output of the browser's gzip: each browser has its own. */
const gzipped = async (page, bytes) =>
	Buffer.from(
		await page.evaluate(async (list) => {
			const stream = new Blob([new Uint8Array(list)]).stream().pipeThrough(new CompressionStream("gzip"));
			return [...new Uint8Array(await new Response(stream).arrayBuffer())];
		}, Array.from(bytes)),
	);

test("the sample as it came: each digest is that of its bytes, and every link fits", () =>
	onPage(async (page) => {
		assert.equal(await page.title(), "How a container image is put together · Stowplan");
		const config = JSON.parse(sample("config-amd64.json").toString());
		const [below, own] = config.rootfs.diff_ids;
		assert.equal(await digest(page, "diffId"), sha256(TAR));
		assert.equal(await digest(page, "diffId"), own);
		assert.equal(await digest(page, "baseDiffId"), below);
		assert.equal(await digest(page, "layer"), sha256(sample("layer-2-amd64.tar.gz")));
		assert.equal(await digest(page, "base"), sha256(BASE));
		assert.equal(await digest(page, "chainId"), sha256(`${below} ${own}`));
		for (const [id, file] of [
			["config", "config-amd64.json"],
			["manifest", "manifest-amd64.json"],
			["index", "index.json"],
		])
			assert.equal(await digest(page, id), sha256(sample(file)), id);
		assert.deepEqual([await broken(page), await changed(page)], [[], []]);
		assert.equal(await said(page), "No changes yet; all digests match.");
		assert.ok(await page.getByRole("button", { name: "Update the references" }).isDisabled());
		const pull = await page.locator(".how-commands pre").first().innerText();
		assert.match(pull, new RegExp(`Digest: ${sha256(sample("index.json"))}`));
		assert.match(pull, new RegExp(`${sha256(BASE).slice(7, 19)}: Pull complete`));
	}));

test("one letter of the file changes the DiffID and the layer's digest, and breaks the links to them", () =>
	onPage(async (page) => {
		await field(page, "file").focus();
		await page.keyboard.press("ControlOrMeta+Home");
		await page.keyboard.press("Delete");
		await page.keyboard.type("J");
		await until(page, "2 digests have changed: DiffID of layer 2 and digest of layer 2.");
		const tar = withFile(TAR, "srv/greeting.txt", Buffer.from("Jello from a container image for linux/amd64.\n"));
		assert.equal(await digest(page, "diffId"), sha256(tar));
		assert.equal(await digest(page, "layer"), sha256(await gzipped(page, tar)));
		assert.deepEqual(await changed(page), ["diffId", "layer"]);
		assert.deepEqual(await broken(page), ["config.app", "manifest.app"]);
		assert.match(
			await said(page),
			/2 links no longer fit: the config names the DiffID of layer 2 and the manifest names layer 2\./,
		);
		const link = await page.locator("[data-link='manifest.app']").innerText();
		assert.match(
			link,
			new RegExp(
				`it names dd1e8a951183, 239 bytes; there is ${(await digest(page, "layer")).slice(7, 19)}, \\d+ bytes`,
			),
		);
		assert.match(await page.locator(".how-console").innerText(), /A pull would stop here/);
	}));

test("mending writes each document anew, and the result is a whole image to the checker", () =>
	onPage(async (page) => {
		await field(page, "file").fill("Another file, and a longer one.\n".repeat(40));
		await until(page, /no longer fit/);
		await press(page, "Update the references");
		await until(page, /References updated/);
		assert.deepEqual(await broken(page), []);
		assert.deepEqual(await changed(page), ["diffId", "layer", "config", "chainId", "manifest", "index"]);
		const tar = withFile(TAR, "srv/greeting.txt", Buffer.from("Another file, and a longer one.\n".repeat(40)));
		const [config, manifest, index] = [
			await value(page, "config"),
			await value(page, "manifest"),
			await value(page, "index"),
		];
		for (const [id, text] of Object.entries({ config, manifest, index }))
			assert.equal(await digest(page, id), sha256(text), id);
		const { open } = await import(pathToFileURL(join(DIST, "www/api.js")).href);
		const bytes = (text) => new TextEncoder().encode(text);
		const layer = new Uint8Array(await gzipped(page, tar));
		const report = await open([bytes(index), bytes(manifest), bytes(config), new Uint8Array(BASE), layer]);
		const fails = report.nodes.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === "fail"));
		assert.deepEqual(fails, []);
		assert.equal(
			report.nodes.filter(({ kind, read }) => kind === "layer" && read).length,
			2,
			"both layers are in their places",
		);
		await press(page, "Reset");
		await until(page, "No changes yet; all digests match.");
		assert.equal(await value(page, "index"), sample("index.json").toString());
	}));

test("another gzip changes the layer's digest and not its DiffID", () =>
	onPage(async (page) => {
		await page.getByRole("checkbox", { name: /^Compress it differently/ }).check();
		await until(page, "1 digest has changed: digest of layer 2. 1 link no longer fits: the manifest names layer 2.");
		assert.equal(await digest(page, "diffId"), sha256(TAR));
	}));

test("a space in the config is another image ID, a space in the manifest another digest to pin", () =>
	onPage(async (page) => {
		await press(page, "put a space into the config");
		await until(
			page,
			"1 digest has changed: image ID (config digest). 1 link no longer fits: the manifest names the config.",
		);
		assert.equal(await digest(page, "config"), sha256(await value(page, "config")));
		await press(page, "Reset");
		await press(page, "put a space into the manifest");
		await until(page, "1 digest has changed: manifest digest. 1 link no longer fits: the index names the manifest.");
	}));

test("what is no JSON any more has a digest and names nothing, and mending does not invent what is gone", () =>
	onPage(async (page) => {
		const text = (await value(page, "manifest")).slice(0, -1);
		await field(page, "manifest").fill(text);
		await until(page, /4 links no longer fit/);
		assert.equal(await digest(page, "manifest"), sha256(text));
		assert.match(await page.locator(".how-step").nth(2).innerText(), /This cannot be read as JSON now/);
		await press(page, "Update the references");
		await until(page, /3 links no longer fit/);
		assert.equal(await value(page, "manifest"), text);
		await field(page, "config").fill(`sha256:${"1".repeat(64)}`);
		await page.getByText("This no longer begins like a document").waitFor();
		await press(page, "Reset");
		await until(page, "No changes yet; all digests match.");
	}));

test("hostile text in an editor stays text", () =>
	onPage(async (page) => {
		await field(page, "config").fill('{"rootfs":{"diff_ids":["<img src=x onerror=alert(1)>\u202e"]},"history":[]}');
		await until(page, /links no longer fit/);
		assert.equal(await page.locator("img").count(), 0);
		assert.match(await page.locator("[data-link='config.base']").innerText(), /<U\+202E>|<img/);
	}));

test("it works from any sub-path, and says it where the sample does not come", async () => {
	const site = await startStatic("/deep/er/");
	try {
		await onPage(async (page) => assert.equal(await digest(page, "index"), sha256(sample("index.json"))), {}, site.url);
		await withPage(
			browser,
			async (page) => {
				await page.route(/samples\/hello\/index\.json/, (route) => route.abort());
				await page.goto(`${site.url}how.html`);
				await page.getByRole("alert").getByText("The sample image could not be loaded").waitFor();
				await page.unroute(/samples\/hello\/index\.json/);
				await press(page, "Try again");
				await page.locator(".how-step").first().waitFor();
			},
			{ expected: /Failed to load resource|net::/ },
		);
	} finally {
		await site.stop();
	}
});

test("it is linked from the page, in both languages, and back", () =>
	withPage(
		browser,
		async (page) => {
			await page.goto(app.url);
			await page.getByRole("banner").getByRole("link", { name: "工作原理" }).click();
			await page.getByRole("heading", { name: "这些 sha256 分别是什么？" }).waitFor();
			await page.locator(".how-step").first().waitFor();
			await press(page, "改动文件里的一个字母");
			await until(page, "2 个摘要已经改变：第 2 层的 DiffID和第 2 层的摘要。");
			assert.deepEqual(await leftInEnglish(page, ["srv/greeting.txt", "Pull complete"]), []);
			assert.equal(await page.title(), "容器镜像是怎样组成的 · Stowplan");
			await press(page, "en");
			await until(page, "2 digests have changed");
			assert.equal(await page.evaluate(() => document.documentElement.lang), "en-GB");
			await page.getByRole("link", { name: "Inspect an image" }).click();
			await page.getByRole("button", { name: "Inspect" }).waitFor();
		},
		{ locale: "zh-CN" },
	));

for (const [name, options] of Object.entries({
	wide: { viewport: { width: 1440, height: 900 } },
	narrow: { viewport: { width: 360, height: 740 }, colorScheme: /** @type {const} */ ("dark") },
	chinese: { viewport: { width: 768, height: 900 }, locale: "zh-CN" },
})) {
	test(`${name}: axe finds nothing, whole or broken, and nothing is wider than the window`, () =>
		onPage(
			async (page) => {
				for (const state of ["whole", "broken"]) {
					if (state === "broken") {
						await page.locator(".how-tries button").first().click();
						await page.locator(".is-broken").first().waitFor();
					}
					assert.deepEqual(await axeFindings(page), [], state);
					await screenshot(page, `how-${name}-${state}`, { fullPage: true });
				}
				const [inner, outer] = await page.evaluate(() => [
					document.documentElement.scrollWidth,
					document.documentElement.clientWidth,
				]);
				assert.ok(inner <= outer, `${inner} in ${outer}`);
			},
			{ ...options, reducedMotion: /** @type {const} */ ("reduce") },
		));
}
