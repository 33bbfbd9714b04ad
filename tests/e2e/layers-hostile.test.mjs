// In the page: layers that come slowly, that are unpacked on their way, and images that have none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { layer, noise } from "../wasm/layer-registry.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { lies } from "./support/lies.mjs";
import { headOf, inspect, openSection, openTab, verifyButton } from "./support/page.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

const LAYERS = [
	layer([["a", noise(600_000)], ["etc/"]]),
	layer([["b", noise(600_000, 2)]]),
	layer([["c", "c"]], { plain: true }),
];

let world;
before(async () => {
	world = await startWorld();
	await pushed("v1", LAYERS);
	await pushed("none", []);
});
after(() => world?.stop());

/** @param {string} tag @param {ReturnType<typeof layer>[]} layers */
async function pushed(tag, layers) {
	const repo = repository(world.registry.url, "demo/hostile");
	const rootfs = { type: "layers", diff_ids: layers.map(({ tar }) => sha256(tar)) };
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs });
	const blobs = [];
	for (const { blob, mediaType } of layers) blobs.push(await repo.putBlob(mediaType, blob));
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: blobs };
	await repo.putManifest(tag, TYPES.manifest, document);
}

const reference = (tag) => `${world.liar.host}/demo/hostile:${tag}`;
/** Reads what is left of the three layers. @param {string} [done] how many are verified before, as a pattern */
async function start(page, done = "0") {
	assert.match(await headOf(page), new RegExp(`\\b${done} of 3 verified`));
	await verifyButton(page).click();
}
const progress = (page) => page.getByRole("region", { name: "Progress" });

test("each layer that is read shows how far it is, and a cancel ends that at once", () =>
	world.onPage(
		async (page) => {
			world.liar.reset();
			await inspect(page, reference("v1"));
			for (const { blob } of LAYERS.slice(0, 2)) world.liar.lie(new RegExp(sha256(blob)), lies.trickle(60));
			await start(page);
			for (const n of [1, 2]) {
				const line = progress(page)
					.getByRole("listitem")
					.filter({ hasText: `Layer ${n} ` });
				await line.getByText(/KiB of 58\d KiB, .*\/s/).waitFor();
				await line.getByRole("progressbar", { name: `Layer ${n}` }).waitFor();
			}
			await page.getByRole("button", { name: "Cancel" }).click();
			await progress(page).waitFor({ state: "detached" });
			world.liar.reset();
			await start(page, "[01]");
			await progress(page).waitFor({ state: "detached" });
			assert.doesNotMatch(await headOf(page), /failed|0 of/);
		},
		{ expected: FAILED_LOAD },
	));

test("a layer that was unpacked on its way is not checked, with the reason, and its files are there", () =>
	world.onPage(async (page) => {
		world.liar.reset();
		await inspect(page, reference("v1"));
		world.liar.lie(new RegExp(sha256(LAYERS[0].blob)), lies.header("content-encoding", "gzip"));
		await start(page);
		await progress(page).waitFor({ state: "detached" });
		assert.doesNotMatch(await headOf(page), /failed/);
		const text = await (await openTab(page, "layer", /checks/i, 0)).innerText();
		assert.doesNotMatch(text, /digest of the layer's bytes is not the one/);
		assert.match(text, /the bytes of the layer.s tar: the registry or a proxy unpacked the layer on its way/);
		assert.match(text, /the digest of the unpacked tar is the DiffID given by the config/);
		await openSection(page, "Files");
		await page.getByRole("treegrid", { name: "Files" }).getByRole("row", { name: /etc\// }).waitFor();
	}));

test("an image without layers offers nothing to read", () =>
	world.onPage(async (page) => {
		world.liar.reset();
		await inspect(page, reference("none"));
		assert.equal(await verifyButton(page).count(), 0);
		const panel = await openSection(page, "Files");
		await panel
			.getByText(/No layer|no layer/)
			.first()
			.waitFor();
	}));
