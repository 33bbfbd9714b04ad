// The page, two images against each other: by its address and by the box, the files when they are asked for.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { noise } from "../wasm/layer-registry.mjs";
import { axeFindings } from "./support/axe.mjs";
import { pushImage, pushIndex, tarOf } from "./support/pairs.mjs";
import { starter } from "./support/starter.mjs";
import { startWorld } from "./support/world.mjs";

const start = starter();
let world;
let names;
/** The digest of the layer that only the second image has. */
let own;
/** Two indexes of several platforms, and an image of one. */
let multi;

/** A database of dpkg. @param {...string} packages @returns {[string, string]} */
const STATUS = (...packages) => [
	"var/lib/dpkg/status",
	packages
		.map((one) => one.replace(/(\S+) (\S+)/, "Package: $1\nStatus: install ok installed\nVersion: $2\n"))
		.join("\n"),
];

before(async () => {
	world = await start(startWorld());
	const base = { tar: tarOf([["etc/"], ["etc/os-release", "ID=test\n"]]), by: "ADD rootfs.tar /" };
	const one = { tar: tarOf([["app/"], ["app/main.js", "one"], STATUS("bash 5.2")]), by: "COPY . /app" };
	const other = {
		tar: tarOf([["app/"], ["app/main.js", "two"], STATUS("bash 5.3", "curl 8.0"), ["root/.npm/cache", noise(70_000)]]),
		by: "RUN npm ci",
	};
	const { url, host } = world.registry;
	await pushImage(url, "page/app", "1.1", { layers: [base, one], config: { User: "root" } });
	const second = await pushImage(url, "page/app", "1.2", {
		layers: [base, other],
		config: { User: "app", Env: ["DB_PASSWORD=s3cr3t-9Kq"] },
	});
	own = JSON.parse(second.text).layers[1].digest;
	await pushIndex(url, "page/multi", "1", { amd64: { layers: [base] }, arm64: { layers: [base, one] } });
	await pushIndex(url, "page/multi", "2", { amd64: { layers: [base, one] }, s390x: { layers: [base, other] } });
	await pushImage(url, "page/multi", "single", { layers: [base, one] });
	multi = (tag) => `${host}/page/multi:${tag}`;
	names = ["1.1", "1.2"].map((tag) => `${host}/page/app:${tag}`);
});

/** The rows below the answer: the mark of each, and its words. @param {import("playwright-core").Page} page */
const rowsOf = (page) =>
	page.locator(".compare-answer .fact-row").evaluateAll((rows) =>
		rows.map((row) => {
			const mark = [...(row.querySelector(".mark")?.classList ?? [])].find((name) => name.startsWith("mark-")) ?? "";
			return [mark.slice("mark-".length), row.querySelector("p")?.textContent ?? ""];
		}),
	);

/** Waits for the files of both. @param {import("playwright-core").Page} page */
const compareFiles = async (page) => {
	await page.getByRole("button", { name: /^Compare files/ }).click();
	await page.locator(".changed-row[data-row]").first().waitFor();
};

test("an address shows a comparison; its files come when they are asked for", async () => {
	await world.onPage(
		async (page) => {
			await page.getByText("Not compared to the end").waitFor();
			await page.locator("header.is-result").waitFor();
			assert.ok(await page.locator("stow-compare + footer").isVisible(), "the foot stands below the comparison");
			assert.equal(await page.locator("#reference").inputValue(), names.join(" … "), "the box says what is compared");
			assert.equal(await page.locator(".compare-layers .trunk li").count(), 1);
			assert.equal(await page.locator(".compare-layers .branches li").count(), 2);
			assert.equal(await page.getByText("s3cr3t-9Kq").count(), 0, "a secret is masked until it is asked for");
			await page.getByRole("button", { name: "Show" }).click();
			await page.getByText("s3cr3t-9Kq").waitFor();
			const [checked] = await rowsOf(page);
			assert.deepEqual(checked, [
				"not-checked",
				"Every document’s digest matches. Layers hashed here: 0 of 2 in the first image, 0 of 2 in the second.",
			]);
			assert.deepEqual(
				await page.locator(".compare-config li", { hasText: "config.User" }).locator("mark").allInnerTexts(),
				["root", "app"],
				"the part of a value that differs is marked",
			);
			await page.getByRole("button", { name: /^Compare files/ }).click();
			await page.getByText("The images differ").waitFor();
			assert.deepEqual(await rowsOf(page), [
				["pass", "Both images verified: every digest matches, all 4 layers hashed here."],
			]);
			assert.match(
				await page.locator(".compare-verdict").innerText(),
				/^The images differ: \S+ Ki?B more to download$/,
			);
			assert.match(await page.locator(".branches h4").last().innerText(), /^1\.2 \S+ Ki?B, 1 layer$/);
			const growth = await page.locator(".compare-growth li").first().innerText();
			assert.match(growth, /root\/.npm/);
			const listed = page.locator(".changed-row[data-row]");
			const row = listed.filter({ hasText: "app/main.js" });
			await row.getByRole("button", { name: "Text" }).click();
			await page.locator(".compare-diff .diff").waitFor();
			assert.equal(await page.locator(".compare-diff del").innerText(), "− one");
			assert.equal(await page.locator(".compare-diff ins").innerText(), "+ two");
			await page.getByRole("searchbox", { name: "Filter by path" }).fill("MAIN.JS");
			await page.waitForFunction(() => document.querySelectorAll(".changed-row[data-row]").length === 1);
			await page.getByRole("button", { name: "As a tree" }).click();
			const twig = listed.filter({ has: page.getByRole("button", { name: "app/" }) });
			assert.match((await twig.innerText()).replace(/\s+/g, " "), /app\/ .*1 changed/);
			assert.equal(await listed.filter({ hasText: "main.js" }).count(), 0, "a directory opens on demand");
			await twig.getByRole("button").click();
			await listed.filter({ hasText: "main.js" }).waitFor();
			await page.getByRole("button", { name: "Compare packages" }).click();
			await page.locator(".compare-packages li").first().waitFor();
			const packages = (await page.locator(".compare-packages li").allInnerTexts()).map((text) =>
				text.replace(/\s+/g, " "),
			);
			assert.deepEqual(
				packages.map((text) => text.trim()),
				["~ changed deb bash 5.2 → 5.3", "+ added deb curl 8.0"],
			);
			await page.getByRole("button", { name: "Swap" }).click();
			await page.waitForFunction(() => location.hash.endsWith(":1.1"));
			await page.evaluate(() => {
				location.hash = "";
			});
			await page.locator("stow-compare").waitFor({ state: "detached" });
			assert.ok(await page.locator("#main").isVisible());
			assert.equal(await page.locator("#reference").inputValue(), "");
		},
		{ hash: `#compare=${names.join(",")}` },
	);
});

/** Puts 200,000 changed files into the list of the page, and a directory of 20,000 into its tree. */
const manyFiles = (page) =>
	page.locator("stow-changed-files").evaluate((/** @type {any} */ element) => {
		const row = (/** @type {number} */ at) => ({
			...{ path: `usr/lib/f${at}`, state: "changed", kind: "file", what: ["content"], growth: -at },
			...{ sizeA: at, sizeB: 0, a: { layer: 0, at }, b: { layer: 0, at } },
		});
		const twig = (/** @type {string} */ path) => ({
			...{ name: path.split("/").at(-1), path, kind: "file", state: "changed", children: path === "usr" },
			...{ sizeA: 1, sizeB: 2, growth: 1, added: 0, removed: 0, changed: 1 },
		});
		globalThis.asked = [];
		const files = {
			rows: async ({ from = 0, to = 0, path = "" }) => {
				globalThis.asked.push([from, to]);
				return Array.from({ length: to - from }, (_, at) => row(path ? 7 : from + at));
			},
			count: async ({ path = "" }) => (path ? 1 : 200_000),
			tree: async (/** @type {string} */ path, /** @type {number} */ most) =>
				path === "usr" ? Array.from({ length: most }, (_, at) => twig(`usr/n${at}`)) : [twig("usr"), twig("var")],
			close() {},
		};
		element.texts = true;
		const opened = (/** @type {any} */ event) => {
			// The page has no such file, and would draw its own list again.
			event.stopImmediatePropagation();
			globalThis.opened = event.detail.path;
		};
		element.addEventListener("stow-compare-text", opened, { capture: true });
		Object.assign(element, { files, rows: Array.from({ length: 100 }, (_, at) => row(at)), total: 200_000 });
	});

test("200,000 changed files are one list, which the keyboard walks, and a tree", async () => {
	await world.onPage(
		async (page) => {
			await page.getByRole("button", { name: /^Compare files/ }).click();
			await page.locator(".changed-row[data-row]").first().waitFor();
			await manyFiles(page);
			const grid = page.getByRole("treegrid", { name: "Files" });
			const active = () =>
				grid.evaluate(
					(element) => document.getElementById(element.getAttribute("aria-activedescendant") ?? "")?.innerText,
				);
			await page.waitForFunction(
				() => document.querySelector(".changed-grid")?.getAttribute("aria-rowcount") === "200001",
			);
			assert.ok((await page.locator(".changed-row").count()) < 60, "only the rows in view are drawn");
			await grid.focus();
			await page.keyboard.press("ArrowDown");
			assert.match(String(await active()), /usr\/lib\/f0\n/);
			await page.keyboard.press("Enter");
			assert.equal(await page.evaluate(() => globalThis.opened), "usr/lib/f0");
			await page.keyboard.press("End");
			await page.getByText("usr/lib/f199999", { exact: true }).waitFor();
			assert.match(String(await active()), /f199999/);
			await page.keyboard.press("PageUp");
			assert.match(String(await active()), /f1999[89]\d\n/);
			await page.keyboard.press("Home");
			assert.match(String(await active()), /usr\/lib\/f0\n/);
			const onPaper = await page.evaluate(() => {
				const drawn = () => document.querySelectorAll(".changed-row[data-row]").length;
				return ["beforeprint", "afterprint"].map((name) => dispatchEvent(new Event(name)) && drawn());
			});
			assert.equal(onPaper[0], 100, "paper has the first rows");
			assert.ok(onPaper[1] < 60, "the screen has those in view again");
			const slowest = await grid.evaluate(async (box) => {
				let most = 0;
				for (let step = 1; step <= 20; step++) {
					const from = performance.now();
					box.scrollTop = (box.scrollHeight / 20) * step;
					await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
					most = Math.max(most, performance.now() - from);
				}
				return most;
			});
			assert.ok(slowest < 1000, `${slowest} ms`);
			assert.ok((await page.evaluate(() => globalThis.asked)).every(([from, to]) => to - from <= 100));
			await page.getByRole("searchbox", { name: "Filter by path" }).fill("f7");
			await page.waitForFunction(() => document.querySelectorAll(".changed-row[data-row]").length === 1);
			await page.getByRole("button", { name: "As a tree" }).click();
			await page.getByRole("button", { name: "usr/" }).waitFor();
			await grid.focus();
			await page.keyboard.press("Home");
			await page.keyboard.press("ArrowRight");
			await page.getByText("n0", { exact: true }).waitFor();
			assert.equal(await grid.getAttribute("aria-rowcount"), "10004", "two, the first 10,000, and what says so");
			await page.keyboard.press("ArrowDown");
			assert.match(String(await active()), /^~?\s*changed\s+n0/);
			await page.keyboard.press("ArrowLeft");
			assert.match(String(await active()), /usr\//);
			await page.keyboard.press("ArrowLeft");
			await page.waitForFunction(() => document.querySelectorAll(".changed-row[data-row]").length === 2);
			assert.deepEqual(await axeFindings(page), []);
		},
		{ hash: `#compare=${names.join(",")}` },
	);
});

test("a line of the growth leads to its directory in the tree, with the keyboard alone", async () => {
	await world.onPage(
		async (page) => {
			await compareFiles(page);
			const line = page.locator(".compare-growth").getByRole("button", { name: /^root\/.npm/ });
			await line.focus();
			await page.keyboard.press("Enter");
			const grid = page.getByRole("treegrid", { name: "Files" });
			const active = page.locator(".changed-row[data-active]");
			await active.waitFor();
			assert.equal(await active.locator(".changed-name").getAttribute("title"), "root/.npm/cache");
			assert.equal(await page.getByRole("button", { name: "As a tree" }).getAttribute("aria-pressed"), "true");
			assert.ok(await grid.evaluate((box) => box === document.activeElement), "the keyboard walks on from there");
			const above = await page.locator(".changed-row[aria-expanded=true] .twig").allInnerTexts();
			assert.deepEqual(above, ["root/", ".npm/"]);
			await page.keyboard.press("ArrowLeft");
			assert.match(await active.innerText(), /\.npm\//);
			const inView = await active.evaluate((row) => {
				const { top, bottom } = row.getBoundingClientRect();
				return top >= 0 && bottom <= innerHeight;
			});
			assert.ok(inView, "the page shows it");
			assert.deepEqual(await axeFindings(page), []);
		},
		{ hash: `#compare=${names.join(",")}`, viewport: { width: 390, height: 700 } },
	);
});

test("a digest that does not match fails the comparison, and the row says on which side", async () => {
	const { liar, registry } = world;
	const other = Buffer.from("another layer");
	liar.lie(new RegExp(own), async (truth) => ({ ...(await truth()), body: other }));
	const lying = names[1].replace(registry.host, liar.host);
	await world.onPage(
		async (page) => {
			await page.getByText("Not compared to the end").waitFor();
			const failed = async () => {
				await page.getByRole("button", { name: /^Compare files/ }).click();
				await page.locator(".compare-answer.is-failed").waitFor();
				const verdict = await page.locator(".compare-verdict").innerText();
				assert.equal(verdict.trim(), "The comparison failed: a digest does not match");
				return rowsOf(page);
			};
			const bad = "not verified. A digest does not match.";
			assert.deepEqual(await failed(), [
				["pass", "First image: verified. Every digest matches; layers hashed here: 2 of 2."],
				["fail", `Second image: ${bad}`],
			]);
			assert.equal(await page.getByText("Both images verified").count(), 0);
			await page.getByRole("button", { name: "Swap" }).click();
			await page.waitForFunction(() => location.hash.endsWith(":1.1"));
			await page.getByText("Not compared to the end").waitFor();
			const [first] = await failed();
			assert.deepEqual(first, ["fail", `First image: ${bad}`]);
		},
		{ hash: `#compare=${names[0]},${lying}`, expected: /Failed to load resource|net::/ },
	);
	liar.reset();
});

test("layers of an earlier visit are not called verified now", async () => {
	await world.onPage(
		async (page) => {
			await compareFiles(page);
			await page.getByText("Both images verified").waitFor();
			await page.reload();
			await page.getByText("Not compared to the end").waitFor();
			await compareFiles(page);
			assert.deepEqual(await rowsOf(page), [
				[
					"not-checked",
					"Every document’s digest matches. Layers hashed here: 0 of 2 in the first image, 0 of 2 in the second. 4 layers were verified by an earlier visit of this browser, and not read again.",
				],
			]);
		},
		{ hash: `#compare=${names.join(",")}` },
	);
});

test("another platform is chosen, and a side that has none of it is named", async () => {
	await world.onPage(
		async (page) => {
			const choice = page.getByRole("combobox", { name: "Platform" });
			const options = () => choice.locator("option").allInnerTexts();
			await page.locator(".compare-answer").waitFor();
			assert.equal(await choice.inputValue(), "linux/amd64");
			assert.deepEqual(await options(), [
				"linux/amd64",
				"linux/arm64: first image only",
				"linux/s390x: second image only",
			]);
			await choice.selectOption("linux/s390x");
			const alert = page.locator(".compare-failure");
			await alert.waitFor();
			assert.match(await page.evaluate(() => location.hash), /&platform=linux\/s390x$/);
			assert.equal(
				await alert.innerText(),
				"The first image has nothing for linux/s390x. It has linux/amd64 and linux/arm64.",
			);
			assert.equal(await page.locator(".compare-pair").count(), 0, "the names are not at fault");
			assert.equal(await choice.inputValue(), "linux/s390x");
			await choice.selectOption("linux/amd64");
			await page.locator(".compare-answer").waitFor();
			assert.equal(await alert.count(), 0);
			assert.deepEqual(await axeFindings(page), []);
			await page.goBack();
			await alert.waitFor();
			await page.evaluate(
				([a, b]) => {
					location.hash = `#compare=${a},${b}&platform=linux/arm64`;
				},
				[multi("1"), multi("single")],
			);
			await page.locator(".compare-answer").waitFor();
			assert.deepEqual((await rowsOf(page)).at(-1), [
				"warn",
				"The second image is for linux/amd64 alone. It is compared although linux/arm64 was chosen.",
			]);
			assert.deepEqual(await options(), ["linux/amd64", "linux/arm64: first image only"]);
			await page.evaluate((a) => {
				location.hash = `#compare=${a},${a}&platforms=linux/amd64,linux/arm64`;
			}, multi("1"));
			await page.getByText("linux/amd64 → linux/arm64").waitFor({ state: "attached" });
			await page.locator(".branches").waitFor();
			assert.deepEqual(await page.locator(".branches h4 code").allInnerTexts(), ["linux/amd64", "linux/arm64"]);
			await choice.selectOption("linux/arm64");
			await page.getByText("The images are the same").waitFor();
			assert.match(await page.evaluate(() => location.hash), /&platform=linux\/arm64$/);
			assert.deepEqual(await options(), ["linux/amd64", "linux/arm64"]);
			await page.evaluate((name) => {
				location.hash = `#compare=${name},${name}`;
			}, names[0]);
			await page.getByText(names[0]).first().waitFor();
			await page.getByText("The images are the same").waitFor();
			assert.equal(await choice.count(), 0, "one platform leaves no choice");
		},
		{ hash: `#compare=${multi("1")},${multi("2")}` },
	);
});

test("the link is copied, and other images are named in fields that open", async () => {
	await world.onPage(
		async (page) => {
			await page.getByText("Not compared to the end").waitFor();
			await page.getByRole("button", { name: "Copy link" }).click();
			await page.getByRole("button", { name: "Copied" }).waitFor();
			assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
			const second = page.getByLabel("Second image");
			assert.equal(await second.count(), 0);
			const change = page.getByRole("button", { name: "Change images…" });
			await change.press("Enter");
			assert.equal(await change.getAttribute("aria-expanded"), "true");
			await second.fill(names[0]);
			await second.press("Enter");
			await page.getByText("The images are the same").waitFor();
			assert.equal(await page.evaluate(() => location.hash), `#compare=${names[0]},${names[0]}`);
			assert.equal(await second.count(), 0);
		},
		{ hash: `#compare=${names.join(",")}`, permissions: ["clipboard-read", "clipboard-write"] },
	);
});

test("two names in the box are compared, and a failure is said", async () => {
	await world.onPage(async (page) => {
		const input = page.locator("#reference");
		await input.fill(`${names[0]} … ${names[0]}`);
		await input.press("Enter");
		await page.getByText("The images are the same").waitFor();
		await page.evaluate(([one]) => {
			location.hash = `#compare=${one},${one}-nothing`;
		}, names);
		await page.locator(".compare-failure").waitFor();
		assert.ok(await page.getByLabel("Second image").isVisible(), "the names can be mended");
	});
});

const digest = `sha256:${"0".repeat(64)}`;
const MANIFEST = JSON.stringify({
	schemaVersion: 2,
	mediaType: "application/vnd.oci.image.manifest.v1+json",
	config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 2 },
	layers: [],
});

test("a comparison gives way to the first screen, and to a document that is pasted", async () => {
	const hash = `#compare=${names[0]},${names[1]}`;
	await world.onPage(
		async (page) => {
			const shown = page.locator("stow-compare");
			await page.getByText("Not compared to the end").waitFor();
			await page.locator(".brand a").click();
			await shown.waitFor({ state: "detached" });
			await page.getByText("Which ID is which?").waitFor();
			await page.goBack();
			await page.getByText("Not compared to the end").waitFor();
			await page.evaluate((text) => navigator.clipboard.writeText(text), MANIFEST);
			await page.locator("stow-compare h2").first().click();
			await page.keyboard.press("Control+V");
			await page.getByRole("treeitem").first().waitFor();
			assert.equal(await shown.count(), 0);
		},
		{ hash, permissions: ["clipboard-read", "clipboard-write"] },
	);
});
