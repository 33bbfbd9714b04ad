// The boundary, layers: read in Node from a registry that lies, and each lie shown at its place.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { DIST } from "../e2e/support/app.mjs";
import { starter } from "../e2e/support/starter.mjs";
import { cut, cutAt, digestOf, flipped, layer, longer, noise, ranged, startImage } from "./layer-registry.mjs";
import { api, codeOf } from "./support.mjs";

const start = starter();

const BASE = layer([["etc/"], ["etc/passwd", "root:x:0:0::/:\n"], ["bin/sh", noise(300_000)]]);
const NEXT = layer(
	[
		["etc/passwd", "ann:x:1:1::/:\n"],
		["notes.txt", "hello"],
	],
	{ plain: true },
);
const LAST = layer([["opt/"], ["opt/a", noise(90_000, 2)], ["opt/b", "b"]], { members: 3 });

const image = (layers = [BASE, NEXT, LAST], how) => start(startImage(layers, how));

const layersOf = (report) => report.nodes.filter(({ kind }) => kind === "layer");
const named = (node, id) => node.checks.find((check) => check.id === id);
const outcomes = (node, ...ids) => ids.map((id) => `${id} ${named(node, id)?.outcome}`);
const PROVED = ["digest pass", "size pass", "diff-id pass", "tar pass"];
const proved = (node) => assert.deepEqual(outcomes(node, "digest", "size", "diff-id", "tar"), PROVED);

async function verify(server, options = {}) {
	const before = await api.inspect(server.reference);
	const events = [];
	const onProgress = (event) => events.push(event);
	return { before, events, report: await api.verifyLayers(before, { onProgress, ...options }) };
}

test("the layers of an honest image are proved, and listed", async () => {
	const found = [];
	const server = await image();
	const { before, report, events } = await verify(server, { onLayer: (node) => found.push(node.id) });
	const layers = layersOf(report);
	layers.forEach(proved);
	assert.equal(report.summary.fail, 0, JSON.stringify(layers.map(({ checks }) => checks)));
	assert.ok(layers.every(({ read }) => read));
	assert.deepEqual(
		layers.map(({ entries }) => entries.map(({ name }) => name.replace(/^\.\//, ""))),
		[
			["etc/", "etc/passwd", "bin/sh"],
			["etc/passwd", "notes.txt"],
			["opt/", "opt/a", "opt/b"],
		],
	);
	assert.deepEqual(
		layers.map(({ diffId, unpacked, entryCount, compression }) => [diffId, unpacked, entryCount, compression]),
		[BASE, NEXT, LAST].map((one, n) => [digestOf(one.tar), one.tar.length, [3, 2, 3][n], ["gzip", "none", "gzip"][n]]),
	);
	const [first, second] = layers;
	assert.equal(first.chainId, first.diffId);
	assert.equal(second.chainId, digestOf(`${first.chainId} ${second.diffId}`));
	assert.deepEqual(found.toSorted(), layers.map(({ id }) => id).toSorted());
	assert.ok(
		layersOf(before).every(({ read, entries }) => !read && !entries),
		"the old report stays as it is",
	);
	for (const { id, size, unpacked } of layers) {
		const last = events.filter((event) => event.id === id).at(-1);
		assert.deepEqual([last.state, last.bytes, last.total, last.unpacked], ["done", size, size, unpacked]);
		assert.equal(events.find((event) => event.id === id).state, "waiting");
	}
	assert.equal(server.requests.filter(({ url }) => url.includes("/blobs/")).length, 4, "each blob once");
});

test("a flipped byte fails the digest of its layer, and only that layer", async () => {
	const server = await image();
	server.lies.set(1, flipped(1000));
	const layers = layersOf((await verify(server)).report);
	proved(layers[0]);
	proved(layers[2]);
	const { expected, actual, outcome, source } = named(layers[1], "digest");
	assert.deepEqual([outcome, expected, source], ["fail", digestOf(NEXT.blob), "descriptor"]);
	assert.match(actual, /^sha256:[0-9a-f]{64}$/);
	assert.notEqual(actual, expected);
	assert.equal(layers[1].digest, expected, "the layer keeps the digest that was promised");
	assert.equal(named(layers[1], "diff-id").outcome, "fail");
});

test("a flipped byte in gzip is named where it breaks", async () => {
	const server = await image();
	server.lies.set(0, flipped(BASE.blob.length - 6));
	const [first] = layersOf((await verify(server)).report);
	assert.deepEqual(outcomes(first, "digest", "tar"), ["digest fail", "tar fail"]);
});

test("a layer that failed is verified when it is read again and honest", async () => {
	const server = await image();
	server.lies.set(0, flipped(1000));
	const { report } = await verify(server);
	server.lies.clear();
	const again = await api.verifyLayers(report, { layers: [layersOf(report)[0].id] });
	layersOf(again).forEach(proved);
	assert.equal(again.summary.fail, 0);
});

test("a layer of a registry that is no tar is doubted as one of a file is", async () => {
	const server = await image([{ ...NEXT, blob: Buffer.from("insert content here") }, BASE]);
	const [hollow, base] = layersOf((await verify(server)).report);
	assert.deepEqual(outcomes(hollow, "digest", "size", "diff-id", "tar"), [
		"digest pass",
		"size pass",
		"diff-id not-checked",
		"tar warn",
	]);
	assert.equal(named(hollow, "tar").reason, "hollow");
	proved(base);
});

test("a blob of another type is never explored, even if the same bytes are known as a layer", async () => {
	const rows = async (report) => {
		const files = await api.exploreFiles(report);
		await files.query({ view: "image" });
		const { total } = await files.openAll(true);
		const found = await files.rows(0, total);
		files.close();
		return found.map(({ path }) => path);
	};
	const honest = await image([BASE, NEXT]);
	assert.ok((await rows((await verify(honest)).report)).includes("notes.txt"));
	for (const mediaType of ["application/wasm", "application/vnd.oci.image.layer.nydus.blob.v1"]) {
		const server = await image([BASE, { ...NEXT, mediaType }]);
		const { before, report } = await verify(server);
		for (const one of [before, await api.recallLayers(before), report])
			assert.deepEqual(await rows(one), ["bin", "bin/sh", "etc", "etc/passwd"]);
		const [, other] = layersOf(report);
		assert.deepEqual([other.tar, other.entries, named(other, "tar").reason], [false, undefined, "tar-by-bytes"]);
		assert.equal(report.summary.verdict, "incomplete");
	}
});

test("a wrong DiffID fails with both values", async () => {
	const server = await image(undefined, { diffIds: ([one, , three]) => [one, `sha256:${"0".repeat(64)}`, three] });
	const layers = layersOf((await verify(server)).report);
	const { outcome, expected, actual, source } = named(layers[1], "diff-id");
	assert.deepEqual([outcome, expected, actual], ["fail", `sha256:${"0".repeat(64)}`, digestOf(NEXT.tar)]);
	assert.equal(source, "config");
	assert.equal(layers[1].diffId, expected, "the layer keeps the DiffID that was promised");
	assert.equal(layers[1].chainId, digestOf(`${layers[0].diffId} ${expected}`), "of what was promised");
});

for (const [name, more] of [
	["larger", 1],
	["smaller", -1],
]) {
	test(`a size that is ${name} than the blob fails`, async () => {
		const claim = (one, place) => (place === 1 ? { ...one, size: one.size + more } : one);
		const server = await image(undefined, { claim });
		const [, second] = layersOf((await verify(server)).report);
		assert.deepEqual(outcomes(second, "digest", "size"), ["digest pass", "size fail"]);
	});
}

test("a blob that is too short or too long fails digest and size", async () => {
	const server = await image();
	server.lies.set(0, cut(1000));
	server.lies.set(1, longer(3_000_000));
	const [first, second] = layersOf((await verify(server)).report);
	assert.deepEqual(outcomes(first, "digest", "size", "tar"), ["digest fail", "size fail", "tar fail"]);
	assert.deepEqual(outcomes(second, "digest", "size"), ["digest fail", "size fail"]);
	assert.ok(second.size < NEXT.blob.length + 2_000_000, `${second.size} bytes were read`);
});

test("a cut connection goes on, and all is proved", async () => {
	const server = await image();
	server.lies.set(0, cutAt(70_000));
	const { report, events } = await verify(server);
	layersOf(report).forEach(proved);
	assert.ok(events.some(({ state, reason }) => state === "resuming" && /broke off after 70000/.test(reason)));
	assert.equal(server.gets(0)[1].headers.range, "bytes=70000-");
});

test("what cannot be read is not checked, with the reason, and the rest is", async () => {
	const server = await image();
	server.lies.set(1, (_, response) => response.writeHead(404).end());
	const { report, events } = await verify(server);
	const [first, second, third] = layersOf(report);
	[first, third].forEach(proved);
	assert.equal(second.read, false);
	assert.ok(second.checks.length > 0 && second.checks.every(({ outcome }) => outcome === "not-checked"));
	assert.match(named(second, "digest").message, /has no blob "sha256:[0-9a-f]{64}" in repository "a\/b"/);
	const last = events.filter(({ id }) => id === second.id).at(-1);
	assert.deepEqual([last.state, /has no blob/.test(last.reason)], ["failed", true]);
	assert.notEqual(report.summary.verdict, "verified");
});

test("a registry that wants a token gets one, once", async () => {
	const server = await image();
	const guard = (request, response, blob) => {
		if (request.headers.authorization === "Bearer t") return ranged(request, response, blob);
		const challenge = `Bearer realm="http://${server.host}/token",service="x"`;
		response.writeHead(401, { "www-authenticate": challenge }).end();
	};
	for (const place of [0, 1, 2]) server.lies.set(place, guard);
	const { report } = await verify(server);
	layersOf(report).forEach(proved);
	assert.equal(server.requests.filter(({ url }) => url.startsWith("/token")).length, 1);
});

test("layers with the same bytes are read once, for both", async () => {
	const server = await image([BASE, NEXT, BASE]);
	const { report, events } = await verify(server);
	layersOf(report).forEach(proved);
	assert.equal(server.gets(0).length, 1);
	for (const { id } of layersOf(report)) assert.ok(events.some((event) => event.id === id && event.state === "done"));
});

test("only the layers asked for are read, and as many entries listed as asked for", async () => {
	const server = await image();
	const before = await api.inspect(server.reference);
	const [, { id }] = layersOf(before);
	const report = await api.verifyLayers(before, { layers: [id], entries: 1 });
	assert.deepEqual(
		layersOf(report).map(({ read, entries, entryCount }) => [read, entries?.length, entryCount]),
		[
			[false, undefined, undefined],
			[true, 1, 2],
			[false, undefined, undefined],
		],
	);
});

test("who cancels gets an error at once, and what was read can be kept", async () => {
	const server = await image();
	server.lies.set(0, (_, response, blob) => {
		response.writeHead(200, { "content-length": blob.length });
		response.write(blob.subarray(0, 1000));
	});
	const before = await api.inspect(server.reference);
	const controller = new AbortController();
	const nodes = [];
	const events = [];
	const job = api.verifyLayers(before, {
		signal: controller.signal,
		onLayer: (node) => nodes.push(node),
		onProgress: (event) => events.push(event),
	});
	setTimeout(() => controller.abort(), 300);
	await assert.rejects(job, (error) => codeOf(error) === "aborted");
	assert.ok(events.some(({ state }) => state === "cancelled"));
	const kept = await api.withLayers(before, nodes);
	assert.deepEqual(
		layersOf(kept).map(({ read }) => read),
		[false, true, true],
	);
	await assert.rejects(api.verifyLayers(before, { signal: controller.signal }), (error) => codeOf(error) === "aborted");
});

test("what the caller's callbacks throw is not the layer's failure", async () => {
	const server = await image();
	const thrown = () => {
		throw new Error("the caller's own, on purpose");
	};
	layersOf((await verify(server, { onProgress: thrown, onLayer: thrown })).report).forEach(proved);
});

test("a bomb stops at the cap that the user can raise", async () => {
	const bomb = layer([["zeros", Buffer.alloc(40_000_000)]]);
	const server = await image([bomb]);
	const [stopped] = layersOf((await verify(server, { limits: { unpackedBytes: 1_000_000 } })).report);
	assert.equal(named(stopped, "limits").outcome, "not-checked");
	const [read] = layersOf((await verify(server, { limits: { unpackedBytes: 1e9, ratio: 1e6 } })).report);
	proved(read);
});

test("a file's content comes with its own digest and the verdict of its layer", async () => {
	const server = await image();
	const { report } = await verify(server);
	const [first] = layersOf(report);
	const at = first.entries.findIndex(({ name }) => name === "bin/sh");
	const file = await api.readFile(report, first.id, at, { most: 1000 });
	assert.deepEqual([file.size, file.digest, file.truncated], [300_000, digestOf(noise(300_000)), true]);
	assert.deepEqual(Buffer.from(file.bytes), noise(300_000).subarray(0, 1000));
	assert.deepEqual(
		(await file.verdict).filter(({ id }) => ["digest", "diff-id"].includes(id)).map(({ outcome }) => outcome),
		["pass", "pass"],
	);
	const text = await api.readFile(report, first.id, at - 1);
	assert.deepEqual([String(Buffer.from(text.bytes)), text.truncated], ["root:x:0:0::/:\n", false]);
	await assert.rejects(api.readFile(report, first.id, 99), (error) => codeOf(error) === "not-found");
	await assert.rejects(api.readFile(report, "nowhere", 0), (error) => codeOf(error) === "not-found");
});

/** The results of one worker and of two for the same bytes. */
async function both(spec, blob) {
	const { reader } = await import(pathToFileURL(join(DIST, "www/data-worker.js")).href);
	const quiet = [() => {}, () => {}, () => {}];
	const all = async (id, reading) => {
		const { verdict, index, entries } = await reading;
		return { verdict, index: index && digestOf(index), entries, more: await reader.next(id) };
	};
	const job = (id) => ({ id, spec, entries: 10, bytes: new Uint8Array(blob) });
	const { port1, port2 } = new MessageChannel();
	const one = await all(1, reader.read(job(1), ...quiet));
	const [two] = await Promise.all([all(2, reader.back(job(2), port2)), reader.front(job(2), port1, ...quiet)]);
	return [one, two];
}

const big = layer([["a", noise(3_000_000)], ["b/"], ["b/c", Buffer.alloc(2_000_000)]], { members: 4 });
for (const [name, blob] of /** @type {[string, Buffer][]} */ ([
	["gzip", big.blob],
	["plain", big.tar],
	["cut", big.blob.subarray(0, 1_000_000)],
	["flipped", Buffer.concat([big.blob.subarray(0, 500_000), Buffer.from("x"), big.blob.subarray(500_001)])],
	["no tar", gzipSync(noise(10_000))],
	["empty", Buffer.alloc(0)],
	["trailing garbage", Buffer.concat([big.blob, Buffer.from("garbage")])],
])) {
	test(`${name}: two workers find what one finds`, async () => {
		const spec = { digest: digestOf(big.blob), size: big.blob.length, diffId: digestOf(big.tar) };
		const [one, two] = await both(spec, blob);
		assert.deepEqual(two, one);
		assert.ok(one.verdict.checks.length >= 4);
	});
}
