// Installed: the manifest as Chromium reads it, and what the page does with a file, a shared text and an address of `web+oci:`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./support/app.mjs";
import { withPage } from "./support/browser.mjs";
import { box, headOf, rows } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

const SAMPLE = join(ROOT, "www/samples/hello");

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/** Opens the page at an address below it. */
const onPage = (query, use, options = {}) =>
	withPage(
		world.browser,
		async (page) => {
			await options.first?.(page);
			await page.goto(world.app.url + query);
			await use(page);
		},
		options,
	);

test("Chromium reads the manifest without a complaint, and what it names is there", async () => {
	await onPage("", async (page) => {
		const session = await page.context().newCDPSession(page);
		const { errors, data, url } = await session.send("Page.getAppManifest");
		assert.deepEqual([errors, url], [[], `${world.app.url}site.webmanifest`]);
		const manifest = JSON.parse(String(data));
		assert.deepEqual(Object.keys(manifest.file_handlers[0].accept), ["application/x-tar", "application/json"]);
		for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, url))).status, 200, src);
		for (const action of [manifest.file_handlers[0].action, manifest.share_target.action, manifest.start_url])
			assert.equal(new URL(action, url).href, world.app.url);
		const answer = await fetch(url);
		assert.equal(answer.headers.get("content-type"), "application/manifest+json");
	});
});

test("an address of web+oci: is inspected, with either form, and asked for once", async () => {
	for (const form of ["web+oci:", "web+oci://"]) {
		const reference = world.ref("index");
		await onPage(`?oci=${encodeURIComponent(form + reference)}`, async (page) => {
			await rows(page, "index").waitFor();
			assert.doesNotMatch(await headOf(page), /failed/);
			const { search, hash } = new URL(page.url());
			assert.equal(search, "");
			assert.match(decodeURIComponent(hash), new RegExp(reference.replaceAll("/", ".")));
		});
	}
});

test("a shared text is read as in the box: a name is inspected, a document is opened, an address comes last", async () => {
	const shared = (entries) => `?${new URLSearchParams(entries)}`;
	await onPage(shared({ title: "An image", text: world.ref("oci") }), async (page) => {
		await rows(page, "manifest").waitFor();
		assert.equal(new URL(page.url()).search, "");
	});
	const text = readFileSync(join(SAMPLE, "manifest-amd64.json"), "utf8");
	await onPage(shared({ text }), async (page) => {
		await rows(page, "manifest").waitFor();
		assert.equal(new URL(page.url()).search, "");
	});
	await onPage(shared({ other: "x" }), async (page) => {
		await box(page).waitFor();
		assert.equal(await page.getByRole("treeitem").count(), 0);
	});
});

test("a file that the page is launched with is opened, and a launch without one is none", async () => {
	const text = readFileSync(join(SAMPLE, "manifest-amd64.json"), "utf8");
	const launch = (given) => {
		Object.defineProperty(window, "launchQueue", {
			value: {
				async setConsumer(consumer) {
					consumer({ files: [] });
					const file = await (await navigator.storage.getDirectory()).getFileHandle("image.json", { create: true });
					const writer = await file.createWritable();
					await writer.write(given);
					await writer.close();
					consumer({ files: [file] });
				},
			},
		});
	};
	await onPage(
		"",
		async (page) => {
			await rows(page, "manifest").waitFor();
			await page.getByText("image.json").first().waitFor();
		},
		{ first: (page) => page.addInitScript(launch, text) },
	);
});
