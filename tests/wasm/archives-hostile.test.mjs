// The boundary, archives that mean harm or are merely large: each bounded, in one pass if that can be, and opened whole.

import assert from "node:assert/strict";
import { openAsBlob, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { removeFolder, temporaryFolder } from "../e2e/support/process.mjs";
import { digestOf, noise, tar } from "./layer-registry.mjs";
import { blob, descriptor, layout, oci } from "./layouts.mjs";
import { api, checks } from "./support.mjs";

const MIB = 1024 * 1024;
const failures = (report) => report.nodes.flatMap((node) => node.checks.filter(({ outcome }) => outcome === "fail"));

const LAYERS = ["one", "two", "three"].map((text) => tar([["name", text]]));

/** Counts how often a file is read from its start. */
class Counted extends File {
	passes = 0;
	slice(from = 0, to = this.size, ...rest) {
		if (from === 0 && to > 512) this.passes++;
		return super.slice(from, to, ...rest);
	}
	stream() {
		this.passes++;
		return super.stream();
	}
}

/** @param {any} report */
async function saved(report) {
	/** @type {Uint8Array[]} */
	const parts = [];
	const to = new Writable({
		write(piece, _, done) {
			parts.push(Buffer.from(piece));
			done();
		},
	});
	await api.saveImage(report, { to: Writable.toWeb(to) });
	return Buffer.concat(parts);
}

test("blobs of a compressed archive are saved in one pass, in whatever order they lie, and in few where they are large", async () => {
	const files = layout(LAYERS);
	const many = layout(
		Array.from({ length: 100 }, (_, n) => tar([[`many-${n}`]])),
		"many",
	);
	// Of three such layers one may wait for its turn, and not two.
	const large = layout(
		[1, 2, 3].map((seed) => tar([[`large-${seed}`, noise(20 * MIB, seed)]])),
		"large",
	);
	const reversed = (/** @type {[string, any][]} */ all) => [...all.slice(0, 4), ...all.slice(4).reverse()];
	for (const [own, order, passes] of /** @type {[[string, any][], [string, any][], number][]} */ ([
		[files, files, 1],
		[files, reversed(files), 1],
		[many, reversed(many), 1],
		[large, reversed(large), 2],
	])) {
		const plain = await saved(await api.open(tar(own)));
		const packed = new Counted([gzipSync(tar(order), { level: 1 })], "a.tgz");
		const report = await api.open(packed);
		packed.passes = 0;
		const bytes = await saved(report);
		assert.equal(packed.passes, passes);
		assert.ok(bytes.equals(plain), "the same image gives the same bytes");
	}
});

test("folders and archives that are dropped together are all opened", async () => {
	const folder = (name) => layout([tar([[name, name]])]).map(([path, bytes]) => new File([bytes], `${name}/${path}`));
	const report = await api.open([
		...folder("first"),
		...folder("both/second"),
		new File([tar(layout(LAYERS))], "both/third.tar"),
	]);
	assert.deepEqual(failures(report), []);
	assert.deepEqual(report.roots, ["0", "1", "2"]);
	assert.equal(report.nodes.filter(({ kind }) => kind === "manifest").length, 3);
	assert.equal(report.nodes.filter(({ kind, read }) => kind === "layer" && read).length, 5);
});

test("the contents of a folder are the folder", async () => {
	const report = await api.open(layout(LAYERS).map(([path, bytes]) => new File([bytes], path)));
	assert.deepEqual([failures(report), report.roots], [[], ["0"]]);
	assert.equal(report.nodes.filter(({ kind, read }) => kind === "layer" && read).length, 3);
});

test("caps of a file's own compression can be set, and hold for whatever is read of it", async () => {
	const bytes = gzipSync(tar(layout(LAYERS)));
	const low = await api.open(bytes, { limits: { unpackedBytes: 2048 } });
	assert.match(
		checks(low, "limits", "not-checked")[0].message,
		/unpacks to more than 2048 bytes: a cap that can be raised/,
	);
	const few = await api.open(tar(layout(LAYERS)), { limits: { entries: 2 } });
	assert.match(checks(few, "limits", "not-checked")[0].message, /more than 2 entries: a cap that can be raised/);
	const high = await api.open(bytes, { limits: { unpackedBytes: MIB } });
	assert.deepEqual(failures(high), []);
});

test("a digest that is given is that of a file which is too large to be read unasked", async () => {
	const folder = temporaryFolder("archive");
	try {
		const path = join(folder, "large.tar");
		writeFileSync(path, tar(layout(LAYERS)));
		truncateSync(path, 65 * MIB);
		const bytes = Buffer.alloc(65 * MIB);
		tar(layout(LAYERS)).copy(bytes);
		const report = await api.open(await openAsBlob(path), { expected: digestOf(bytes) });
		assert.deepEqual(failures(report), []);
		const [check] = checks(report, "digest", "pass").filter(({ source }) => source === "user");
		assert.equal(check.actual, digestOf(bytes));
	} finally {
		removeFolder(folder);
	}
});

test("thousands of layers in a small compressed archive do not take thousands of buffers", async () => {
	const layer = tar([["name", "x"]]);
	const rootfs = { type: "layers", diff_ids: Array.from({ length: 900 }, () => digestOf(layer)) };
	const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs, history: [] });
	const images = [0, 1, 2].map((image) => Array.from({ length: 900 }, (_, at) => `${image}-${at}/layer.tar`));
	const manifest = images.map((Layers, at) => ({ Config: "c.json", RepoTags: [`a:${at}`], Layers }));
	/** @type {[string, any][]} */
	const files = [
		["c.json", config],
		["manifest.json", JSON.stringify(manifest)],
		...images.flat().map((path) => /** @type {[string, any]} */ ([path, layer])),
	];
	const before = process.memoryUsage().rss;
	const report = await api.open(gzipSync(tar(files)));
	const grown = process.memoryUsage().rss - before;
	assert.equal(report.nodes.filter(({ kind, read }) => kind === "layer" && read).length, 2700);
	assert.ok(grown < 500 * MIB, `${Math.round(grown / MIB)} MiB`);
});

test("the same file twice, and files that are none of an archive's, keep their places", async () => {
	const bytes = tar(layout(LAYERS));
	const report = await api.open([new File([bytes], "a.tar"), new File([bytes], "a.tar"), new File(["{}"], "b.json")]);
	assert.equal(report.roots.length, 3);
	assert.equal(report.nodes.filter(({ kind, read }) => kind === "layer" && read).length, 6);
	const helm = (name) => `application/vnd.cncf.helm.${name}`;
	const config = Buffer.from('{"name":"app","version":"1.0.0","apiVersion":"v2"}');
	const chart = gzipSync(tar([["app/Chart.yaml", "name: app\n"]]));
	const manifest = Buffer.from(
		JSON.stringify({
			schemaVersion: 2,
			mediaType: oci("manifest.v1+json"),
			config: { mediaType: helm("config.v1+json"), digest: digestOf(config), size: config.length },
			layers: [{ mediaType: helm("chart.content.v1.tar+gzip"), digest: digestOf(chart), size: chart.length }],
		}),
	);
	const index = JSON.stringify({ schemaVersion: 2, manifests: [descriptor("manifest.v1+json", manifest)] });
	const opened = await api.open(
		tar([
			["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
			["index.json", index],
			...[config, manifest, chart].map(blob),
		]),
	);
	assert.deepEqual(failures(opened), []);
	assert.ok(opened.nodes.some(({ digest, checks: all }) => digest === digestOf(chart) && all[0].outcome === "pass"));
});

test("a copy of an archive whose bytes differ is judged by its own bytes, however often both are read", async () => {
	const files = layout(LAYERS);
	const [last] = files.slice(-1);
	const flipped = Buffer.from(last?.[1]);
	flipped[520] ^= 1;
	const copies = [files, [...files.slice(0, -1), /** @type {[string, any]} */ ([last?.[0], flipped])]].map(tar);
	for (const [good, bad] of [copies, copies.map((bytes) => gzipSync(bytes))]) {
		const opened = await api.open([new File([good], "good.tar"), new File([bad], "bad.tar")]);
		const layers = opened.nodes.filter(({ kind }) => kind === "layer").map(({ id }) => id);
		for (const how of [{ layers }, { limits: { entries: 1000 } }]) {
			const report = await api.verifyLayers(opened, how);
			assert.deepEqual(report.nodes, opened.nodes);
			assert.deepEqual(
				failures(report)
					.map(({ id }) => id)
					.sort(),
				["diff-id", "digest"],
			);
		}
	}
});

test("a layer without a stated digest proves nothing, however often it is read", async () => {
	const opened = await api.open(new File([LAYERS[0]], "layer.tar"));
	const again = await api.verifyLayers(opened, { layers: ["0"] });
	const twice = await api.verifyLayers(again, { layers: ["0"] });
	for (const report of [opened, again, twice]) {
		assert.equal(report.summary.verdict, "incomplete");
		const named = report.nodes[0].checks.filter(({ id }) => id === "digest" || id === "diff-id");
		assert.ok(named.length > 0 && named.every(({ outcome }) => outcome === "not-checked"));
		assert.deepEqual(checks(report, "size"), []);
	}
});

test("layers that a damaged compressed archive does not reach fail in one pass, with the reason", async () => {
	const layers = [noise(3 * MIB), noise(MIB, 7)].map((bytes) => tar([["name", bytes]]));
	const files = layout(layers);
	const packed = gzipSync(tar(files));
	// Documents first, so that all of them are known before the damage.
	const half = packed.subarray(0, packed.length - MIB / 2);
	const file = new Counted([half], "cut.tgz");
	const opened = await api.open(file);
	const ids = opened.nodes.filter(({ kind }) => kind === "layer").map(({ id }) => id);
	file.passes = 0;
	const report = await api.verifyLayers(opened, { layers: ids });
	assert.equal(file.passes, 1);
	const [good, cut] = report.nodes.filter(({ kind }) => kind === "layer");
	assert.deepEqual([good.read, cut.read], [true, false]);
	const [check] = cut.checks.filter(({ id }) => id === "digest");
	assert.equal(check.outcome, "not-checked");
	assert.match(
		check.message,
		/^the layer could not be read: the archive could not be unpacked as far as the end of this entry: .*gzip/,
	);
	await assert.rejects(
		api.readFile(report, cut.id, 0).then(({ verdict }) => verdict),
		(/** @type {any} */ error) => /as far as the end of this entry: .*gzip/.test(error.message),
	);
});

/** Opens a layout as a file that is too large to be read unasked. @param {[string, any][]} files @param {(report: any) => Promise<void>} then */
async function opensUnread(files, then) {
	const folder = temporaryFolder("archive");
	try {
		const path = join(folder, "large.tar");
		writeFileSync(path, tar(files));
		truncateSync(path, 65 * MIB);
		const report = await api.open(await openAsBlob(path));
		assert.ok(report.nodes.every(({ kind, read }) => kind !== "layer" || !read));
		await then(report);
	} finally {
		removeFolder(folder);
	}
}

/** The paths of an image's files, as far as its layers are known. @param {any} handle */
async function paths(handle) {
	await handle.update();
	const { total } = await handle.query({ view: "image" });
	return (await handle.rows(0, total)).map(({ name }) => name);
}

test("a size that was not stated is no check, whatever names the blob later", async () => {
	const spare = Buffer.from("named by nothing");
	const [header, index, manifest, ...others] = layout([tar([["sized"]])], "sized");
	const opened = await api.open(tar(/** @type {any} */ ([header, index, manifest, ...others, blob(spare)])));
	const found = opened.nodes.find(({ digest }) => digest === digestOf(spare));
	assert.deepEqual(
		found.checks.map(({ id, outcome }) => [id, outcome]),
		[
			["digest", "pass"],
			["tar", "not-checked"],
		],
	);
	const layer = opened.nodes.find(({ kind }) => kind === "layer");
	assert.equal(layer.checks.find(({ id }) => id === "size").outcome, "pass");
	// A file that is the layer of a manifest that is here has the size that the manifest tells.
	const files = [manifest, ...others].map(([name, bytes]) => new File([bytes], name));
	const loose = await api.open([...files, new File([gzipSync(tar([["other"]]))], "other.tgz")]);
	const sizes = loose.nodes
		.filter(({ kind }) => kind === "layer")
		.map((node) => [node.read, ...checks({ nodes: [node] }, "size")]);
	assert.deepEqual(
		sizes.map(([read, size]) => [read, size?.outcome]),
		[
			[true, "pass"],
			[true, undefined],
		],
	);
});

test("the files of a layer that is not what was claimed are shown where it lies, and stand for no honest one", async () => {
	const honest = layout([tar([["honest", "1"]])], "lie");
	const lie = tar([["forged", "1"]]);
	const lying = honest.map(([path, bytes], at) => /** @type {[string, any]} */ ([path, at === 4 ? lie : bytes]));
	const liar = await api.open(tar(lying));
	assert.deepEqual(
		failures(liar)
			.map(({ id }) => id)
			.sort(),
		["diff-id", "digest"],
	);
	assert.deepEqual(await paths(await api.exploreFiles(liar)), ["forged"]);
	await opensUnread(honest, async (report) => {
		const handle = await api.exploreFiles(report);
		assert.deepEqual([handle.layers, await paths(handle)], [[], []]);
		await api.verifyLayers(report);
		assert.deepEqual(await paths(handle), ["honest"]);
	});
	assert.deepEqual(await paths(await api.exploreFiles(liar)), ["forged"]);
	// A report that was opened before the layer was read shows the layer as it is then.
	await opensUnread(lying, async (report) => {
		const handle = await api.exploreFiles(report);
		await api.verifyLayers(report);
		assert.deepEqual(await paths(handle), ["forged"]);
	});
});

test("the files of a layer that was read in part stand for no other, and it is read again under the usual caps", async () => {
	const files = layout([tar([["first"], ["second"], ["third"]])], "part");
	await opensUnread(files, async (report) => {
		const copy = structuredClone(report);
		const low = await api.verifyLayers(report, { limits: { entries: 2 } });
		const handle = await api.exploreFiles(low);
		assert.deepEqual(await paths(handle), ["first", "second"]);
		assert.deepEqual(await paths(await api.exploreFiles(copy)), []);
		const usual = await api.verifyLayers(low);
		assert.deepEqual(failures(usual), []);
		for (const one of [handle, await api.exploreFiles(usual), await api.exploreFiles(copy)])
			assert.deepEqual(await paths(one), ["first", "second", "third"]);
	});
});

test("a layer without a stated DiffID is read again under the usual caps where others had stopped it", async () => {
	const low = await api.open(gzipSync(tar([["a"], ["b"]])), { limits: { unpackedBytes: 600 } });
	assert.equal(checks(low, "limits", "not-checked").length, 1);
	const usual = await api.verifyLayers(low);
	assert.deepEqual([failures(usual), checks(usual, "tar")[0].outcome], [[], "pass"]);
});

test("a layer that can no longer be read is not read, and claims what was claimed of it", async () => {
	const [file] = layout([tar([["gone"]])], "gone").slice(-1);
	const folder = temporaryFolder("archive");
	const path = join(folder, "a.tar");
	try {
		const lying = layout([tar([["gone", "1"]])], "gone").map(([name, bytes], at) => [
			name,
			at === 4 ? file?.[1] : bytes,
		]);
		writeFileSync(path, tar(/** @type {any} */ (lying)));
		const report = await api.open(await openAsBlob(path));
		const told = report.nodes.find(({ kind }) => kind === "layer");
		assert.equal(told.read, true);
		writeFileSync(path, "changed");
		const gone = await api.verifyLayers(report, { layers: [told.id] });
		const layer = gone.nodes.find(({ id }) => id === told.id);
		const [digest, diffId] = ["digest", "diff-id"].map((id) => layer.checks.find((check) => check.id === id));
		assert.deepEqual(
			[layer.read, digest.outcome, diffId.outcome, layer.digest, layer.diffId],
			[false, "not-checked", "not-checked", digest.expected, diffId.expected],
		);
		assert.ok(!("entries" in layer) && !("unpacked" in layer));
		assert.equal(layer.digest, told.digest, "what was promised stays, read or not");
	} finally {
		removeFolder(folder);
	}
});

/** The files of a layout behind, or before, so much JSON that no other is kept with it. @param {"before" | "behind"} where */
function drowned(where, layers = [tar([["drowned", where]])]) {
	const files = layout(layers, "drowned");
	const filler = Buffer.alloc(7 * MIB, " ");
	filler.write("[]");
	const many = Array.from(
		{ length: 10 },
		(_, n) => /** @type {[string, any]} */ ([`blobs/sha256/${n}${"0".repeat(63)}`, filler]),
	);
	return where === "before" ? [...files, ...many] : [...many, ...files];
}

test("a compressed archive opens whole, however many small files lie before its index", async () => {
	for (const where of /** @type {const} */ (["before", "behind"])) {
		const packed = new Counted([gzipSync(tar(drowned(where)), { level: 1 })], "a.tgz");
		const report = await api.open(packed);
		const spare = failures(report).filter(({ message }) => !message.startsWith("the digest of the layer's bytes"));
		assert.deepEqual(spare, [], where);
		const [layer] = report.nodes.filter(({ kind }) => kind === "layer");
		assert.deepEqual([layer.read, layer.checks.map(({ outcome }) => outcome).includes("fail")], [true, false]);
		assert.deepEqual(checks(report, "diff-id", "pass").length, 1);
		assert.ok(!("asked" in report));
	}
});

test("documents of a compressed archive that are more together than is kept are said to be so", async () => {
	// Each manifest is small and its config large, so that all configs together have more than 64 MiB.
	const images = Array.from({ length: 11 }, (_, n) => {
		const config = Buffer.alloc(7 * MIB, " ");
		config.write(`{"architecture":"a${n}","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}`);
		const manifest = Buffer.from(
			JSON.stringify({
				schemaVersion: 2,
				mediaType: oci("manifest.v1+json"),
				config: descriptor("config.v1+json", config),
				layers: [],
			}),
		);
		return { config, manifest };
	});
	const index = { schemaVersion: 2, manifests: images.map(({ manifest }) => descriptor("manifest.v1+json", manifest)) };
	const blobs = images.flatMap(({ config, manifest }) => [config, manifest].map(blob));
	const frame = /** @type {[string, any][]} */ ([
		["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
		["index.json", JSON.stringify(index)],
	]);
	for (const files of [
		[...frame, ...blobs],
		[...blobs, ...frame],
	]) {
		const report = await api.open(gzipSync(tar(files), { level: 1 }));
		assert.equal(report.nodes.filter(({ kind, read }) => kind === "manifest" && read).length, 11);
		const unread = report.nodes.filter(({ kind, read }) => kind === "config" && !read);
		assert.equal(unread.length, 2);
		for (const {
			checks: [check],
		} of unread)
			assert.match(
				check.message,
				/^not read: .*more small files than are kept, 64 MiB of them: unpack it and open the folder$/,
			);
		assert.ok(failures(report).every(({ message }) => message.startsWith("layers is empty")));
	}
});
