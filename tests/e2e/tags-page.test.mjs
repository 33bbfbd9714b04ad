// The tags of a repository in the page: order, filter, groups, the search by digest, 10,000 of them, and completion in the box.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { box, inspect, verdict } from "./support/page.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { starter } from "./support/starter.mjs";
import { startWorld } from "./support/world.mjs";

const start = starter();
let world;
let name;
let digest;

before(async () => {
	world = await start(startWorld());
	const { url, host } = world.registry;
	const old = await pushImage(url, "tagged/app", "1.26", { layers: [{ tar: tarOf([["a", "1"]]) }] });
	const next = await pushImage(url, "tagged/app", "1.27.3", { layers: [{ tar: tarOf([["a", "2"]]) }] });
	const repo = repository(url, "tagged/app");
	for (const tag of ["1.27", "1", "latest"]) await repo.putManifest(tag, TYPES.manifest, next.text);
	await repo.putManifest(`sha256-${old.digest.slice(7)}.sig`, TYPES.manifest, old.text);
	[name, digest] = [`${host}/tagged/app`, next.digest];
});

const lines = (page) => page.locator(".tag-lines .line").allInnerTexts();
const trimmed = (texts) => texts.map((text) => text.replace(/\s+/g, " ").trim());

test("tags are listed newest first, filtered, grouped by digest, those of signatures folded", async () => {
	await world.onPage(async (page) => {
		await inspect(page, `${name}:1.26`);
		await verdict(page).getByRole("link", { name: "Tags" }).click();
		await page.locator(".tag-lines .line").first().waitFor();
		assert.equal(await page.locator("stow-compare").count(), 0);
		assert.equal(await page.locator("#reference").inputValue(), name);
		assert.deepEqual(trimmed(await lines(page)), ["1.27.3", "1.27", "1.26", "1", "latest"]);
		await page.getByRole("button", { name: "Show 1 tag of signatures" }).click();
		assert.equal((await lines(page)).length, 6);
		await page.getByRole("button", { name: "Hide 1 tag" }).click();
		await page.getByRole("button", { name: "Group by digest · 5 requests" }).click();
		await page.waitForFunction(() => document.querySelectorAll(".tag-lines .line").length === 2);
		assert.match(trimmed(await lines(page))[0], /^1\.27\.3 1\.27 1 latest Details [0-9a-f]{12}$/);
		await page.getByRole("button", { name: "Details: 1.27.3" }).click();
		await page.locator(".tag-about").waitFor();
		assert.match(await page.locator(".tag-about").innerText(), /^\S+ B · linux\/amd64 · 2026-01-01$/);
		await page.getByRole("searchbox", { name: "Filter tags" }).fill("1.2");
		assert.deepEqual((await lines(page)).length, 3);
		await page.locator(".tag-lines a").first().click();
		await verdict(page).waitFor();
		assert.equal(await page.locator("stow-tags").count(), 0);
		assert.match(await page.locator("#reference").inputValue(), /:1\.27\.3$/);
	});
});

test("the tags that name a digest are found, and the cost is told first", async () => {
	await world.onPage(
		async (page) => {
			await page.locator("header.is-result").waitFor();
			assert.ok(await page.locator("stow-tags + footer").isVisible(), "the foot stands below the list");
			await page.getByLabel("Which tags name this digest?").fill(digest);
			await page.getByRole("button", { name: "Search · 5 requests" }).click();
			await page.getByText("4 tags name it").waitFor();
			assert.deepEqual(await page.locator(".tags-found li").allInnerTexts(), ["1.27.3", "1.27", "1", "latest"]);
		},
		{ hash: `#tags=${name}` },
	);
});

/** A registry of one repository with so many tags, which answers no HEAD until it is told to. */
async function many(count) {
	let heads = 0;
	const server = createServer((request, response) => {
		if (request.method === "HEAD") {
			heads++;
			return;
		}
		response.writeHead(200, { "content-type": "application/json" });
		if (!request.url.includes("/tags/list")) return response.end("{}");
		response.end(JSON.stringify({ name: "x", tags: Array.from({ length: count }, (_, at) => `1.${at}`) }));
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const stop = () => {
		server.closeAllConnections();
		return new Promise((done) => server.close(done));
	};
	await start(Promise.resolve({ stop }));
	return { host: `127.0.0.1:${port}`, heads: () => heads };
}

test("ten thousand tags stay quick, and a search can be stopped", async () => {
	const registry = await many(10_000);
	const app = await start(startApp({ plainHttp: [registry.host] }));
	await world.onPage(async (page) => {
		await page.goto(`${app.url}#tags=${registry.host}/x`);
		await page.locator(".tag-lines .line").first().waitFor();
		assert.ok((await page.locator(".tag-lines .line").count()) < 100);
		const slowest = await page.evaluate(async () => {
			const box = /** @type {HTMLElement} */ (document.querySelector(".tag-lines .lines-box"));
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
		await page.getByRole("button", { name: "Group by digest · 500 requests" }).click();
		await page.getByRole("button", { name: "Stop" }).click();
		await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
		assert.ok(registry.heads() <= 10, `${registry.heads()} requests`);
	});
});

test("the box completes tags after a colon", async () => {
	await world.onPage(async (page) => {
		await box(page).pressSequentially(`${name}:1.`);
		const options = page.locator(".tag-list").getByRole("option");
		await options.first().waitFor();
		assert.deepEqual(await options.allInnerTexts(), ["1.27.3", "1.27", "1.26"]);
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		assert.equal(await page.locator("#reference").inputValue(), `${name}:1.27`);
		assert.equal(await options.count(), 0);
		await page.keyboard.press("Enter");
		await verdict(page).waitFor();
	});
});

test("Tab behind a name lists its tags, and a second Tab moves on", async () => {
	await world.onPage(async (page) => {
		await box(page).pressSequentially(name);
		await page.keyboard.press("Tab");
		const options = page.locator(".tag-list").getByRole("option");
		await options.first().waitFor();
		assert.equal(await page.locator("#reference").inputValue(), `${name}:`);
		await page.keyboard.press("Tab");
		await options.first().waitFor({ state: "detached" });
		assert.equal(await page.locator("#reference").inputValue(), name, "nothing was chosen");
		assert.notEqual(await page.evaluate(() => document.activeElement?.id), "reference");
		// Without a list the colon goes, and Tab goes on.
		await page.locator("#reference").fill(`${name}-none`);
		await page.keyboard.press("Tab");
		await page.waitForFunction((wanted) => {
			const field = /** @type {HTMLInputElement | null} */ (document.querySelector("#reference"));
			return field?.value === wanted;
		}, `${name}-none`);
	});
});

test("the box completes repositories after a registry with a port", async () => {
	await world.onPage(async (page) => {
		const [, host, repository] = /^([^/]+)\/(.+)$/.exec(name);
		await box(page).pressSequentially(`${host}/${repository.slice(0, 3)}`);
		const option = page.locator(".tag-list").getByRole("option", { name: repository, exact: true });
		await option.click();
		assert.equal(await page.locator("#reference").inputValue(), `${host}/${repository}`);
	});
});
