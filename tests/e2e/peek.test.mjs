// Layers by their tables of contents, before they are downloaded: what that costs, what is proved, what is refused.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { api } from "../wasm/support.mjs";
import { stargz } from "./support/artifacts.mjs";
import { turnChinese, zh } from "./support/chinese.mjs";
import { descriptor, repository, sha256, TYPES } from "./support/documents.mjs";
import { inspect, openSection } from "./support/page.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { listen, temporaryFolder } from "./support/process.mjs";
import { stowplan } from "./support/program.mjs";
import { startWorld } from "./support/world.mjs";

const TOC = "containerd.io/snapshot/stargz/toc.digest";
const FILES = { "etc/motd": "welcome\n", "usr/share/doc": "words ".repeat(1000) };
const LAYER = stargz(FILES, randomBytes(12_000_000));

/** A file, a second version of it at the end, and between them what no compressor makes smaller. */
const PLAIN = tarOf([
	["etc/os-release", "ID=first\n"],
	["srv/"],
	["noise", randomBytes(40_000_000)],
	["etc/os-release", "ID=second\n"],
]);

let world;
before(async () => {
	world = await startWorld();
	await pushImage(world.registry.url, "peek/plain", "v1", { layers: [{ tar: PLAIN, as: "fast" }] });
	const repo = repository(world.registry.url, "peek/app");
	const config = descriptor(await repo.putBlob(TYPES.config, CONFIG));
	const blob = await repo.putBlob(TYPES.layer, LAYER.blob);
	for (const [tag, digest] of [
		["v1", LAYER.digest],
		["lie", sha256("another table")],
	]) {
		const layers = [descriptor(blob, { annotations: { [TOC]: digest } })];
		await repo.putManifest(tag, TYPES.manifest, { schemaVersion: 2, mediaType: TYPES.manifest, config, layers });
	}
});
after(() => world?.stop());

const CONFIG = {
	architecture: "amd64",
	os: "linux",
	rootfs: { type: "layers", diff_ids: [sha256("not read here")] },
};
const layerOf = ({ nodes }) => nodes.find(({ kind }) => kind === "layer").id;
const reference = (tag = "v1") => `${world.registry.host}/peek/app:${tag}`;

/** @param {any} files */
async function rowsOf(files) {
	await files.query({ view: "image" });
	await files.openAll(true);
	return files.rows(0, 50);
}

test("a layer is listed by parts, and a file of it is proved by its chunk", async () => {
	const report = await api.inspect(reference());
	const found = await api.peekLayer(report, layerOf(report));
	const rows = await rowsOf(found.files);
	assert.deepEqual(
		rows.filter(({ kind }) => kind === "file").map(({ path, size }) => [path, size]),
		[
			["etc/motd", 8],
			["usr/share/doc", 6000],
		],
	);
	const { at } = rows.find(({ path }) => path === "etc/motd");
	assert.equal(Buffer.from(await found.read(at)).toString(), FILES["etc/motd"]);
	const { requests, bytes } = found.told();
	assert.ok(requests <= 3 && bytes < 1_000_000, `${requests} requests, ${bytes} bytes of 12 MB`);
	found.close();
	// Nothing of this counts for the layer.
	assert.equal(report.nodes.find(({ kind }) => kind === "layer").read, false);
});

test("a table that the manifest does not prove lists nothing, and neither does a layer without one", async () => {
	const lie = await api.inspect(reference("lie"));
	await assert.rejects(api.peekLayer(lie, layerOf(lie)), { code: "unsupported-input" });
	const plain = await api.inspect(world.ref("oci"));
	await assert.rejects(api.peekLayer(plain, layerOf(plain)), { code: "unsupported-input" });
});

test("a layer of 1 GiB takes at most three requests and 1 MB", async () => {
	const size = 1024 ** 3;
	const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`usr/lib/f${at}`, `content ${at}`]));
	const { tail, digest } = stargz(many, undefined, size);
	const total = size + tail.length;
	const config = Buffer.from(JSON.stringify(CONFIG));
	const about = (mediaType, bytes) => ({ mediaType, digest: sha256(bytes), size: bytes.length });
	const layer = {
		mediaType: TYPES.layer,
		digest: sha256("a blob of 1 GiB"),
		size: total,
		annotations: { [TOC]: digest },
	};
	const manifest = Buffer.from(
		JSON.stringify({
			schemaVersion: 2,
			mediaType: TYPES.manifest,
			config: about(TYPES.config, config),
			layers: [layer],
		}),
	);
	const { host, stop } = await listen(
		createServer(({ url = "", headers }, response) => {
			if (url.includes("/manifests/")) return response.writeHead(200, { "content-type": TYPES.manifest }).end(manifest);
			if (url.endsWith(sha256(config))) return response.writeHead(200).end(config);
			const [, from, to] = (/^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? []).map(Number);
			if (!(from >= size)) return response.writeHead(416).end();
			response.writeHead(206, { "content-range": `bytes ${from}-${to}/${total}` });
			return response.end(tail.subarray(from - size, to + 1 - size));
		}),
	);
	try {
		const report = await api.inspect(`${host}/big/app:1`);
		const found = await api.peekLayer(report, layerOf(report));
		const { at } = (await rowsOf(found.files)).find(({ kind }) => kind === "file");
		await found.read(at);
		const { requests, bytes } = found.told();
		assert.ok(requests <= 3 && bytes <= 1_000_000, `${requests} requests, ${bytes} bytes`);
		found.close();
	} finally {
		await stop();
	}
});

test("the page lists a layer before it is downloaded", () =>
	world.onPage(async (page) => {
		await inspect(page, reference());
		const panel = await openSection(page, "Files");
		await panel.getByRole("button", { name: /^Peek into layer 1/ }).click();
		await panel.locator("[data-requests]").waitFor();
		await page.getByRole("searchbox", { name: "Path" }).first().fill("motd");
		await panel.getByRole("row", { name: /motd/ }).dblclick();
		await panel.getByText("welcome").waitFor();
		await panel.getByText(/Each chunk of this file has the digest/).waitFor();
	}));

const plain = () => `${world.registry.host}/peek/plain:v1`;

test("one file of a plain layer ends the download, and proves nothing", async () => {
	const report = await api.inspect(plain());
	const found = await api.peekFile(report, layerOf(report), "etc/os-release");
	assert.deepEqual([Buffer.from(found.bytes).toString(), found.kind, found.at], ["ID=first\n", "file", 0]);
	assert.deepEqual(
		[found.check.id, found.check.outcome, found.check.reason],
		["digest", "not-checked", "first-entry-only"],
	);
	assert.ok(found.read < 1_000_000 && found.of > 40_000_000, `${found.read} of ${found.of}`);
	assert.equal(report.nodes.find(({ kind }) => kind === "layer").read, false);
	await assert.rejects(api.peekFile(report, layerOf(report), "etc/none"), { code: "not-found" });
	await assert.rejects(api.peekFile(report, "none", "etc/none"), { code: "not-found" });
	await assert.rejects(api.peekFile(report, report.roots[0], "a"), { code: "unsupported-input" });
	const stop = new AbortController();
	stop.abort();
	const signal = stop.signal;
	await assert.rejects(api.peekFile(report, layerOf(report), "etc/none", { signal }), { code: "aborted" });
});

test("what comes behind the file is not even sent", async () => {
	const blob = gzipSync(PLAIN, { level: 1 });
	const config = Buffer.from(JSON.stringify(CONFIG));
	const about = (mediaType, bytes) => ({ mediaType, digest: sha256(bytes), size: bytes.length });
	const layers = [about(TYPES.layer, blob)];
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: about(TYPES.config, config), layers };
	let sent = 0;
	const { host, stop } = await listen(
		createServer((request, response) => {
			const { url = "" } = request;
			if (url.includes("/manifests/")) {
				response.writeHead(200, { "content-type": TYPES.manifest });
				return response.end(JSON.stringify(document));
			}
			if (url.endsWith(sha256(config))) return response.writeHead(200).end(config);
			response.writeHead(200, { "content-length": blob.length });
			const more = () => {
				while (sent < blob.length && !response.destroyed) {
					const piece = blob.subarray(sent, sent + 65_536);
					sent += piece.length;
					if (!response.write(piece)) return response.once("drain", more);
				}
				return response.end();
			};
			return more();
		}),
	);
	try {
		const report = await api.inspect(`${host}/peek/plain:1`);
		await api.peekFile(report, layerOf(report), "etc/os-release");
		assert.ok(sent < 20_000_000, `${sent} of ${blob.length}`);
	} finally {
		await stop();
	}
});

test("the program prints the file and says that nothing is proved", async () => {
	const { code, out, err } = await stowplan(["peek", plain(), "etc/os-release", "--layer", "1"]);
	assert.deepEqual([code, out], [2, "ID=first\n"]);
	assert.match(err, /^not proved: /);
	const json = await stowplan(["peek", plain(), "etc/os-release", "--layer", "1", "--json"]);
	assert.equal(JSON.parse(json.out).check.reason, "first-entry-only");
	assert.equal((await stowplan(["peek", plain(), "etc/os-release"])).code, 3);
	assert.equal((await stowplan(["peek", plain(), "etc/none", "--layer", "1"])).code, 3);
	const place = join(temporaryFolder("peek"), "file");
	await stowplan(["peek", plain(), "etc/os-release", "--layer", "1", "--output", place]);
	assert.equal(await readFile(place, "utf8"), "ID=first\n");
	// An entry that is no file has no content, and leaves the present one.
	const folder = await stowplan(["peek", plain(), "srv", "--layer", "1", "--output", place]);
	assert.deepEqual([folder.code, folder.out, await readFile(place, "utf8")], [2, "srv is no file\n", "ID=first\n"]);
});

test("the page reads one file of a layer, and says in both languages that the layer is not proved", () =>
	world.onPage(async (page) => {
		await inspect(page, plain());
		const panel = await openSection(page, "Files");
		await panel.getByText("Read one file without the whole layer").click();
		await panel.locator("stow-first-file input[name=path]").fill("etc/os-release");
		await panel.getByRole("button", { name: "Read this file" }).click();
		await panel.getByText("ID=first").waitFor();
		assert.ok(Number(await panel.locator("[data-read]").getAttribute("data-read")) < 1_000_000);
		await panel.getByText(/Layer 1: .*the layer is not proved, and a later entry may replace this one/).waitFor();
		await turnChinese(page);
		await panel.getByText(zh("first.hint")).waitFor();
		await panel.getByText(/第 1 层：.*该层未经证明/).waitFor();
		await panel.locator("stow-first-file input[name=path]").fill("etc/none");
		await panel.getByRole("button", { name: zh("first.read") }).click();
		await panel.locator("stow-first-file [role=alert]").waitFor();
	}));
