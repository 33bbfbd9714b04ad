// The boundary, layers: registries that encode, never end, have nothing, or have it elsewhere; images without layers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { starter } from "../e2e/support/starter.mjs";
import { digestOf, layer, noise, startImage } from "./layer-registry.mjs";
import { api } from "./support.mjs";

const start = starter();

const BASE = layer([["etc/"], ["etc/passwd", "root:x:0:0::/:\n"], ["bin/sh", noise(300_000)]]);
const NEXT = layer([["notes.txt", "hello"]]);

const image = (layers = [BASE, NEXT], how) => start(startImage(layers, how));

const layersOf = (report) => report.nodes.filter(({ kind }) => kind === "layer");
const named = (node, id) => node.checks.find((check) => check.id === id);
const outcomes = (node, ...ids) => ids.map((id) => `${id} ${named(node, id)?.outcome}`);
const verify = async (server, options = {}) => api.verifyLayers(await api.inspect(server.reference), options);

/** The blob, labelled as if it were encoded, as stores behind registries do. @param {Record<string, any>} headers @param {(blob: Buffer) => Buffer} change */
const sent = (headers, change) => (_, response, blob) => {
	const body = change(blob);
	response.writeHead(200, { "content-length": body.length, ...headers }).end(body);
};

for (const workers of [1, 2]) {
	test(`a layer that is unpacked on its way is proved by its DiffID, and said to be (${workers} workers)`, async () => {
		const large = layer([
			["a", noise(9_000_000)],
			["b", Buffer.alloc(9_000_000)],
		]);
		const server = await image([large]);
		server.lies.set(
			0,
			sent({ "content-encoding": "gzip" }, (blob) => blob),
		);
		const [node] = layersOf(await verify(server, { workers }));
		assert.deepEqual(outcomes(node, "digest", "size", "diff-id", "tar", "media-type"), [
			...["digest not-checked", "size not-checked", "diff-id pass", "tar pass", "media-type undefined"],
		]);
		const { message, expected, actual } = named(node, "digest");
		assert.match(message, /^the layer was unpacked on its way \(Content-Encoding: gzip\)/);
		assert.deepEqual([expected, actual], [digestOf(large.blob), digestOf(large.tar)]);
		assert.deepEqual([node.entryCount, node.read], [2, true]);
		server.lies.clear();
		const again = layersOf(await verify(server, { workers }))[0];
		assert.deepEqual(outcomes(again, "digest", "diff-id"), ["digest pass", "diff-id pass"]);
	});
}

test("an encoding around the blob is taken off and nothing is said; a bare tar in its place fails and is named", async () => {
	const server = await image();
	server.lies.set(0, sent({ "content-encoding": "gzip" }, gzipSync));
	server.lies.set(
		1,
		sent({}, () => NEXT.tar),
	);
	const [first, second] = layersOf(await verify(server));
	assert.deepEqual(outcomes(first, "digest", "size", "diff-id", "tar"), [
		...["digest pass", "size pass", "diff-id pass", "tar pass"],
	]);
	assert.deepEqual(outcomes(second, "digest", "size", "diff-id", "tar"), [
		...["digest fail", "size fail", "diff-id pass", "tar pass"],
	]);
	assert.match(named(second, "digest").message, /it is the DiffID: these are the bytes of the layer's tar/);
});

test("the file of a layer that is unpacked on its way is had all the same", async () => {
	const server = await image();
	const report = await verify(server);
	server.lies.set(
		0,
		sent({ "content-encoding": "gzip" }, (blob) => blob),
	);
	const file = await api.readFile(report, layersOf(report)[0].id, 2);
	assert.equal(file.digest, digestOf(noise(300_000)));
	assert.ok((await file.verdict).every(({ outcome }) => outcome !== "fail"));
});

/** Bytes without an end. @param {Buffer} piece */
const endless = (first, piece) => (_, response) => {
	response.writeHead(200);
	response.write(first);
	const more = () => {
		while (!response.destroyed && response.write(piece));
	};
	response.on("drain", more);
	more();
};

for (const [name, piece] of /** @type {[string, Buffer][]} */ ([
	["zeros after the last member", Buffer.alloc(65536)],
	["empty members", Buffer.concat(Array(3000).fill(gzipSync("")))],
	["garbage", noise(65536)],
])) {
	test(`a blob that never ends is left: ${name}`, async () => {
		const server = await image([BASE, NEXT], { claim: ({ size, ...one }, place) => (place ? { ...one, size } : one) });
		server.lies.set(0, endless(BASE.blob, piece));
		server.lies.set(1, endless(NEXT.blob, piece));
		const [unsized, sized] = layersOf(await verify(server, { limits: { unpackedBytes: 5_000_000 } }));
		assert.equal(unsized.read, false);
		assert.ok(unsized.checks.some(({ id, outcome }) => id === "limits" && outcome === "not-checked"));
		const { outcome, message } = named(unsized, "digest");
		assert.equal(outcome, "not-checked");
		assert.match(message, /the layer has more than 5000000 bytes: a cap that can be raised \(unpackedBytes\)$/);
		assert.deepEqual(outcomes(sized, "digest", "size"), ["digest fail", "size fail"]);
	});
}

test("a layer that lies elsewhere is not checked, and the place is named", async () => {
	const mediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
	const urls = ["https://example.com/windows.tar.gz"];
	const server = await image([BASE, NEXT], { claim: (one, place) => (place ? one : { ...one, mediaType, urls }) });
	server.lies.set(0, (_, response) => response.writeHead(404).end());
	const [first, second] = layersOf(await verify(server));
	assert.deepEqual(outcomes(first, "digest", "diff-id"), ["digest not-checked", "diff-id not-checked"]);
	assert.match(
		named(first, "digest").message,
		/has no blob .*; its descriptor names another place, https:\/\/example\.com\/windows\.tar\.gz, from which nothing is fetched here$/,
	);
	assert.deepEqual(outcomes(second, "digest", "diff-id"), ["digest pass", "diff-id pass"]);
});

test("an image without layers has nothing to read and no files", async () => {
	const server = await image([]);
	const report = await verify(server);
	assert.deepEqual(layersOf(report), []);
	const files = await api.exploreFiles(report);
	assert.deepEqual([(await files.query({ view: "image" })).total, await files.findings()], [0, []]);
	assert.equal((await files.sizes()).efficiency, 1);
	files.close();
});

test("names without an end are listed as far as they can be borne", async () => {
	const long = Array.from({ length: 20 }, (_, n) => [
		["././@LongLink", `${n}${"n".repeat(1024 * 1024 - 10)}\0`, { type: "L" }],
		["x", "y"],
	]);
	const server = await image([layer(/** @type {any} */ (long.flat()))]);
	const [node] = layersOf(await verify(server, { entries: 2000 }));
	// No file system takes such a name.
	assert.deepEqual([node.entryCount, named(node, "tar").reason], [20, "name-too-long"]);
	assert.ok(JSON.stringify(node.entries).length < 9_000_000, `${node.entries.length} entries`);
});

test("an owner, a time and a size beyond what JavaScript holds are rounded, and nothing throws", async () => {
	const claims = { uid: "9223372036854775807", gid: "9007199254740993", mtime: "-9223372036854775808" };
	const record = (/** @type {string} */ text) => {
		const length = text.length + 2;
		return `${length + String(length + String(length).length).length} ${text}\n`;
	};
	const sparse = [
		"GNU.sparse.major=1",
		"GNU.sparse.minor=0",
		"GNU.sparse.name=b",
		"GNU.sparse.realsize=9223372036854775807",
	];
	const records = [...Object.entries(claims).map(([name, value]) => `${name}=${value}`), ...sparse];
	const map = Buffer.alloc(512);
	map.write("1\n0\n1\n");
	const odd = layer([
		["PaxHeaders/x", records.map(record).join(""), { type: "x" }],
		["GNUSparseFile.0/b", Buffer.concat([map, Buffer.from("x")])],
	]);
	for (const workers of [1, 2]) {
		const report = await verify(await image([odd]), { workers });
		const [node] = layersOf(report);
		assert.deepEqual(outcomes(node, "digest", "diff-id"), ["digest pass", "diff-id pass"]);
		const [{ uid, gid, mtime, size }] = node.entries;
		assert.deepEqual([uid, gid, mtime, size], [0, 1, -(2 ** 63), 2 ** 63]);
		const files = await api.exploreFiles(report);
		await files.query({ view: "all" });
		const [row] = await files.rows(0, 1);
		assert.equal(row.uid, 0, "the owner that engines give: 32 bits of what is written");
		files.close();
	}
});
