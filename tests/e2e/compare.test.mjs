// Two images against each other, over a real registry: pairs made for what is the same in them, and lies.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { noise } from "../wasm/layer-registry.mjs";
import { api } from "../wasm/support.mjs";
import { repository, TYPES } from "./support/documents.mjs";
import { startLiar } from "./support/lying-proxy.mjs";
import { pushArtifact, pushImage, tarOf } from "./support/pairs.mjs";
import { startRegistry } from "./support/registry.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let registry;

before(async () => {
	registry = await start(startRegistry());
});

const BASE = {
	tar: tarOf([["etc/"], ["etc/os-release", "ID=test\n"], ["bin/sh", noise(20_000)]]),
	by: "ADD rootfs.tar /",
};
const LIBS = { tar: tarOf([["usr/lib/"], ["usr/lib/a.so", noise(30_000, 2)]]), by: "RUN apt-get install a" };
const APP = {
	tar: tarOf([["app/"], ["app/main.js", "one"], ["app/run", "#!/bin/sh\n", { mode: 0o755 }]]),
	by: "COPY . /app",
};
const later = (files) => tarOf(files.map(([path, content, as]) => [path, content, { ...as, mtime: 1_800_000_000 }]));
const APP_LATER = {
	...APP,
	tar: later([["app/"], ["app/main.js", "one"], ["app/run", "#!/bin/sh\n", { mode: 0o755 }]]),
};
const APP_TWO = { ...APP, tar: tarOf([["app/"], ["app/main.js", "two"], ["app/run", "#!/bin/sh\n", { mode: 0o755 }]]) };
const all = (...layers) => ({ layers });

let pairs = 0;

/** Both images pushed, and compared. */
async function compared(one, other, options = {}, push = pushImage) {
	const name = `pairs/p${++pairs}`;
	await push(registry.url, name, "a", one);
	await push(registry.url, name, "b", other);
	const found = await api.compare(`${registry.host}/${name}:a`, `${registry.host}/${name}:b`, options);
	found.files?.close();
	return found;
}

const PAIRS = [
	["the same image", all(BASE, APP), all(BASE, APP), "digest", "compared-digest-same", "same same"],
	[
		"a manifest written otherwise",
		all(BASE, APP),
		{ ...all(BASE, APP), indent: 3 },
		"manifest",
		"manifest-written-otherwise",
		"same same",
	],
	[
		"gzip of another level",
		all(BASE, APP),
		all(BASE, { ...APP, as: "plain" }),
		"content",
		"layers-recompressed",
		"same recompressed",
	],
	[
		"gzip and zstd",
		all(BASE, APP),
		all({ ...BASE, as: "zstd" }, { ...APP, as: "zstd" }),
		"content",
		"layers-recompressed",
		"recompressed recompressed",
	],
	[
		"other annotations",
		all(BASE),
		{ ...all(BASE), annotations: { "org.opencontainers.image.version": "2" } },
		"content",
		"only-annotations-differ",
		"same",
	],
	[
		"only created",
		all(BASE, APP),
		{ ...all(BASE, APP), created: "2026-02-02T00:00:00Z" },
		"metadata",
		"only-created-differs",
		"same same",
	],
	["timestamps only", all(BASE, APP), all(BASE, APP_LATER), "metadata", "layer-rewrites-files-by", "same changed"],
	[
		"squashed",
		all(LIBS, APP),
		{
			layers: [
				{
					tar: tarOf([
						["app/"],
						["app/main.js", "one"],
						["app/run", "#!/bin/sh\n", { mode: 0o755 }],
						["usr/lib/"],
						["usr/lib/a.so", noise(30_000, 2)],
					]),
				},
			],
		},
		"files",
		"files-in-other-layers",
		"added removed removed",
	],
	[
		"another order, a dot in front of names and the type in modes, as diffoci passes over them",
		all(BASE, APP),
		all(BASE, {
			...APP,
			tar: tarOf([
				["./app/"],
				["./app/run", "#!/bin/sh\n", { mode: 0o100_755 }],
				["./app/main.js", "one", { mode: 0o100_644 }],
			]),
		}),
		"files",
		"files-in-other-layers",
		"same changed",
	],
	["layers in another order", all(LIBS, APP), all(APP, LIBS), "files", "layers-in-other-order", "same moved"],
	["one file", all(BASE, APP), all(BASE, APP_TWO), "differs", "one-file-differs", "same changed"],
	[
		"a mode",
		all(BASE, APP),
		all(BASE, { ...APP, tar: tarOf([["app/"], ["app/main.js", "one"], ["app/run", "#!/bin/sh\n"]]) }),
		"differs",
		"one-file-differs",
		"same changed",
	],
	["the config", all(BASE), { ...all(BASE), config: { User: "app" } }, "differs", "one-member-differs", "same"],
	[
		"a rebuilt base",
		all(BASE, APP),
		all({ ...BASE, tar: tarOf([["etc/"], ["etc/os-release", "ID=next\n"], ["bin/sh", noise(21_000)]]) }, APP),
		"differs",
		"files-differ",
		"changed same",
	],
	["one layer more", all(BASE, APP), all(BASE, LIBS, APP), "differs", "files-differ", "same added same"],
];

for (const [name, one, other, rung, reason, states] of PAIRS) {
	test(`${name}: ${rung}`, async () => {
		const found = await compared(one, other);
		const shown = [found.rung, found.cause.reason, found.layers.map(({ state }) => state).join(" "), found.verdict];
		assert.deepEqual(shown, [rung, reason, states, "compared"], found.cause.message);
	});
}

test("the cause names the layer, its command and how many files", async () => {
	const { cause, files, config } = await compared(all(BASE, APP), all(BASE, APP_LATER));
	assert.equal(cause.message, "layer 2 (COPY . /app) rewrites 2 files whose contents are the same");
	assert.deepEqual([files.added, files.removed, files.changed, files.renamed], [0, 0, 3, 0]);
	assert.deepEqual(config, [], "the history follows from the layers");
});

test("sizes say what pulling costs, and members have paths", async () => {
	const found = await compared(all(BASE, APP), {
		...all(BASE, { ...APP, as: "plain" }, LIBS),
		config: { Env: ["A=1"] },
	});
	const [base, app, libs] = found.layers;
	assert.deepEqual(
		found.layers.map(({ state }) => state),
		["same", "recompressed", "added"],
	);
	assert.equal(found.sizes.pull, libs.sizeB);
	assert.equal(found.sizes.shared, base.sizeB + app.sizeB);
	assert.equal(found.sizes.b, found.sizes.shared + found.sizes.pull);
	assert.deepEqual(found.config, [{ path: "config.Env", b: ["A=1"] }]);
});

test("files are found by state, in a tree, and by growth", async () => {
	const before = all({ tar: tarOf([["app/"], ["app/old", noise(5000, 7)], ["app/gone", "x"], ["etc/a", "same"]]) });
	const after = all({
		tar: tarOf([
			["app/"],
			["app/new", noise(5000, 7)],
			["etc/a", "same"],
			["var/cache/big", noise(90_000, 8)],
			["var/cache/more", noise(9000, 9)],
		]),
	});
	const name = `pairs/p${++pairs}`;
	await pushImage(registry.url, name, "a", before);
	await pushImage(registry.url, name, "b", after);
	const { files } = await api.compare(`${registry.host}/${name}:a`, `${registry.host}/${name}:b`);
	assert.deepEqual([files.added, files.removed, files.changed, files.renamed], [4, 1, 0, 1]);
	const [renamed] = await files.rows({ states: ["renamed"] });
	assert.deepEqual([renamed.path, renamed.from, renamed.growth], ["app/new", "app/old", 0]);
	assert.equal((await files.rows())[0].path, "var/cache/big");
	assert.equal(await files.count({ path: "cache" }), 3);
	assert.deepEqual((await files.tree("var"))[0], {
		...{ name: "cache", path: "var/cache", kind: "dir", state: "added" },
		...{ sizeA: 0, sizeB: 99_000, growth: 99_000, added: 3, removed: 0, changed: 0, children: true },
	});
	assert.equal((await files.growth(3))[0].growth, 90_000);
	files.close();
	await assert.rejects(files.rows(), { code: "aborted" });
});

test("platforms of one index, reports, and artifacts", async () => {
	const repo = repository(registry.url, "pairs/multi");
	const one = await pushImage(registry.url, "pairs/multi", "amd", all(BASE, APP));
	const other = await pushImage(registry.url, "pairs/multi", "arm", { ...all(BASE, APP_TWO), architecture: "arm64" });
	const entry = ({ mediaType, digest, size }, architecture) => ({
		mediaType,
		digest,
		size,
		platform: { os: "linux", architecture },
	});
	await repo.putManifest("multi", TYPES.index, {
		schemaVersion: 2,
		mediaType: TYPES.index,
		manifests: [entry(one, "amd64"), entry(other, "arm64")],
	});
	const reference = `${registry.host}/pairs/multi:multi`;
	const found = await api.compare(reference, reference, { platforms: ["linux/amd64", "linux/arm64"] });
	assert.equal(found.rung, "differs");
	assert.deepEqual([found.a.digest, found.b.digest], [one.digest, other.digest]);
	found.files?.close();
	const inIndex = await api.compare({ reference, platform: "linux/arm64" }, `${registry.host}/pairs/multi:arm`);
	assert.deepEqual([inIndex.rung, inIndex.cause.reason], ["manifest", "same-manifest"]);
	await assert.rejects(api.compare(reference, reference, { platform: "linux/s390x" }), { code: "not-found" });

	const report = await api.verifyLayers(await api.inspect(`${registry.host}/pairs/multi:amd`));
	const same = await api.compare(report, reference);
	assert.equal(same.rung, "manifest");

	const pasted = await api.compare(one.text, `${registry.host}/pairs/multi:amd`, { layers: false });
	assert.deepEqual([pasted.rung, pasted.verdict], ["digest", "compared"], "a manifest that was pasted");

	const artifacts = await compared("one\n", "two\n", {}, pushArtifact);
	assert.deepEqual([artifacts.rung, artifacts.cause.reason, artifacts.files], ["differs", "blobs-differ", undefined]);
	assert.equal((await compared("one\n", "one\n", {}, pushArtifact)).rung, "digest");
});

test("no layer is read without leave, and the cost is told", async () => {
	const found = await compared(
		all(BASE, APP),
		all(BASE, { ...APP_LATER, as: "fast", tar: tarOf([["z", noise(50, 33)]]) }),
		{ layers: false },
	);
	assert.deepEqual(
		[found.verdict, found.rung, found.cause.reason, found.files],
		["incomplete", "differs", "layers-not-read", undefined],
	);
	assert.ok(found.toRead > 0);
	const capped = await compared(all(LIBS), all({ tar: tarOf([["y", noise(5000, 44)]]) }), { maxBytes: 100 });
	assert.deepEqual([capped.verdict, capped.files], ["incomplete", undefined]);
});

test("a digest that does not match fails, and says on which side", async () => {
	const name = `pairs/p${++pairs}`;
	const lie = { tar: tarOf([["lie", noise(3000, 55)]]) };
	await pushImage(registry.url, name, "a", all(BASE));
	const pushed = await pushImage(registry.url, name, "b", all(lie));
	const liar = await start(startLiar(registry.host));
	const { layers } = JSON.parse(pushed.text);
	liar.lie(new RegExp(layers[0].digest), async (truth) => ({
		...(await truth()),
		body: gzipSync(tarOf([["other", "x"]])),
	}));
	const found = await api.compare(`${registry.host}/${name}:a`, `${registry.host}/${name}:b`, { proxy: liar.proxy });
	assert.deepEqual([found.verdict, found.cause.reason], ["failed", "compared-digest-failed"]);
	assert.match(found.cause.message, /second image/);
});

test("a caller can abort, before and while layers are read", async () => {
	const stop = new AbortController();
	stop.abort();
	await assert.rejects(api.compare("a", "b", { signal: stop.signal }), { code: "aborted" });
	const later = new AbortController();
	const onProgress = (/** @type {any} */ { id }) => id !== undefined && later.abort();
	const one = all({ tar: tarOf([["abort", noise(90_000, 66)]]) });
	await assert.rejects(
		compared(one, all({ tar: tarOf([["abort", noise(90_000, 67)]]) }), { signal: later.signal, onProgress }),
		{ code: "aborted" },
	);
});
