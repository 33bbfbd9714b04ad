// Deployed: behind nginx and Caddy with the configurations of deploy/, and what systemd says of the unit.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT, startApp } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { sha256 } from "./support/documents.mjs";
import { freePort, NAME, startCaddy, startNginx } from "./support/fronts.mjs";
import { fixtures } from "./support/images.mjs";
import { headOf, inspect } from "./support/page.mjs";
import { run, temporaryFolder } from "./support/process.mjs";
import { startRegistry } from "./support/registry.mjs";

let images, registry;
before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await startRegistry({ storage: made.storage });
});
after(() => registry?.stop());

/** The server as it is told to be behind a front, and the front. */
async function deploy(startFront) {
	const port = await freePort();
	const trust = ["--trusted-proxy", "127.0.0.1", "--origin", `https://${NAME}:${port}`, "--requests-per-client", "64"];
	const app = await startApp({ plainHttp: [registry.host], more: [...trust, "--log-format", "json"] });
	try {
		const front = await startFront(new URL(app.url).host, port);
		const stop = async () => {
			await front.stop();
			await app.stop();
		};
		return { ...front, app, stop };
	} catch (error) {
		await app.stop();
		throw error;
	}
}

/** The lines that the server has logged about requests. */
const logged = (app) =>
	app
		.output()
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line))
		.filter(({ message }) => message === "request");

for (const [name, startFront] of Object.entries({ nginx: startNginx, Caddy: startCaddy })) {
	describe(`behind ${name}`, () => {
		let front;
		before(async () => {
			front = await deploy(startFront);
		});
		after(() => front?.stop());

		test(`${name}: the page comes as it was built, under its own headers`, async () => {
			const got = await front.ask("/www/page.js", { headers: { "accept-encoding": "br" } });
			assert.equal(got.status, 200);
			assert.equal(got.headers["content-encoding"], "br");
			assert.match(String(got.headers["content-security-policy"]), /^default-src 'none'/);
			assert.match(String(got.headers["strict-transport-security"]), /^max-age=\d+$/);
			const { etag } = (await front.ask("/")).headers;
			assert.match(String(etag), /^(W\/)?"\w+"$/);
			const again = await front.ask("/", { headers: { "if-none-match": etag } });
			assert.equal(again.status, 304);
		});

		test(`${name}: bytes under a digest come as they are, whole and in part`, async () => {
			const { digest, size } = JSON.parse(images.oci.text).layers[0];
			const path = `/proxy/${registry.host}/v2/demo/app/blobs/${digest}`;
			const whole = await front.ask(path, { headers: { "accept-encoding": "gzip, br" } });
			assert.deepEqual([whole.status, whole.body.length, sha256(whole.body)], [200, size, digest]);
			assert.equal(whole.headers["content-encoding"], undefined);
			const part = await front.ask(path, { headers: { range: "bytes=10-19" } });
			assert.deepEqual([part.status, part.headers["content-range"]], [206, `bytes 10-19/${size}`]);
			assert.deepEqual(part.body, whole.body.subarray(10, 20));
			const head = await front.ask(path, { method: "HEAD" });
			assert.deepEqual([head.status, head.headers["content-length"]], [200, String(size)]);
		});

		test(`${name}: long tokens pass, and addresses arrive as they were written`, async () => {
			const authorization = `Bearer ${"t".repeat(12_000)}`;
			const path = `/proxy/${registry.host}/v2/demo/app/manifests/v1`;
			assert.equal((await front.ask(path, { headers: { authorization, accept: images.oci.mediaType } })).status, 200);
			for (const odd of ["/v2/%2e%2e/x", "/v2//x", "/v2/a%2Fb"]) {
				const got = await front.ask(`/proxy/${registry.host}${odd}`);
				assert.deepEqual([got.status, got.headers["stowplan-refusal"]], [400, "invalid-target"], odd);
			}
		});

		test(`${name}: the server knows its clients, whatever they say`, async () => {
			const path = `/proxy/${registry.host}/v2/demo/app/tags/list`;
			await front.ask(path, { headers: { "x-forwarded-for": "198.51.100.7" } });
			const lines = logged(front.app);
			assert.ok(lines.length > 0);
			for (const { client, ms } of lines) assert.deepEqual([client, typeof ms], ["127.0.0.1", "number"]);
		});

		test(`${name}: metrics and other pages' names are not for the public`, async () => {
			assert.equal((await front.ask("/metrics")).status, 404);
			assert.equal((await front.ask("/healthz")).body.toString(), "ok\n");
			const other = await front.ask(`/proxy/${registry.host}/v2/`, { headers: { origin: "https://other.example" } });
			assert.equal(other.headers["stowplan-refusal"], "origin-not-allowed");
		});
	});
}

test("through nginx the page shows an image and verifies its layers, with HTTP/2", async () => {
	const front = await deploy(startNginx);
	const browser = await launch([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
	try {
		await withPage(
			browser,
			async (page) => {
				await page.goto(front.url);
				const reference = `${registry.host}/${images.oci.path}`;
				assert.match(await inspect(page, reference), /0 of \d+ verified/);
				await page
					.getByRole("button", { name: /^Verify layers/ })
					.first()
					.click();
				await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
				assert.doesNotMatch(await headOf(page), /failed|0 of/);
				const protocols = await page.evaluate(() =>
					performance.getEntriesByType("resource").map((entry) => /** @type {any} */ (entry).nextHopProtocol),
				);
				assert.deepEqual([...new Set(protocols)], ["h2"]);
			},
			{ ignoreHTTPSErrors: true },
		);
		assert.ok(logged(front.app).some(({ asked }) => asked.includes("/blobs/sha256:")));
	} finally {
		await browser.close();
		await front.stop();
	}
});

test("systemd takes the unit and finds little that it could do", async () => {
	const folder = temporaryFolder("unit");
	const file = join(folder, "stowplan.service");
	const unit = readFileSync(join(ROOT, "deploy/stowplan.service"), "utf8");
	assert.match(unit, /^ExecStart=\/usr\/local\/bin\/stowplan-server$/m);
	writeFileSync(file, unit.replace(/^ExecStart=.*$/m, "ExecStart=/bin/true"));
	await run("systemd-analyze", ["verify", file]);
	// 0 is nothing at all, 10 is everything; the network, which it is there for, makes most of 1.3.
	await run("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", file]);
});

test("the settings beside the unit are the server's own", async () => {
	const text = readFileSync(join(ROOT, "deploy/stowplan.env"), "utf8");
	const pairs = [...text.matchAll(/^#?(STOWPLAN_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
	assert.ok(pairs.length >= 8);
	const help = await run(String(process.env.STOWPLAN_SERVER ?? join(ROOT, "target/debug/stowplan-server")), ["--help"]);
	for (const [name] of pairs) {
		const option = `--${String(name).replace("STOWPLAN_", "").toLowerCase().replaceAll("_", "-")} `;
		assert.ok(help.includes(option), `${name} is no option`);
	}
	const env = Object.fromEntries([...pairs, ["STOWPLAN_METRICS_LISTEN", "127.0.0.1:0"], ["STOWPLAN_LOG", "off"]]);
	const app = await startApp({ more: [], env });
	await app.stop();
});
