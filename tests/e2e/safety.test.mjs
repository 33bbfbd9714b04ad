// In the page: what comes through the proxy can never act as a page, a script or a service worker of our origin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lies } from "./support/lying-proxy.mjs";
import { shown } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

const SCRIPT = Buffer.from('document.title = "owned"; self.owned = true;');
const proxied = () => `${world.app.proxy}${world.liar.host}/v2/demo/app/manifests/v1`;

test("a proxied web page does not run", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			world.liar.lie(/./, lies.html());
			const [outcome] = await Promise.allSettled([page.goto(proxied())]);
			if (outcome.status === "rejected") assert.match(outcome.reason.message, /Download is starting|ERR_ABORTED/);
			assert.doesNotMatch(await page.title(), /owned/);
			const answer = await page.request.get(proxied());
			assert.match(answer.headers()["content-security-policy"], /sandbox/);
			assert.equal(answer.headers()["x-content-type-options"], "nosniff");
			assert.match(answer.headers()["content-disposition"], /^attachment/);
		},
		{ expected: /./ },
	));

test("a proxied script does not run in the page", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			world.liar.lie(/./, lies.document(SCRIPT, { mediaType: "text/javascript" }));
			const failed = await page.evaluate(
				(src) =>
					new Promise((resolve) => {
						const script = Object.assign(document.createElement("script"), { src });
						script.onload = () => resolve(`loaded, owned: ${"owned" in globalThis}`);
						script.onerror = () => resolve("refused");
						document.head.append(script);
					}),
				proxied(),
			);
			assert.equal(failed, "refused");
			const worker = await page.evaluate(
				(src) =>
					new Promise((resolve) => {
						try {
							const worker = new Worker(src);
							worker.onerror = () => resolve("refused");
							worker.onmessage = () => resolve("runs");
						} catch {
							resolve("refused");
						}
					}),
				proxied(),
			);
			assert.equal(worker, "refused");
		},
		{ expected: /./ },
	));

test("a proxied service worker cannot be registered", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			world.liar.lie(/./, lies.document(SCRIPT, { mediaType: "text/javascript" }));
			const outcome = await page.evaluate(
				(src) =>
					navigator.serviceWorker.register(src).then(
						() => "registered",
						() => "refused",
					),
				proxied(),
			);
			assert.equal(outcome, "refused");
		},
		{ expected: /./, serviceWorkers: "allow" },
	));

test("the page's own policy allows no inline script, no eval, no frame", async () => {
	const answer = await fetch(world.app.url);
	const policy = answer.headers.get("content-security-policy");
	assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'/);
	assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
	assert.match(policy, /frame-ancestors '(none|self)'/);
	assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
});

test("the page can be used under its own policy", () =>
	world.onPage(async (page) => {
		await page.goto(`${world.app.url}#ref=${world.ref("index")}`);
		await shown(page, world.ref("index"));
	}));

test("the proxy reaches no host that was not allowed", async () => {
	for (const host of ["127.0.0.1:22", "localhost:1", "169.254.169.254", "[::1]:80"]) {
		const answer = await fetch(`${world.app.proxy}${host}/v2/`);
		assert.equal(answer.status, 403, host);
		assert.ok((await answer.json()).errors[0].code);
	}
});
