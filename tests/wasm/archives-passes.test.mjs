// The boundary, how often archives are read: a compressed one once, a plain one where its blobs lie, and the same is said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { digestOf, noise, tar } from "./layer-registry.mjs";
import { api, checks } from "./support.mjs";

const MIB = 1024 * 1024;
const LARGE = tar([["large", noise(5 * MIB)]]);
const SMALL = tar([
	["etc/", ""],
	["etc/hostname", "stow\n"],
]);

/** Counts how often a file is read from its start, and how much of it. */
class Counted extends File {
	passes = 0;
	parts = 0;
	slice(from = 0, to = this.size, ...rest) {
		this.parts += to - from;
		return super.slice(from, to, ...rest);
	}
	stream() {
		this.passes++;
		return super.stream();
	}
}

/** A docker save, whose documents come last; its layers lie there as they are given. @param {Buffer[]} layers @param {Buffer[]} [files] */
function saved(layers, files = layers) {
	const rootfs = { type: "layers", diff_ids: layers.map(digestOf) };
	const history = layers.map(() => ({ created_by: "RUN make" }));
	const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs, history });
	const paths = layers.map((layer) => `${digestOf(layer).slice(7)}.tar`);
	const manifest = [{ Config: `${digestOf(config).slice(7)}.json`, RepoTags: ["a:1"], Layers: paths }];
	return tar([
		...paths.map((path, at) => /** @type {[string, any]} */ ([path, files[at]])),
		[manifest[0]?.Config ?? "", config],
		["manifest.json", JSON.stringify(manifest)],
	]);
}

const layersOf = (report) => report.nodes.filter(({ kind }) => kind === "layer");
const failures = (report) => report.nodes.flatMap((node) => node.checks.filter(({ outcome }) => outcome === "fail"));

for (const [what, layers] of /** @type {[string, Buffer[]][]} */ ([
	["small", [SMALL, tar([["b", "2"]])]],
	["large, in two workers", [LARGE, SMALL]],
])) {
	test(`a compressed archive, ${what}, is read once: what it is opened with is all that verifying needs`, async () => {
		for (const files of [layers, [layers[0] ?? SMALL, gzipSync(layers[1] ?? SMALL)]]) {
			const plain = saved(layers, files);
			const file = new Counted([gzipSync(plain)], "a.tgz");
			const opened = await api.open(file);
			const verified = await api.verifyLayers(opened);
			assert.equal(file.passes, 1);
			assert.deepEqual(verified.nodes, opened.nodes);
			assert.deepEqual(failures(opened), []);
			const expected = await api.verifyLayers(await api.open(plain, { name: "a.tgz" }));
			assert.deepEqual(
				opened.nodes.slice(1).map((node) => ({ ...node, held: undefined })),
				expected.nodes.slice(1).map((node) => ({ ...node, held: undefined })),
			);
			assert.deepEqual(
				layersOf(opened).map(({ diffId, chainId }) => [diffId, Boolean(chainId)]),
				layers.map((layer) => [digestOf(layer), true]),
			);
			assert.equal(opened.nodes[0].digest, digestOf(Buffer.from(await file.arrayBuffer())));
			assert.equal(opened.nodes[0].unpacked, plain.length);
			const explored = await api.exploreFiles(opened);
			assert.equal((await explored.query({ view: "image" })).unread?.length ?? 0, 0);
			explored.close();
		}
	});
}

test("a layer in a compressed archive that is not what the config says fails without being read again", async () => {
	const other = tar([["etc/hostname", "else\n"]]);
	const file = new Counted([gzipSync(saved([SMALL], [other]))], "a.tgz");
	const report = await api.open(file);
	const [check] = failures(report);
	assert.deepEqual([check.id, check.expected, check.actual], ["diff-id", digestOf(SMALL), digestOf(other)]);
	assert.equal(file.passes, 1);
});

test("a compressed archive over 64 MiB is verified while it is opened, but for compressed layers in it", async () => {
	const large = tar([["large", noise(65 * MIB)]]);
	const packed = gzipSync(saved([large, SMALL], [large, gzipSync(SMALL)]), { level: 0 });
	const file = new Counted([packed], "a.tgz");
	const opened = await api.open(file);
	const [first, second] = layersOf(opened);
	assert.deepEqual([first.read, second.read, file.passes], [true, false, 1]);
	assert.match(checks(opened, "diff-id", "not-checked")[0].message, /at most 67108864 are read unasked/);
	const verified = await api.verifyLayers(opened);
	assert.deepEqual([failures(verified), file.passes], [[], 2]);
	assert.ok(layersOf(verified).every(({ read }) => read));
});

test("a file that only looks like an archive is the layer that it is", async () => {
	for (const content of ["text", noise(5 * MIB)]) {
		const layer = tar([["0f".repeat(32), content]]);
		const report = await api.open(new File([gzipSync(layer)], "layer.tgz"));
		const [node] = report.nodes;
		assert.deepEqual([node.kind, node.diffId, node.entryCount], ["layer", digestOf(layer), 1]);
	}
});

test("a plain archive of a few MiB is read where its blobs lie, and its own digest computed where it is asked for", async () => {
	const bytes = saved([LARGE, SMALL]);
	const file = new Counted([bytes], "a.tar");
	const report = await api.open(file);
	const [root] = report.nodes;
	assert.deepEqual([root.digest, root.read, root.size], [null, false, bytes.length]);
	assert.match(
		root.checks[0].message,
		/^the file has \d+ bytes and was not read whole; what is in it is hashed one by one$/,
	);
	assert.deepEqual([failures(report), layersOf(report).map(({ read }) => read)], [[], [true, true]]);
	assert.equal(file.passes, 0);
	const told = await api.open(new File([bytes], "a.tar"), { expected: digestOf(bytes) });
	assert.equal(told.nodes[0].digest, digestOf(bytes));
	assert.deepEqual([checks(told, "digest", "pass")[0].source, failures(told)], ["user", []]);
	const wrong = await api.open(new File([bytes], "a.tar"), { expected: digestOf("else") });
	assert.deepEqual(
		failures(wrong).map(({ id, actual }) => [id, actual]),
		[["digest", digestOf(bytes)]],
	);
});

test("a layer of a few MiB is read whole, also where it is made of small files", async () => {
	const small = Array.from({ length: 4000 }, (_, at) => /** @type {[string, any]} */ ([`file-${at}`, "x".repeat(600)]));
	for (const [layer, entries] of /** @type {[any, number][]} */ ([
		[LARGE, 1],
		[tar(small), 4000],
	])) {
		const file = new Counted([layer], "layer.tar");
		const { nodes } = await api.open(file);
		assert.deepEqual([nodes[0].kind, nodes[0].diffId, nodes[0].entryCount], ["layer", digestOf(layer), entries]);
		assert.equal(file.passes, 1);
		assert.ok(file.parts < layer.length / 3, `${file.parts} bytes for its headers`);
	}
});

/** A file that can be read so often, and is gone then. */
class Leaving extends Counted {
	left = 0;
	stream() {
		if (this.left-- > 0) return super.stream();
		this.passes++;
		let sent = false;
		return new ReadableStream({
			pull: async (controller) => {
				if (sent) return controller.error(new Error("no such file"));
				sent = true;
				controller.enqueue(new Uint8Array(await this.slice(0, 100).arrayBuffer()));
			},
		});
	}
}

test("a compressed archive that is gone while it is read says so, once", async () => {
	const gone = /^the file can no longer be read at byte \d+: it was changed, moved or removed \(no such file\)$/;
	for (const large of [LARGE, SMALL]) {
		const file = new Leaving([gzipSync(saved([large, tar([["b", "2"]])]))], "a.tgz");
		await assert.rejects(api.open(file), (/** @type {any} */ error) => gone.test(error.message));
		file.left = 1;
		const opened = await api.open(file);
		file.passes = 0;
		const report = await api.verifyLayers(opened, { layers: layersOf(opened).map(({ id }) => id) });
		assert.equal(file.passes, 1);
		for (const { checks: all } of layersOf(report)) {
			const why = all.map(({ outcome, message }) => [outcome, message.replace("the layer could not be read: ", "")]);
			assert.ok(why.length > 1 && why.every(([outcome, message]) => outcome === "not-checked" && gone.test(message)));
		}
	}
});

test("after an abort while a compressed archive is listed in two workers, it can be opened again", async () => {
	const file = new File([gzipSync(saved([LARGE]))], "a.tgz");
	const controller = new AbortController();
	const onProgress = () => setTimeout(() => controller.abort());
	await assert.rejects(
		api.open(file, { signal: controller.signal, onProgress }),
		(/** @type {any} */ error) => error.code === "aborted",
	);
	assert.deepEqual(failures(await api.open(file)), []);
});
