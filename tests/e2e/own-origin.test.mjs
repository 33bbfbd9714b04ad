// In the page: what others may leave on its origin or put in its place, and what it does about that.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, startApp, startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { errorCode, kept, rows } from "./support/page.mjs";
import { removeFolder, temporaryFolder } from "./support/process.mjs";

const GONE = /Failed to load resource|ERR_CONNECTION_REFUSED/;

let browser, folder, app, plain;
before(async () => {
	[browser, app, plain] = await Promise.all([launch(), startApp(), startStatic("/a/")]);
	folder = temporaryFolder("own-origin");
});
after(async () => {
	removeFolder(folder);
	await Promise.all([app?.stop(), plain?.stop()]);
	await browser?.close();
});

const visit = (body, options = {}) => withPage(browser, body, options);

/** The results of a string where a script or HTML is wanted. */
const sinks = (page) =>
	page.evaluate(() => {
		const tried = (act) => {
			try {
				act();
				return "taken";
			} catch (error) {
				return error.name;
			}
		};
		return [
			tried(() => {
				document.createElement("div").innerHTML = "<b>x</b>";
			}),
			tried(() => {
				document.createElement("script").src = "https://evil.example/x.js";
			}),
			tried(() => new Worker("data:text/javascript,1")),
			tried(() => new Worker("../elsewhere.js")),
		];
	});

for (const file of ["", "how.html", "embed.html"]) {
	test(`on a host without headers, no string becomes a script or HTML in /${file}`, async () => {
		await visit(
			async (page) => {
				await page.goto(plain.url + file);
				await page.waitForLoadState("load");
				const meta = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
				assert.match(meta, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
				await page.waitForFunction(() => /** @type {any} */ (globalThis).trustedTypes.defaultPolicy);
				assert.deepEqual(await sinks(page), Array(4).fill("TypeError"));
			},
			{ expected: /Trusted|TrustedHTML|TrustedScriptURL|Content Security Policy/ },
		);
	});
}

test("samples are read on a host without headers: workers and wasm start under the page's own policy", async () => {
	await visit(async (page) => {
		await page.goto(`${plain.url}#sample=hello`);
		await rows(page, "index").waitFor();
	});
});

test("a proxy that is not the page's own is named beside the box", async () => {
	await visit(async (page) => {
		await page.goto(app.url);
		await page.locator("[data-sample=hello]").waitFor();
		assert.equal(await page.locator(".other-proxy").count(), 0);
		await page.evaluate(() => localStorage.setItem("stowplan.proxy", "https://evil.example/p/"));
		await page.reload();
		await page.locator(".other-proxy").getByText("https://evil.example/p/").waitFor();
		await page.locator(".other-proxy").getByRole("button").click();
		await page.getByRole("dialog", { name: "Settings" }).waitFor();
	});
});

test("credentials are asked for again when the proxy changes", async () => {
	await visit(async (page) => {
		await page.goto(app.url);
		await page.getByRole("button", { name: "Settings" }).click();
		const dialog = page.getByRole("dialog", { name: "Settings" });
		await dialog.getByLabel("Registry", { exact: true }).fill("ghcr.io");
		await dialog.getByLabel("User name").fill("a-user");
		await dialog.getByLabel(/Password/).fill("secret");
		await dialog.getByRole("button", { name: "Add" }).click();
		await dialog.getByText("a-user").waitFor();
		await dialog.getByLabel("Registry proxy").fill("https://other.example/");
		await dialog.getByRole("button", { name: "Close" }).click();
		await page.locator(".other-proxy").waitFor();
		await page.locator("header").getByRole("button", { name: "Settings" }).click();
		await dialog.getByLabel("Registry", { exact: true }).waitFor();
		assert.equal(await dialog.getByText("a-user").count(), 0);
	});
});

test("half an address is neither kept nor asked, and Escape leaves what was set", async () => {
	await visit(async (page) => {
		await page.goto(app.url);
		await page.getByRole("button", { name: "Settings" }).click();
		const dialog = page.getByRole("dialog", { name: "Settings" });
		const field = dialog.getByLabel("Registry proxy");
		const kept = () => page.evaluate(() => localStorage.getItem("stowplan.proxy"));
		await field.fill("");
		await field.pressSequentially("https://other.exa");
		// Longer than a typist pauses between two keys.
		await page.waitForTimeout(600);
		assert.equal(await kept(), null);
		await page.keyboard.press("Escape");
		await dialog.waitFor({ state: "hidden" });
		assert.deepEqual([await kept(), await page.locator(".other-proxy").count()], [null, 0]);
		await page.locator("header").getByRole("button", { name: "Settings" }).click();
		assert.equal(await field.inputValue(), new URL("proxy/", app.url).href);
		await field.fill("https://other.example");
		await page.keyboard.press("Tab");
		await dialog.getByText("Saved").waitFor();
		assert.equal(await kept(), "https://other.example/");
	});
});

test("a sample that there is none of is a sentence", async () => {
	await visit(async (page) => {
		await page.goto(`${app.url}#sample=nope`);
		assert.equal(await errorCode(page), "sample-unknown");
		await page.getByText("There is no sample of this name").first().waitFor();
	});
});

/** Another program's page, or none, where Stowplan was. */
function otherProgram(port) {
	const server = createServer((request, response) => {
		if (request.url !== "/") return response.writeHead(404).end("not here");
		return response.writeHead(200, { "content-type": "text/html" }).end("<title>Another</title><p>another program</p>");
	});
	return new Promise((resolve) => {
		server.listen(port, "127.0.0.1", () =>
			resolve({
				stop: () => {
					server.closeAllConnections();
					return new Promise((done) => server.close(done));
				},
			}),
		);
	});
}

test("where another program answers by now, the service worker goes after one look", async () => {
	const own = await startApp();
	await visit(
		async (page) => {
			await page.goto(own.url);
			await kept(page);
			await own.stop();
			const other = await otherProgram(Number(new URL(own.url).port));
			try {
				// The worker may have the page loaded again before it is whole.
				await page.goto(own.url, { waitUntil: "commit" });
				await page.getByText("another program").waitFor();
				await page.waitForFunction(async () => {
					const [workers, kept] = await Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]);
					return workers.length + kept.length === 0;
				});
			} finally {
				await other.stop();
			}
		},
		{ serviceWorkers: "allow", expected: GONE },
	);
});

test("another program's page below the same folder gets its own files", async () => {
	const dist = join(folder, "site");
	cpSync(DIST, dist, { recursive: true });
	mkdirSync(join(dist, "other"));
	writeFileSync(join(dist, "other/index.html"), "<title>Other</title><p>other</p>");
	const own = await startStatic("/", dist);
	try {
		await visit(
			async (page) => {
				await page.goto(own.url);
				await kept(page);
				await page.goto(`${own.url}other/index.html`);
				writeFileSync(join(dist, "www/early.js"), "changed");
				const got = await page.evaluate(async () => (await fetch("../www/early.js")).text());
				assert.equal(got, "changed");
			},
			{ serviceWorkers: "allow", expected: GONE },
		);
	} finally {
		await own.stop();
	}
});

test("one build of the script for others' pages runs these bytes or none", async () => {
	const { file, integrity } = JSON.parse(readFileSync(join(DIST, "www/embed.json"), "utf8"));
	for (const [name, broken, runs] of [
		["as it is", undefined, true],
		["with another script", file, false],
		["with another module", "www/stow-plan-define.js", false],
	]) {
		const dist = join(folder, `embed-${runs}-${String(broken).replaceAll("/", "-")}`);
		cpSync(DIST, dist, { recursive: true });
		if (broken) writeFileSync(join(dist, broken), `${readFileSync(join(dist, broken), "utf8")}\n`);
		writeFileSync(
			join(dist, "doc.html"),
			`<!doctype html><script type="module" src="${file}" integrity="${integrity}" crossorigin="anonymous"></script><p>doc</p>`,
		);
		const own = await startStatic("/d/", dist);
		try {
			await visit(
				async (page) => {
					await page.goto(`${own.url}doc.html`);
					await page.waitForLoadState("networkidle");
					assert.equal(await page.evaluate(() => !!customElements.get("stow-plan")), runs, name);
				},
				{ expected: /integrity|Failed to fetch|Failed to load|Failed to find/ },
			);
		} finally {
			await own.stop();
		}
	}
});
