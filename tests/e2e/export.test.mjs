// Exports from an image: a layer as a tar byte for byte, chosen paths that tar unpacks, the changes of a layer; only proved bytes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { layer } from "../wasm/layer-registry.mjs";
import { api } from "../wasm/support.mjs";
import { descriptor, repository, sha256, TYPES } from "./support/documents.mjs";
import { inspect, openSection } from "./support/page.mjs";
import { removeFolder, temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";
import { startWorld } from "./support/world.mjs";

const LAYERS = [
	layer([
		["etc/"],
		["etc/passwd", "root"],
		["etc/old", "old"],
		["usr/bin/su", Buffer.alloc(300_000, "x"), { mode: 0o4755 }],
		[`deep/${"d".repeat(90)}/file`, "deep"],
	]),
	layer([["etc/passwd", "root and me"], ["etc/.wh.old"], ["usr/bin/rsu", "", { type: "1", link: "usr/bin/su" }]], {
		plain: true,
	}),
];

let world, folder;
before(async () => {
	folder = temporaryFolder("export");
	world = await startWorld();
	const repo = repository(world.registry.url, "demo/export");
	const rootfs = { type: "layers", diff_ids: LAYERS.map(({ tar }) => sha256(tar)) };
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs });
	const layers = [];
	for (const { blob, mediaType } of LAYERS) layers.push(await repo.putBlob(mediaType, blob));
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers };
	await repo.putManifest("v1", TYPES.manifest, document);
});
after(async () => {
	removeFolder(folder);
	await world?.stop();
});

const reference = () => `${world.registry.host}/demo/export:v1`;
const idsOf = ({ nodes }) => nodes.flatMap(({ kind, id }) => (kind === "layer" ? id : []));

/** All that a stream gives. */
async function bytesOf({ stream }) {
	const pieces = [];
	for await (const piece of stream) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** The paths and contents that tar unpacks from an archive. */
function unpacked(bytes, name) {
	const to = join(folder, name);
	mkdirSync(to);
	writeFileSync(`${to}.tar`, bytes);
	execFileSync("tar", ["-xpf", `${to}.tar`, "-C", to]);
	return Object.fromEntries(
		readdirSync(to, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
			.map((path) => [path.slice(to.length + 1), readFileSync(path, "latin1").slice(0, 20)]),
	);
}

test("a layer is its tar, whatever it was compressed with", async () => {
	const report = await api.inspect(reference());
	for (const [at, id] of idsOf(report).entries()) {
		assert.deepEqual(await bytesOf(await api.saveTar(report, { layer: id })), LAYERS[at].tar, `layer ${at}`);
	}
});

test("chosen paths are those that a container sees, and a hard link brings its file", async () => {
	const report = await api.inspect(reference());
	const etc = await api.saveTar(report, { paths: ["/etc", `deep/${"d".repeat(90)}`, "nothing"] });
	assert.deepEqual([etc.missing, etc.layers, etc.linked], [["nothing"], 2, 0]);
	assert.deepEqual(unpacked(await bytesOf(etc), "etc"), {
		[`deep/${"d".repeat(90)}/file`]: "deep",
		"etc/passwd": "root and me",
	});
	const link = await api.saveTar(report, { paths: ["usr/bin/rsu"] });
	assert.equal(link.linked, 1);
	assert.deepEqual(Object.keys(unpacked(await bytesOf(link), "link")).toSorted(), ["usr/bin/rsu", "usr/bin/su"]);
	assert.equal(statSync(join(folder, "link/usr/bin/su")).mode & 0o777, 0o755);
	const [first] = idsOf(report);
	const own = unpacked(await bytesOf(await api.saveTar(report, { layer: first, paths: ["etc"] })), "own");
	assert.deepEqual(own, { "etc/passwd": "root", "etc/old": "old" });
	await assert.rejects(api.saveTar(report, { paths: ["nothing"] }), { code: "not-found" });
	await assert.rejects(api.saveTar(report, { layer: "none" }), { code: "not-found" });
});

test("changes of a layer say what was there before", async () => {
	const report = await api.inspect(reference());
	const found = await api.layerChanges(report, idsOf(report)[1]);
	assert.deepEqual([found.schema, found.layer, found.diffId], [1, 1, sha256(LAYERS[1].tar)]);
	assert.deepEqual(
		found.changes.map(({ path, change, kind, size, before }) => [
			path,
			change,
			kind,
			size,
			before?.layer,
			before?.size,
		]),
		[
			["etc/old", "removed", "whiteout", 0, 0, 3],
			["etc/passwd", "changed", "file", 11, 0, 4],
			["usr/bin/rsu", "added", "link", 300_000, undefined, undefined],
		],
	);
});

test("a layer that is not what was promised ends the stream, and an abort does", async () => {
	const { digest } = descriptor({ ...LAYERS[0], digest: sha256(LAYERS[0].blob), size: LAYERS[0].blob.length });
	world.liar.lie(new RegExp(`/blobs/${digest}`), async (truth) => ({
		...(await truth()),
		body: gzipSync(Buffer.concat([LAYERS[0].tar.subarray(0, 3072), Buffer.alloc(1024)])),
	}));
	try {
		const report = await api.inspect(`${world.liar.host}/demo/export:v1`);
		await assert.rejects(bytesOf(await api.saveTar(report, { layer: idsOf(report)[0] })), { code: "digest-mismatch" });
	} finally {
		world.liar.reset();
	}
	const stop = new AbortController();
	stop.abort();
	const report = await api.inspect(reference());
	await assert.rejects(api.saveTar(report, { layer: idsOf(report)[0], signal: stop.signal }), { code: "aborted" });
});

test("the program writes tars and changes", async () => {
	const file = join(folder, "program.tar");
	const told = await stowplan(["export", reference(), "--path", "etc/passwd", "-o", file]);
	assert.equal(told.code, 0, told.err);
	assert.deepEqual(unpacked(readFileSync(file), "program"), { "etc/passwd": "root and me" });
	const whole = join(folder, "layer.tar");
	assert.equal((await stowplan(["export", reference(), "--layer", "2", "-o", whole])).code, 0);
	assert.deepEqual(readFileSync(whole), LAYERS[1].tar);
	const { out } = await stowplan(["export", reference(), "--layer", "2", "--changes"]);
	assert.equal(JSON.parse(out).changes.length, 3);
	assert.equal((await stowplan(["export", reference(), "-o", whole])).code, 3);
	const gone = join(folder, "gone.tar");
	assert.equal((await stowplan(["export", reference(), "--path", "nothing", "-o", gone])).code, 3);
	assert.equal(existsSync(gone), false, "nothing is left behind");
});

test("the page saves what is listed, a path, a layer and its changes", () =>
	world.onPage(async (page) => {
		await inspect(page, reference());
		const panel = await openSection(page, "Files");
		await panel.getByRole("button", { name: /^Verify 2 layers to list their files, / }).click();
		await panel.getByRole("row", { name: /etc\// }).waitFor();
		// Without the browser's dialog for files, what is saved is a download.
		await page.evaluate(() => Reflect.deleteProperty(globalThis, "showSaveFilePicker"));
		const saved = async (/** @type {RegExp} */ name) => {
			const button = panel.getByRole("button", { name });
			const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
			return [download.suggestedFilename(), readFileSync(await download.path())];
		};
		await page.getByRole("searchbox", { name: "Path" }).fill("passwd");
		await panel.getByText(/^1 of \d+ entries$/).waitFor();
		const [name, listed] = await saved(/^Save 1 listed entry as tar$/);
		assert.match(name, /\.tar$/);
		assert.deepEqual(unpacked(listed, "listed"), { "etc/passwd": "root and me" });
		await panel.getByText("The tar is saved. Its layer was hashed on the way.").waitFor();
		await panel.getByRole("row", { name: /passwd/ }).click();
		assert.deepEqual(unpacked((await saved(/^Save as tar$/))[1], "path"), { "etc/passwd": "root and me" });
		await page.getByRole("searchbox", { name: "Path" }).fill("");
		await panel.getByRole("button", { name: "One layer", exact: true }).click();
		const [layerName, whole] = await saved(/^Save layer 2 as tar$/);
		assert.match(layerName, /-layer-2\.tar$/);
		assert.deepEqual(whole, LAYERS[1].tar);
		const [changesName, changes] = await saved(/^Save its changes as JSON$/);
		assert.match(changesName, /\.changes\.json$/);
		assert.equal(JSON.parse(String(changes)).changes.length, 3);
	}));
