// In the page: after a first visit it loads without a network, whole and of one version; nothing of the proxy is kept.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DIST, startApp, startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { dragFiles } from "./support/dropping.mjs";
import { errorCode, fromMenu, headOf, inspect, kept, openSection, rows, shown } from "./support/page.mjs";
import { removeFolder, run, temporaryFolder } from "./support/process.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

const PRECACHE = fileURLToPath(new URL("../../www/build/precache.mjs", import.meta.url));
/** Chromium's own lines about a server that is gone. */
const GONE = /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/;

let browser, folder;
before(async () => {
	browser = await launch();
	folder = temporaryFolder("offline");
});
after(async () => {
	removeFolder(folder);
	await browser?.close();
});

const visit = (body, options = {}) => withPage(browser, body, { serviceWorkers: "allow", expected: GONE, ...options });
const cacheNames = (page) => page.evaluate(() => caches.keys());

/** A build of the page with another title, of which every script says so too. */
async function anotherBuild(name, title) {
	const dist = join(folder, name);
	cpSync(DIST, dist, { recursive: true });
	const index = join(dist, "index.html");
	writeFileSync(index, readFileSync(index, "utf8").replace("</head>", `<meta name="build" content="${title}"></head>`));
	appendFileSync(join(dist, "www/page.js"), `\nglobalThis.build = "${title}";\n`);
	for (const file of ["index.html.br", "www/page.js.br", "sw.js.br"]) rmSync(join(dist, file), { force: true });
	await run("node", [PRECACHE, dist]);
	return dist;
}
/** The builds that the page and its script say they are of. */
const builds = (page) =>
	page.evaluate(() => [document.querySelector("meta[name=build]")?.getAttribute("content"), globalThis.build]);
function deploy(from, to) {
	rmSync(to, { recursive: true, force: true });
	cpSync(from, to, { recursive: true });
}
const waiting = (page) =>
	page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		await registration.update().catch(() => {});
		for (let tries = 0; tries < 600; tries++) {
			if (registration.waiting) return true;
			if (tries > 10 && !registration.installing) return false;
			await new Promise((resume) => setTimeout(resume, 50));
		}
	});

test("with the server gone the page reloads, opens samples, pastes and drops, and shows what comes on demand", async () => {
	const app = await startApp();
	const { headers } = await fetch(`${app.url}sw.js`);
	assert.match(headers.get("content-type"), /^text\/javascript/);
	assert.equal(headers.get("cache-control"), "no-cache");
	const archive = join(folder, "image.tar");
	const layout = join(folder, "layout");
	await run("umoci", ["init", "--layout", layout]);
	await run("umoci", ["new", "--image", `${layout}:v1`]);
	await run("tar", ["-cf", archive, "-C", layout, "."]);
	await visit(async (page) => {
		await page.goto(app.url);
		await kept(page);
		await app.stop();
		await page.reload();
		await page.locator("[data-sample=hello]").click();
		await rows(page, "index").waitFor();
		assert.doesNotMatch(await headOf(page), /failed/);
		await openSection(page, "Files");
		await page.getByRole("region", { name: "About the image" }).getByText("etc").first().waitFor();
		await openSection(page, "IDs");
		await page.getByText("Image ID (config digest)").first().waitFor();
		const file = join(folder, "dropped.json");
		writeFileSync(file, '{"schemaVersion":2,"config":{"digest":"sha256:00","size":1},"layers":[]}');
		const drag = await dragFiles(page, [file]);
		await drag.over();
		await drag.drop();
		await shown(page, "dropped.json");
		const again = await dragFiles(page, [archive]);
		await again.over();
		await again.drop();
		await shown(page, "image.tar");
		await rows(page, "manifest").first().waitFor();
		await page.locator(".brand a").click();
		await page.getByRole("button", { name: "Paste", exact: true }).click();
		await page
			.getByLabel("A manifest, an index, a config, or what a tool printed")
			.fill('{"schemaVersion":2,"manifests":[]}');
		await page.getByRole("button", { name: "Verify" }).first().click();
		await rows(page, "index").waitFor();
		await fromMenu(page, "Download", "Download image…");
		await page.getByRole("dialog", { name: "Keep a copy" }).getByText("The report").waitFor();
		await page.keyboard.press("Escape");
		await page.goto(`${app.url}how.html`);
		await page
			.getByText(/sha256:[0-9a-f]{12}/)
			.first()
			.waitFor();
		await page.goto(app.url);
		await page.getByRole("textbox", { name: "Image reference" }).fill("example.invalid/a");
		await page.keyboard.press("Enter");
		assert.match(await errorCode(page), /^(registry-unreachable|proxy-refused)$/);
		await page.context().setOffline(true);
		await page.getByRole("textbox", { name: "Image reference" }).fill("example.invalid/b");
		await page.keyboard.press("Enter");
		await page.getByRole("alert").getByRole("heading", { name: "You are offline" }).waitFor();
		assert.doesNotMatch(await page.getByRole("alert").innerText(), /proxy|cargo/);
	});
});

test("from a sub-path of a plain static host too, and under that path only", async () => {
	const site = await startStatic("/some/where/");
	await visit(async (page) => {
		await page.goto(site.url);
		await kept(page);
		assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope), site.url);
		const [name, ...others] = await cacheNames(page);
		assert.match(name, /^stowplan \/some\/where\/ [0-9a-f]{16}$/);
		assert.deepEqual(others, []);
		await site.stop();
		await page.goto(`${site.url}index.html#sample=hello`);
		await rows(page, "index").waitFor();
	});
});

test("exactly the built files are kept, and no answer of the proxy", async () => {
	const world = await startWorld();
	try {
		await visit(async (page) => {
			await page.goto(world.app.url);
			await kept(page);
			await page.reload();
			await inspect(page, world.ref("index"));
			const addresses = await page.evaluate(async () => {
				const [name, ...others] = await caches.keys();
				if (others.length > 0) throw new Error(`other caches: ${others}`);
				return (await (await caches.open(name)).keys()).map(({ url }) => url);
			});
			const paths = addresses.map((url) => url.slice(world.app.url.length)).sort();
			assert.ok(
				paths.every((path) => !path.includes("proxy/") && !/\.(br|d\.ts)$/.test(path)),
				`${paths}`,
			);
			const built = (await run("find", [DIST, "-type", "f", "-printf", "%P\n"])).trim().split("\n");
			const loaded = built.filter(
				(name) => !/\.(br|d\.ts)$|^(package\.json|sw\.js|embed[^/]*\.js|www\/(stow-plan.*|card\.png))$/.test(name),
			);
			assert.deepEqual(paths, loaded.map((name) => (name === "index.html" ? "" : name)).sort());
		});
	} finally {
		await world.stop();
	}
});

test("a new version waits until the old one is nowhere open, then takes over whole; its predecessor is gone", async () => {
	const [one, two] = [await anotherBuild("one", "first"), await anotherBuild("two", "second")];
	const live = join(folder, "live");
	deploy(one, live);
	const site = await startStatic("/", live);
	try {
		await visit(async (page) => {
			await page.goto(site.url);
			await kept(page);
			await page.reload();
			assert.deepEqual(await builds(page), ["first", "first"]);
			const other = await page.context().newPage();
			await other.goto(site.url);
			deploy(two, live);
			assert.equal(await waiting(page), true);
			await page.reload();
			await page.getByRole("textbox", { name: "Image reference" }).waitFor();
			assert.deepEqual(await builds(page), ["first", "first"], "two pages are open: both stay what they are");
			await page.locator("[data-sample=hello]").click();
			await rows(page, "index").waitFor();
			await other.close();
			await page.reload();
			await page.waitForFunction(() => globalThis.build === "second");
			assert.deepEqual(await builds(page), ["second", "second"]);
			assert.match(page.url(), /#sample=hello$/, "the place stays");
			await rows(page, "index").waitFor();
			assert.equal((await cacheNames(page)).length, 1);
		});
	} finally {
		await site.stop();
	}
});

test("half a deployment is never taken into use", async () => {
	const [one, two] = [await anotherBuild("whole", "first"), await anotherBuild("half", "second")];
	const live = join(folder, "half-live");
	deploy(one, live);
	const site = await startStatic("/", live);
	try {
		await visit(
			async (page) => {
				await page.goto(site.url);
				await kept(page);
				// The service worker of the new build is there already, its scripts are not.
				cpSync(join(two, "sw.js"), join(live, "sw.js"));
				assert.equal(await waiting(page), false);
				await site.stop();
				await page.reload();
				await page.getByRole("textbox", { name: "Image reference" }).waitFor();
				assert.deepEqual(await builds(page), ["first", "first"]);
			},
			{ expected: /integrity|Failed to load resource|service worker|ServiceWorker/i },
		);
	} finally {
		await site.stop();
	}
});

test("a page in a frame of another keeps nothing", async () => {
	const site = await startStatic("/");
	try {
		await visit(
			async (page) => {
				await page.goto(`${site.url}www/samples/index.json`);
				await page.evaluate((url) => {
					const frame = document.createElement("iframe");
					frame.src = url;
					document.body.append(frame);
				}, site.url);
				await page.frameLocator("iframe").getByRole("textbox", { name: "Image reference" }).waitFor();
				// The same page by itself, opened later, has kept its files by then.
				await visit(async (other) => {
					await other.goto(site.url);
					await kept(other);
				});
				assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
			},
			{ expected: FAILED_LOAD },
		);
	} finally {
		await site.stop();
	}
});
