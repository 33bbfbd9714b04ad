// The page, two images against each other: by its address and by the box, the files when they are asked for.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { noise } from "../wasm/layer-registry.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { starter } from "./support/starter.mjs";
import { startWorld } from "./support/world.mjs";

const start = starter();
let world;
let names;

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
	await pushImage(url, "page/app", "1.2", {
		layers: [base, other],
		config: { User: "app", Env: ["DB_PASSWORD=s3cr3t-9Kq"] },
	});
	names = ["1.1", "1.2"].map((tag) => `${host}/page/app:${tag}`);
});

test("an address shows a comparison; its files come when they are asked for", async () => {
	await world.onPage(
		async (page) => {
			await page.getByText("Not compared to the end").waitFor();
			await page.locator("header.is-result").waitFor();
			assert.ok(await page.locator("stow-compare + footer").isVisible(), "the foot stands below the comparison");
			assert.equal(await page.locator(".compare-layers .trunk li").count(), 1);
			assert.equal(await page.locator(".compare-layers .branches li").count(), 2);
			assert.equal(await page.getByText("s3cr3t-9Kq").count(), 0, "a secret is masked until it is asked for");
			await page.getByRole("button", { name: "Show" }).click();
			await page.getByText("s3cr3t-9Kq").waitFor();
			await page.getByRole("button", { name: /^Compare files/ }).click();
			await page.getByText("The images differ").waitFor();
			const growth = await page.locator(".compare-growth li").first().innerText();
			assert.match(growth, /root\/.npm/);
			assert.match(await page.locator(".compare-files tbody").innerText(), /app\/main\.js/);
			const row = page.locator(".compare-files tr", { hasText: "app/main.js" });
			await row.getByRole("button", { name: "Text" }).click();
			await page.locator(".compare-diff .diff").waitFor();
			assert.equal(await page.locator(".compare-diff del").innerText(), "− one");
			assert.equal(await page.locator(".compare-diff ins").innerText(), "+ two");
			const listed = page.locator(".compare-files tbody tr");
			await page.getByRole("searchbox", { name: "Filter by path" }).fill("MAIN.JS");
			await page.waitForFunction(() => document.querySelectorAll(".compare-files tbody tr").length === 1);
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
		},
		{ hash: `#compare=${names.join(",")}` },
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
