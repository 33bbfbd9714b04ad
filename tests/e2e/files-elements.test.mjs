// In a browser, under the page's own policy: the list of files by keyboard and by the thousand, its filter, content and sizes; axe finds nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeFindings } from "./support/axe.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { startScratch } from "./support/scratch.mjs";

let site, browser;
before(async () => {
	site = await startScratch("files-scratch.js");
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await site?.stop();
});

/** Runs `body` with the page of the elements. */
const onPage = (body, options) =>
	withPage(
		browser,
		async (page) => {
			await page.goto(site.url);
			await page.waitForFunction(() => "scratch" in globalThis);
			await body(page);
		},
		options,
	);

const show = (page, name, ...given) =>
	page.evaluate(
		async ([what, values]) => {
			await globalThis.scratch[what](...values);
		},
		[name, given],
	);
const grid = (page) => page.getByRole("treegrid", { name: "Files" });
const row = (page, words) => grid(page).getByRole("row", { name: words });
const active = (page) =>
	page.evaluate(() => {
		const list = document.querySelector("[role=treegrid]");
		return document.getElementById(list.getAttribute("aria-activedescendant"))?.querySelector(".file-name").textContent;
	});
const becomes = (page, name) =>
	page.waitForFunction(
		(wanted) => document.querySelector("[data-active] .file-name")?.textContent.includes(wanted),
		name,
	);
const events = (page) => page.evaluate(() => globalThis.scratch.events);

test("the list is a tree by the keyboard alone", () =>
	onPage(async (page) => {
		await show(page, "files", 0);
		await row(page, /etc\//).waitFor();
		await grid(page).focus();
		await page.keyboard.press("ArrowDown");
		await becomes(page, "etc/");
		assert.equal(await row(page, /etc\//).getAttribute("aria-expanded"), "false");
		await page.keyboard.press("ArrowRight");
		await row(page, /passwd/).waitFor();
		await page.keyboard.press("ArrowRight");
		await becomes(page, "shadow");
		await page.keyboard.press("p");
		await becomes(page, "passwd");
		assert.equal(await row(page, /passwd/).getAttribute("aria-level"), "2");
		await page.keyboard.press("ArrowLeft");
		await becomes(page, "etc/");
		await page.keyboard.press("ArrowLeft");
		await row(page, /passwd/).waitFor({ state: "detached" });
		await page.keyboard.press("End");
		await becomes(page, "zero");
		await page.keyboard.press("Home");
		await becomes(page, "etc/");
	}));

test("the list is drawn down to its end when it grows with its rows, and with the window", () =>
	onPage(
		async (page) => {
			const lowest = () =>
				page.waitForFunction(() => {
					const bottom = (one) => one.getBoundingClientRect().bottom;
					const list = document.querySelector("[role=treegrid]");
					return Math.max(...[...list.querySelectorAll("[data-row]")].map(bottom)) >= bottom(list) - 8;
				});
			await show(page, "files", 0);
			await page.getByRole("button", { name: "Open all" }).click();
			await row(page, /passwd/).waitFor();
			await lowest();
			await page.setViewportSize({ width: 1000, height: 900 });
			await lowest();
		},
		{ viewport: { width: 1000, height: 500 } },
	));

test("a row says in words what changed, what came later and what is suspicious; names that deceive are escaped", () =>
	onPage(async (page) => {
		await show(page, "files", 0);
		await page.getByRole("button", { name: "Open all" }).click();
		await row(page, /passwd.*layer 2.*changed.*overwritten in layer 3/s).waitFor();
		await row(page, /private\.pem.*added.*secret by name.*world-writable.*removed in layer 3/s).waitFor();
		await row(page, /whiteout: deletes shadow.*removed/s).waitFor();
		await row(page, /evil<U\+202E>gpj\.exe/).waitFor();
		await row(page, /two<U\+000A>lines/).waitFor();
		await row(page, /-rwsr-xr-x.*su/s).waitFor();
		await row(page, /sh → bash/).waitFor();
	}));

test("the chosen file is shown with its history and findings; its content and a download can be asked for", () =>
	onPage(async (page) => {
		await show(page, "files", 0, "etc/ssl/private.pem");
		const detail = page.getByRole("region", { name: "About the selected file" });
		await detail.getByRole("heading", { name: "etc/ssl/private.pem" }).waitFor();
		await detail.getByText("removed in layer 3").waitFor();
		assert.equal(await detail.getByRole("table").nth(1).getByRole("row").count(), 3);
		await detail.getByText("! secret by name").waitFor();
		await detail.getByRole("button", { name: "Show content" }).click();
		await detail.getByRole("button", { name: "Download" }).click();
		await grid(page).focus();
		await page.keyboard.press("Enter");
		const asked = { path: "etc/ssl/private.pem", layer: 0, at: 4, size: 2000, id: "0" };
		assert.deepEqual(await events(page), [
			{ name: "stow-open-file", detail: asked },
			{ name: "stow-save-file", detail: asked },
			{ name: "stow-open-file", detail: asked },
		]);
	}));

test("filters narrow the list; a wrong pattern is said beside its field and the list stays", () =>
	onPage(async (page) => {
		await show(page, "files", 0);
		const path = page.getByRole("searchbox", { name: "Path" });
		await path.fill("lib");
		await page.getByText("3 of 90 entries").waitFor();
		await path.fill("");
		await page.getByRole("button", { name: "setuid, 1" }).click();
		await page.getByText("1 of 90 entries").waitFor();
		await row(page, /su\b/).waitFor();
		await page.getByRole("button", { name: "Show all again" }).click();
		await page.getByText("90 of 90 entries").waitFor();
		await page.getByRole("checkbox", { name: "removed" }).check();
		await page.getByText("1 of 90 entries").waitFor();
		await page.getByLabel("How the path is matched").selectOption("regex");
		await path.fill("(");
		await page.getByRole("alert").getByText("This is not a regular expression: Unterminated group").waitFor();
		assert.equal(await path.getAttribute("aria-invalid"), "true");
		await page.getByText("1 of 90 entries").waitFor();
		await path.fill("(slow)");
		await page.getByRole("alert").getByText("takes too long").waitFor();
	}));

for (const count of [500_000, 1_200_000]) {
	test(`${count} files: few rows are drawn, and the first, the last and any other can be reached`, () =>
		onPage(async (page) => {
			await show(page, "files", count);
			await row(page, "f0000003").waitFor();
			await grid(page).focus();
			await page.keyboard.press("End");
			await becomes(page, `f${String(count - 1).padStart(7, "0")}`);
			await page.keyboard.press("PageUp");
			await page.keyboard.press("ArrowUp");
			const name = await active(page);
			assert.match(name, /^f\d{7}$/);
			assert.ok(Number(name.slice(1)) > count - 60, name);
			assert.ok((await grid(page).getByRole("row").count()) < 80);
			await page.keyboard.press("ArrowLeft");
			await becomes(page, "d/");
			await grid(page).evaluate((list) => {
				list.scrollTop = list.scrollHeight / 2;
			});
			await page.waitForFunction(() =>
				/f0[2-7]/.test(document.querySelectorAll(".file-row .file-name")[10]?.textContent ?? ""),
			);
		}));
}

test("content: text, JSON, hex, an image, an ELF header; each with its digest; nothing of it runs", () =>
	onPage(async (page) => {
		const digest = `sha256:${"ab".repeat(32)}`;
		const given = (text, more) => ({
			bytes: [...Buffer.from(text, "latin1")],
			digest,
			size: text.length,
			truncated: false,
			...more,
		});
		const content = page.locator("stow-content");
		await show(page, "content", given('{"a":[1]}', { verdict: [{ id: "digest", outcome: "pass", message: "" }] }));
		await content.getByText('"a"').waitFor();
		await content.getByText("Layer 2 was read again for this, and its checks passed.").waitFor();
		await content.getByRole("button", { name: "Hex" }).click();
		await content.getByText("7b 22 61 22 3a 5b 31 5d").waitFor();

		await show(page, "content", given("caf\xe9!", { truncated: true, size: 10_000_000 }));
		await content.getByText("café!").waitFor();
		await content.getByText(/each byte is shown as one Latin-1 character/).waitFor();
		await content.getByText("Only the first 5 B of 9.5 MiB are kept here").waitFor();
		await content.getByRole("button", { name: /^Read up to/ }).click();
		assert.equal((await events(page)).at(-1).detail.most, 40);

		await page.evaluate(() =>
			globalThis.scratch.show("stow-content", {
				reading: {
					path: "a/large",
					layer: 0,
					bytes: new Uint8Array(17 << 20).fill(10),
					size: 17 << 20,
					truncated: false,
				},
			}),
		);
		await content.getByText("Only the first 16 MiB are shown as text; hex shows all.").waitFor();
		await content.getByText("Only the first 2,000,000 lines are shown.").waitFor();
		assert.ok((await content.locator(".line").count()) < 80);

		const gif =
			"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
		await show(page, "content", given(gif));
		await content.getByText("image/gif, 1 × 1").waitFor();
		await page.waitForFunction(
			() => /** @type {any} */ (document.querySelector("stow-content img"))?.naturalWidth === 1,
		);
		await show(page, "content", given("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff"));
		await content.getByText("65,535 × 65,535 pixels: too large").waitFor();

		await show(
			page,
			"content",
			given('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>'),
		);
		await content.getByText("<script>").waitFor();
		assert.equal(await page.locator("stow-content img, stow-content svg:not(.bar)").count(), 0);
		assert.equal(await page.title(), "Elements");

		await show(page, "content", { path: "a", error: { code: "x", message: "the blob \u202E is gone" } });
		await content.getByText("The content could not be read: the blob <U+202E> is gone").waitFor();
		await show(page, "content", { path: "a", progress: { bytes: 1024, total: 2048 } });
		await content.getByRole("progressbar").waitFor();
		await content.getByRole("button", { name: "Cancel" }).click();
		assert.equal((await events(page)).at(-1).name, "stow-content-cancel");
	}));

test("a download has a safe name and the file's bytes", () =>
	onPage(async (page) => {
		await show(page, "content", {
			path: "a/evil\u202Egpj.exe",
			bytes: [1, 2, 3],
			size: 3,
			digest: `sha256:${"ab".repeat(32)}`,
		});
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("button", { name: "Download" }).click(),
		]);
		assert.equal(download.suggestedFilename(), "evil_gpj.exe");
	}));

test("sizes: bar, table and map by the keyboard", () =>
	onPage(async (page) => {
		await show(page, "sizes");
		await page.getByRole("group", { name: "What is measured" }).getByRole("button", { name: "Download" }).click();
		const bar = page.getByRole("group", { name: "Layers by size" });
		await bar.getByRole("button", { name: "Layer 1: 26.7 MiB, 95.8%" }).focus();
		await page.keyboard.press("ArrowRight");
		await page.getByText("Layer 2: 1.1 MiB").first().waitFor();
		assert.match(await page.locator("tr.lit").innerText(), /apt-get install/);
		const map = page.getByRole("group", { name: "Space by directory" });
		await map.getByRole("button", { name: /^usr\/ / }).focus();
		await page.keyboard.press("Enter");
		await page.getByRole("navigation", { name: "Path of the map" }).getByText("usr", { exact: true }).waitFor();
		await page.waitForFunction(() => document.activeElement?.closest(".map"));
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Backspace");
		await page.waitForFunction(() => /^usr\//.test(document.activeElement?.getAttribute("aria-label") ?? ""));
		await page.getByText("Show as table").click();
		await page.getByRole("button", { name: "etc/passwd" }).click();
		assert.deepEqual((await events(page)).at(-1), { name: "stow-files-path", detail: { path: "etc/passwd" } });
	}));

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
	for (const width of [1280, 360]) {
		test(`axe finds nothing: ${colorScheme}, ${width} pixels, and nothing is wider than the window`, () =>
			onPage(
				async (page) => {
					await show(page, "files", 0, "etc/ssl/private.pem");
					await page
						.getByRole("region", { name: "About the selected file" })
						.getByRole("heading", { name: /private/ })
						.waitFor();
					await clean(page);
					await show(page, "sizes");
					await page.getByText("Show as table").click();
					await clean(page);
					await show(page, "content", {
						bytes: [...Buffer.from('{"a":1}')],
						digest: `sha256:${"ab".repeat(32)}`,
						size: 99,
						truncated: true,
					});
					await page.locator("stow-content").getByText('"a"').waitFor();
					await clean(page);
				},
				{ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" },
			));
	}
}

async function clean(page) {
	assert.deepEqual(await axeFindings(page), []);
	const [inner, outer] = await page.evaluate(() => [
		document.documentElement.scrollWidth,
		document.documentElement.clientWidth,
	]);
	assert.ok(inner <= outer, `${inner} in ${outer}`);
}
