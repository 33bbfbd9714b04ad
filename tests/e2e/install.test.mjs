// Installed: what `cargo install --path server` gives is one program with the page inside, and it works from anywhere.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { DIST, ROOT } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { fixtures } from "./support/images.mjs";
import { inspect } from "./support/page.mjs";
import { run, startServer, temporaryFolder } from "./support/process.mjs";
import { startRegistry } from "./support/registry.mjs";

/** The content and the tests are the same without the optimiser, which would take minutes. */
const HASTY = {
	CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
	CARGO_PROFILE_RELEASE_LTO: "off",
	CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
};

let registry, images, app;

before(
	async () => {
		const made = await fixtures();
		images = made.images;
		registry = await startRegistry({ storage: made.storage });
		const root = temporaryFolder("install");
		const { STOWPLAN_PAGE, ...env } = process.env;
		const words = ["install", "--locked", "--quiet", "--path", join(ROOT, "server"), "--root", root];
		// The page that the tests are about, which is the repository's dist/ unless they were told another.
		const page = DIST === join(ROOT, "dist") ? {} : { STOWPLAN_PAGE: DIST };
		await run("cargo", words, { cwd: ROOT, env: { ...env, ...page, ...HASTY } });
		const command = [join(root, "bin/stowplan-server"), "--port", "0", "--plain-http", registry.host];
		const cwd = temporaryFolder("empty");
		app = await startServer(command, /(http:\/\/127\.0\.0\.1:\d+)/, { cwd, env: { PATH: process.env.PATH } });
	},
	{ timeout: 20 * 60_000 },
);
after(async () => {
	await app?.stop();
	await registry?.stop();
});

const get = (path, headers = {}) => fetch(`${app.match[1]}${path}`, { headers });

test("every file of the page is inside, as it was built", async () => {
	const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.name.endsWith(".br"))
		.map((entry) => relative(DIST, join(entry.parentPath ?? entry.path, entry.name)));
	assert.ok(files.length > 30);
	for (const file of files) {
		const answer = await get(`/${file}`, { "accept-encoding": "identity" });
		assert.equal(answer.status, 200, file);
		assert.deepEqual(Buffer.from(await answer.arrayBuffer()), readFileSync(join(DIST, file)), file);
	}
	assert.deepEqual(await (await get("/")).text(), readFileSync(join(DIST, "index.html"), "utf8"));
});

test("types, tags and brotli are those of files on a disk", async () => {
	const types = { "/": "text/html; charset=utf-8", "/www/page.js": "text/javascript", "/www/page.css": "text/css" };
	for (const [path, type] of Object.entries({ ...types, "/www/stowplan_bg.wasm": "application/wasm" })) {
		const answer = await get(path);
		assert.equal(answer.headers.get("content-type"), type, path);
		assert.match(String(answer.headers.get("content-security-policy")), /^default-src 'none'/);
		const etag = String(answer.headers.get("etag"));
		const again = await get(path, { "if-none-match": `"other", ${etag}` });
		assert.deepEqual([again.status, await again.text()], [304, ""], path);
	}
	const { hostname, port } = new URL(app.match[1]);
	const raw = await run("curl", ["-s", "-H", "accept-encoding: gzip, br", `http://${hostname}:${port}/www/page.js`], {
		encoding: "buffer",
	});
	assert.deepEqual(brotliDecompressSync(raw), readFileSync(join(DIST, "www/page.js")));
});

test("what is not inside is not found, and nothing is written", async () => {
	for (const path of ["/nope", "/www", "/www/../index.html.br/x", "/%2e%2e/etc/passwd", "/index.html/"])
		assert.equal((await get(path)).status, 404, path);
	assert.equal((await fetch(`${app.match[1]}/index.html`, { method: "POST" })).status, 405);
	assert.match(app.output(), /page=built in/);
});

test("the page inside shows an image", async () => {
	const browser = await launch();
	try {
		await withPage(browser, async (page) => {
			await page.goto(`${app.match[1]}/`);
			assert.doesNotMatch(await inspect(page, `${registry.host}/${images.oci.path}`), /failed/);
		});
	} finally {
		await browser.close();
	}
});
