// One command: `stowplan serve`, installed into an empty folder, gives the page and its registry proxy, for this machine only.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { sha256 } from "./support/documents.mjs";
import { project } from "./support/generators.mjs";
import { fixtures } from "./support/images.mjs";
import { inspect } from "./support/page.mjs";
import { run, temporaryFolder } from "./support/process.mjs";
import { PACKAGE, stowplan } from "./support/program.mjs";
import { startRegistry } from "./support/registry.mjs";
import { startPageServer } from "./support/served.mjs";

let images, registry, served;
before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await startRegistry({ storage: made.storage });
	const packed = temporaryFolder("packed");
	await run("npm", ["pack", "--silent", "--pack-destination", packed, PACKAGE]);
	const folder = project("newcomer", { "package.json": '{ "private": true }' });
	const words = ["install", "--silent", "--offline", "--no-audit", "--no-fund"];
	await run("npm", [...words, join(packed, String(readdirSync(packed)[0]))], { cwd: folder });
	served = await startPageServer(["--plain-http", registry.host], {
		// As npx runs it, without npx between: it does not pass signals on to what it started.
		program: [join(folder, "node_modules/.bin/stowplan")],
		cwd: folder,
	});
});
after(async () => {
	await served?.stop();
	await registry?.stop();
});

test("the page shows an image through the proxy beside it, with its layers", async () => {
	const browser = await launch();
	try {
		await withPage(browser, async (page) => {
			await page.goto(served.url);
			const said = await inspect(page, `${registry.host}/${images.oci.path}`);
			assert.doesNotMatch(said, /failed/);
			await page.getByText(images.oci.digest.slice(7, 19)).first().waitFor();
		});
	} finally {
		await browser.close();
	}
});

test("bytes come through as they are, and only what the policy lets through", async () => {
	const { digest, size } = JSON.parse(images.oci.text).layers[0];
	const ask = (path, init) => fetch(`${served.proxy}${path}`, init);
	const blob = await ask(`${registry.host}/v2/demo/app/blobs/${digest}`);
	const bytes = Buffer.from(await blob.arrayBuffer());
	assert.deepEqual([blob.status, bytes.length, sha256(bytes)], [200, size, digest]);
	for (const [target, code] of [
		["169.254.169.254/v2/", "address-refused"],
		["host.invalid/v2/", "host-not-allowed"],
	]) {
		const refused = await ask(target);
		assert.deepEqual([refused.status, refused.headers.get("stowplan-refusal")], [403, code], target);
		await refused.text();
	}
	const foreign = await ask(`${registry.host}/v2/`, { headers: { origin: "https://foreign.example" } });
	assert.equal(foreign.headers.get("stowplan-refusal"), "origin-not-allowed");
});

test("the page's files are those of a build, and no other file of the disk", async () => {
	for (const name of [
		"",
		"how.html",
		"www/page.js",
		"www/stowplan_bg.wasm",
		"www/early.js",
		"www/favicon.ico",
		"sw.js",
	]) {
		const answer = await fetch(served.url + name);
		assert.equal(answer.status, 200, name);
		assert.match(String(answer.headers.get("content-security-policy")), /^default-src 'none'/);
		const file = readFileSync(join(DIST, name || "index.html"));
		assert.deepEqual(Buffer.from(await answer.arrayBuffer()), file, name);
	}
	for (const name of [
		"package.json",
		"bin.js",
		"site.br",
		"www/card.png",
		"www/%2e%2e/bin.js",
		"__proto__",
		"constructor",
	])
		assert.equal((await fetch(served.url + name)).status, 404, name);
	assert.equal((await fetch(served.url, { method: "POST", body: "x" })).status, 405);
});

test("no other address of the machine answers", async () => {
	const port = Number(new URL(served.url).port);
	const outcome = await new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.2", port }, () => resolve("connected"));
		socket.on("error", (error) => resolve(/** @type {any} */ (error).code));
	});
	assert.equal(outcome, "ECONNREFUSED");
});

test("either signal ends it with 0", async () => {
	for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
		const own = await startPageServer([]);
		assert.equal(await own.end(signal), 0, signal);
		await assert.rejects(fetch(own.url));
	}
});

test("a port that is taken and one that is none are said", async () => {
	const other = createServer();
	await new Promise((resolve) => other.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (other.address());
	const taken = await stowplan(["serve", "--port", String(port)]);
	await new Promise((resolve) => other.close(resolve));
	assert.deepEqual([taken.code, /\(port-in-use\)\n$/.test(taken.err)], [3, true], taken.err);
	for (const wrong of ["x", "65536", "-1", "1.5"]) {
		const said = await stowplan(["serve", `--port=${wrong}`]);
		assert.deepEqual([said.code, /\(usage\)\n$/.test(said.err)], [3, true], said.err);
	}
	assert.match((await stowplan(["serve", "--plain-http", "http://x"])).err, /\(usage\)\n$/);
});
