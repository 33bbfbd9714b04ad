// Off the line, benchmark: what a browser loads for the page and a first image, compressed with brotli.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { DIST } from "../e2e/support/app.mjs";
import { withPage } from "../e2e/support/browser.mjs";
import { inspect } from "../e2e/support/page.mjs";

/** Code and styles; samples and the picture in the tab are no part of the 150 KB. */
const COUNTED = /\.(html|js|css|wasm)$/;

export async function assets(world) {
	const names = new Set(["index.html"]);
	await withPage(world.browser, async (page) => {
		page.on("request", (request) => names.add(decodeURIComponent(new URL(request.url()).pathname.slice(1))));
		await page.goto(world.app.url);
		await inspect(page, world.ref("oci"));
	});
	const loaded = [...names].filter((name) => COUNTED.test(name) && !name.startsWith("proxy/")).sort();
	const sizes = await Promise.all(loaded.map(async (name) => [name, compressed(await readFile(join(DIST, name)))]));
	const total = sizes.reduce((sum, [, size]) => sum + Number(size), 0);
	const list = sizes.map(([name, size]) => `${name} ${kilobytes(size)}`).join(", ");
	return [
		{ what: "the page for a first image, brotli", result: `${kilobytes(total)} (${list})`, goal: "at most 150 KB" },
	];
}

const compressed = (bytes) => brotliCompressSync(bytes).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
