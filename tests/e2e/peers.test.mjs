// The README's claims about other tools, if they can be tried here: skopeo checks blobs, not the tars that they unpack to.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { layer } from "../wasm/layer-registry.mjs";
import { descriptor, repository, sha256, TYPES } from "./support/documents.mjs";
import { lies } from "./support/lies.mjs";
import { inspect, verdict } from "./support/page.mjs";
import { removeFolder, run } from "./support/process.mjs";
import { FAILED_LOAD, startWorld } from "./support/world.mjs";

let world;
before(async () => {
	world = await startWorld();
	const repo = repository(world.registry.url, "demo/peers");
	const { blob, mediaType } = layer([["etc/"], ["etc/hosts", "127.0.0.1"]]);
	const rootfs = { type: "layers", diff_ids: [sha256("another tar")] };
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs });
	const layers = [descriptor(await repo.putBlob(mediaType, blob))];
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers };
	await repo.putManifest("wrong-diff-id", TYPES.manifest, document);
});
after(() => world?.stop());

/** Copies with skopeo into a new folder; resolves with what it complained about, or nothing. */
async function copied(reference) {
	const folder = mkdtempSync(join(tmpdir(), "stowplan-peers-"));
	try {
		await run("skopeo", ["copy", "-q", "--src-tls-verify=false", `docker://${reference}`, `dir:${folder}`]);
		return undefined;
	} catch (error) {
		return String(error);
	} finally {
		removeFolder(folder);
	}
}

test("skopeo copies an image with a wrong DiffID without a word; the page says which layer", async () => {
	const reference = `${world.registry.host}/demo/peers:wrong-diff-id`;
	assert.equal(await copied(reference), undefined);
	await world.onPage(async (page) => {
		await inspect(page, reference);
		await verdict(page)
			.getByRole("button", { name: /^Verify layers · / })
			.click();
		await verdict(page).getByText("Layer 1 does not unpack to the DiffID in the config").waitFor();
		await verdict(page).getByText(sha256("another tar")).waitFor();
	});
});

test("skopeo and the page both refuse blobs whose bytes were changed", async () => {
	const reference = `${world.liar.host}/demo/peers:wrong-diff-id`;
	world.liar.reset();
	world.liar.lie(/\/blobs\/sha256/, lies.flipByte(-1));
	assert.match((await copied(reference)) ?? "", /digest|did not match|does not match/i);
	await world.onPage(async (page) => assert.match(await inspect(page, reference), /failed/), { expected: FAILED_LOAD });
});
