// The boundary, archives and folders made by hand: each lie at its place, compressed ones in one pass, large ones in place.

import assert from "node:assert/strict";
import { closeSync, openAsBlob, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { removeFolder, temporaryFolder } from "../e2e/support/process.mjs";
import { digestOf, header, noise, tar } from "./layer-registry.mjs";
import { api, checks, codeOf, only } from "./support.mjs";

const MIB = 1024 * 1024;
const LAYER = tar([
	["etc/", ""],
	["etc/hostname", "stow\n"],
]);

/** @param {Buffer[]} layers their tars */
const configOf = (layers) =>
	JSON.stringify({
		architecture: "amd64",
		os: "linux",
		rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
		history: layers.map(() => ({ created_by: "RUN make" })),
	});

/** The entries of a docker save of one image; `files` are its layers as they lie there. @param {Buffer[]} files */
function saved(files = [LAYER], config = configOf(files)) {
	const name = `${digestOf(config).slice(7)}.json`;
	const paths = files.map((_, at) => (at === 0 ? "top/layer.tar" : `l${at}/layer.tar`));
	const manifest = JSON.stringify([{ Config: name, RepoTags: ["a:1"], Layers: paths }]);
	return /** @type {any[]} */ ([
		[name, config],
		...paths.map((path, at) => [path, files[at]]),
		["manifest.json", manifest],
	]);
}

/** The files of an OCI layout with one image. @param {{ layer?: Buffer, mediaType?: string, config?: string, more?: any[] }} [image] */
function layout({
	layer = LAYER,
	mediaType = "application/vnd.oci.image.layer.v1.tar",
	config = configOf([LAYER]),
	more = [],
} = {}) {
	const descriptor = (type, bytes) => ({ mediaType: type, digest: digestOf(bytes), size: bytes.length });
	const oci = (name) => `application/vnd.oci.image.${name}.v1+json`;
	const manifest = Buffer.from(
		JSON.stringify({
			...{ schemaVersion: 2, mediaType: oci("manifest"), config: descriptor(oci("config"), Buffer.from(config)) },
			layers: [descriptor(mediaType, layer)],
		}),
	);
	const index = JSON.stringify({ schemaVersion: 2, manifests: [descriptor(oci("manifest"), manifest)] });
	const blob = (bytes) => [`blobs/sha256/${digestOf(bytes).slice(7)}`, bytes];
	return [
		["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
		["index.json", index],
		blob(config),
		blob(manifest),
		blob(layer),
		...more,
	];
}

/** The archive of `saved()`, written by xz -9 and zstd -19. */
const XZ = Buffer.from(
	"/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4Bf/AbBdABoYgqNBI02tpWzwx4FjU9P4weuofIVjUiHic4UbFsT8+IHlRtMRdRgImEQqig0QfHjIGB7SVfWJsUpjoHzcN54dnAkVUAyrunTphayWra1zrIk55ZMvYNJcVAz+8/E1Ciic6jSO4apOGUIaNGf41QXrjzzQXeJyYjhTJmM/2y7D+ExuDRdEGpceHRMhy7fPIi/qJiuDRfev0bd8kVLWGOH7wDGAztEhHauxb4aOADvxqM/msqrWnOJGO8/FJuJbeE/4Wt9tftmluQ5K21v3+m3JXpqN5JT45QKFMIZjO/Ohs/kexNd1rLzZgnctmLwNqPUNlt+QL13QodPhzNNyJSp+N3axquYUYiGjafF1tvUF/cm2ZupHzbA/MeuEDSEKBvqwBcWO6SMv21TMKILGKXG+ZgGV60yoagSv0F51IiWj8+8Cjmb+ktswRL6IHhf61vIURB3doSZsXLVo3V55KpWRKosHpxEx31QnerWj2d+7jytGd7JYStjVtzAwvDSiuiFpMC3Mm4DFOksgKJCfLVwhLUgQFlpvZQE9A4mRpjOo60NHumPhcvbZe3GsK4gpAAB0WtfVAAHIA4AwAAB/YXywPjANiwIAAAAAAVla",
	"base64",
);
const ZSTD = Buffer.from(
	"KLUv/WQAF50MAMZWRR5Acx7PSEluf6SojGwJzuYHu/5f20wpWZHvXBSB2cg5AD0APQDNMYSutWOrYWNezj1eFFpBBpKU7ptk5pJJEXr88ZSg/H931hwyxH5Cd9dOc4+3c1hz84HeJeRacgHfrUXmppuF180f1TLk1JhzkhX1Gf9Kpq5mVkopjIUySSq6gnVPTnwL+5Slxq/TI1K+msW8KK+VZXFgvcY4vSivA0KF1rWJNvsRnwQQi8RKDfnVn4qryVC0VtNjBZtomzNhhPyex84DJcgjY1B8ulnPltx8Zv90bi3BD9EmWuozflhBtKzgDlfQyidWsFtYxzQp1LAaRuNu3Gr1c6L4BHChtWJOr584pVb00YHVXj/uhrwIsT47jlkuIMBqAgwKkjx7/YE/0dkDpC9dQGqRPEg0jaEOI7MDkAksn4hcS9H/A9DSVTXZAKaiEBZg5+khQ2VdcAAMEJwCl5v02KqCHEPgBqgTwBoN/S3xQ1QlA/A0BL6BDwq8ceD9gGlAc0EhAS2gh4AxDyVBU96vCgIPCmCG6KJjd95r",
	"base64",
);

const failures = (report) =>
	checks(report, "", "fail").concat(
		report.nodes.flatMap(({ checks: all }) => all.filter(({ outcome }) => outcome === "fail")),
	);
const layersOf = (report) => report.nodes.filter(({ kind }) => kind === "layer");
const outcomes = ({ checks: all }) => Object.fromEntries(all.map(({ id, outcome }) => [id, outcome]));

test("a docker save is verified by being opened", async () => {
	const bytes = tar(saved());
	const report = await api.open(bytes, { name: "saved.tar" });
	assert.deepEqual(failures(report), []);
	assert.deepEqual([report.source, report.roots], [{ kind: "file", name: "saved.tar" }, ["0"]]);
	const [file] = report.nodes;
	assert.deepEqual(
		[file.kind, file.title, file.digest, file.size],
		["blob", "docker save archive", digestOf(bytes), bytes.length],
	);
	assert.deepEqual([file.entryCount, file.entries.map(({ name }) => name).at(-1)], [3, "manifest.json"]);
	const image = only(report, "manifest");
	assert.deepEqual(
		[image.title, image.digest, image.chosen, image.imageId],
		["a:1", null, true, digestOf(configOf([LAYER]))],
	);
	const layer = only(report, "layer");
	assert.deepEqual(
		[layer.digest, layer.diffId, layer.read, layer.entryCount],
		[digestOf(LAYER), digestOf(LAYER), true, 2],
	);
	// No size was stated.
	assert.deepEqual(outcomes(layer), { "diff-id": "pass", tar: "pass" });
	assert.equal(layer.chainId, digestOf(LAYER));
});

test("the same verdict comes from a Blob, a File and bytes, compressed or not", async () => {
	const bytes = tar(saved());
	const plain = await api.open(bytes);
	const known = (report) =>
		report.nodes
			.slice(1)
			.map(({ id, digest, checks: all }) => [id, digest, all.map(({ id, outcome }) => [id, outcome])]);
	for (const [form, input] of Object.entries({
		none: new Blob([bytes]),
		gzip: new File([gzipSync(bytes)], "a.tgz"),
		xz: XZ,
		zstd: new File([ZSTD], "never told by its name.gz"),
	})) {
		const report = await api.open(input);
		assert.deepEqual([report.nodes[0].compression, report.nodes[0].entryCount], [form, 3]);
		assert.deepEqual(known(report), known(plain), form);
	}
});

test("documents inside can be shown, and files of layers read and explored", async () => {
	for (const input of [tar(saved()), gzipSync(tar(saved()))]) {
		const report = await api.open(input);
		const config = only(report, "config");
		assert.equal(Buffer.from(await api.bytesOf(config.digest)).toString(), configOf([LAYER]));
		const layer = only(report, "layer");
		const content = await api.readFile(report, layer.id, 1);
		assert.equal(Buffer.from(content.bytes).toString(), "stow\n");
		assert.deepEqual(
			(await content.verdict).map(({ outcome }) => outcome),
			["pass", "pass"],
		);
		const files = await api.exploreFiles(report);
		assert.ok((await files.query({ view: "image" })).matched >= 2);
		files.close();
	}
});

test("verifyLayers reads an opened archive again where that is asked for, and hands on where its blobs lie", async () => {
	for (const input of [tar(saved([LAYER, tar([["b", "2"]])])), gzipSync(tar(saved([LAYER, tar([["b", "2"]])])))]) {
		const opened = await api.open(input);
		/** @type {any[]} */
		const events = [];
		const onProgress = (/** @type {any} */ event) => events.push(event);
		const kept = await api.verifyLayers(opened, { onProgress });
		assert.deepEqual([kept.nodes, events], [opened.nodes, []], "nothing was left to read");
		const layers = layersOf(opened).map(({ id }) => id);
		const again = await api.verifyLayers(await api.withLayers(opened, []), { layers, onProgress });
		assert.deepEqual(layersOf(again).map(outcomes), layersOf(opened).map(outcomes));
		assert.deepEqual(events.filter(({ state }) => state === "done").length, 2);
		const third = await api.verifyLayers(again, { layers: [layersOf(again)[1].id] });
		assert.deepEqual(failures(third), []);
	}
});

test("a damaged layer and a wrong DiffID fail where they are", async () => {
	const other = tar([["etc/hostname", "else\n"]]);
	for (const [what, files, at] of /** @type {[string, any[], string][]} */ ([
		["a layer that is another", saved([other], configOf([LAYER])), "0/manifest.json[0]/Layers[0]"],
		["the second of two", saved([LAYER, other], configOf([LAYER, LAYER])), "0/manifest.json[0]/Layers[1]"],
	])) {
		for (const input of [tar(files), gzipSync(tar(files))]) {
			const report = await api.open(input);
			const wrong = report.nodes.filter(({ checks: all }) => all.some(({ outcome }) => outcome === "fail"));
			assert.deepEqual(
				wrong.map(({ id }) => id),
				[at],
				what,
			);
			const [check] = wrong[0].checks.filter(({ outcome }) => outcome === "fail");
			assert.deepEqual([check.id, check.expected, check.actual], ["diff-id", digestOf(LAYER), digestOf(other)]);
		}
	}
	const files = layout();
	files[4] = [files[4][0], other];
	const report = await api.open(tar(files));
	const layer = only(report, "layer");
	assert.deepEqual([outcomes(layer).digest, outcomes(layer)["diff-id"]], ["fail", "fail"]);
	assert.equal(report.summary.verdict, "failed");
});

test("a layout is the same as an archive, as files with paths, and as bytes without names", async () => {
	const files = layout({ layer: gzipSync(LAYER), mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" });
	const archive = await api.open(tar(files));
	const folder = await api.open(files.map(([path, bytes]) => new File([bytes], `img/${path}`)));
	const loose = await api.open(files.map(([, bytes]) => new Uint8Array(Buffer.from(bytes))));
	assert.deepEqual([archive.roots.length, folder.roots.length], [1, 1]);
	for (const report of [archive, folder, loose]) {
		assert.deepEqual(failures(report), []);
		assert.deepEqual([only(report, "layer").entryCount, only(report, "layer").diffId], [2, digestOf(LAYER)]);
		assert.equal(only(report, "manifest").chosen, true);
	}
	assert.deepEqual(
		folder.nodes.slice(0, 2).map(({ id, kind }) => [id, kind]),
		[
			["0", "index"],
			["0/manifests[0]", "manifest"],
		],
	);
});

test("a blob that is called a layer and is no tar is hashed and doubted, also once it is asked for", async () => {
	const files = layout({ layer: Buffer.from("insert content here") });
	const report = await api.open(tar(files));
	const layer = only(report, "layer");
	assert.deepEqual(
		[outcomes(layer).digest, outcomes(layer).tar, outcomes(layer)["diff-id"]],
		["pass", "warn", "not-checked"],
	);
	assert.deepEqual(failures(report), []);
	const asked = await api.verifyLayers(report);
	assert.deepEqual(outcomes(only(asked, "layer")), outcomes(layer));
	assert.equal(asked.summary.verdict, "incomplete");
});

test("blobs that nothing names are hashed, and one that is not what it is called fails", async () => {
	const good = [`blobs/sha256/${digestOf("spare").slice(7)}`, "spare"];
	const bad = [`blobs/sha256/${digestOf("other").slice(7)}`, "spare"];
	const report = await api.open(tar(layout({ more: [good, bad] })));
	const spare = report.nodes.filter(({ title }) => title === "unreferenced blob");
	assert.deepEqual(spare.map((node) => outcomes(node).digest).sort(), ["fail", "pass"]);
});

test("the digest that was given is looked for in the file and in what is in it", async () => {
	const bytes = tar(layout());
	for (const expected of [digestOf(bytes), digestOf(configOf([LAYER]))]) {
		const report = await api.open(bytes, { expected });
		const [check] = checks(report, "digest", "pass").filter(({ source }) => source === "user");
		assert.equal(check.actual, expected);
	}
	const report = await api.open(bytes, { expected: digestOf("else") });
	const [check] = checks(report, "digest", "fail");
	assert.deepEqual([check.expected, check.actual, check.source], [digestOf("else"), digestOf(bytes), "user"]);
});

test("several archives at once keep a tree each, and their layers stay readable", async () => {
	const report = await api.open([new File([tar(saved())], "a.tar"), new File([gzipSync(tar(layout()))], "b.tar.gz")]);
	assert.deepEqual(report.roots, ["0", "1"]);
	assert.deepEqual(failures(report), []);
	assert.equal(report.nodes.find(({ id }) => id === "1").title, "OCI layout archive");
	const config = report.nodes.filter(({ kind }) => kind === "config")[1];
	assert.ok(config.history.every(({ layer }) => report.nodes.some(({ id }) => id === layer)));
	const again = await api.verifyLayers(report);
	assert.deepEqual(failures(again), []);
	assert.equal(layersOf(again).length, 2);
});

test("single files compressed outside are what is in them: a layer, a document", async () => {
	const layer = await api.open(new File([gzipSync(LAYER)], "x"));
	assert.deepEqual(
		[layer.nodes[0].kind, layer.nodes[0].diffId, layer.nodes[0].entryCount],
		["layer", digestOf(LAYER), 2],
	);
	const document = await api.open(gzipSync(configOf([LAYER])));
	assert.deepEqual([document.nodes[0].kind, document.nodes[0].digest], ["config", digestOf(configOf([LAYER]))]);
});

test("what is cut off is opened as far as it goes, and says so", async () => {
	const whole = tar(saved([noise(4096)]));
	const report = await api.open(whole.subarray(0, 3000));
	assert.match(checks(report, "tar", "fail")[0].message, /^the tar ends early at byte 3000/);
	const packed = await api.open(gzipSync(tar(layout())).subarray(0, -20));
	assert.match(checks(packed, "tar", "fail")[0].message, /gzip/);
	assert.equal(packed.summary.verdict, "failed");
	for (let length = 0; length < ZSTD.length; length += 37)
		await api.open(ZSTD.subarray(0, length)).catch((error) => assert.equal(codeOf(error), "unsupported-input"));
});

test("opening tells how far it is, and can be aborted", async () => {
	/** @type {any[]} */
	const events = [];
	await api.open(tar(saved()), { onProgress: (event) => events.push(event) });
	assert.ok(events.some(({ type, text }) => type === "stage" && text.startsWith("listing")));
	const controller = new AbortController();
	const waiting = api.open(new Blob([gzipSync(Buffer.alloc(64 * MIB))]), { signal: controller.signal });
	controller.abort();
	await assert.rejects(waiting, (error) => codeOf(error) === "aborted");
});

test("nearly 4 GiB open in place: little is read, layers wait, and are read when they are asked for", async () => {
	const folder = temporaryFolder("archive");
	try {
		const path = join(folder, "large.tar");
		const [config, top, manifest] = saved([LAYER, Buffer.alloc(0)], configOf([LAYER, LAYER])).filter(
			([name]) => !name.startsWith("l1"),
		);
		const first = tar([config, top, manifest]).subarray(0, -1024);
		// Node's own Blobs count bytes in 32 bits.
		const size = 4095 * MIB;
		const file = openSync(path, "w");
		writeSync(file, first);
		writeSync(file, header("l1/layer.tar", size, { large: true }), 0, 512, first.length);
		closeSync(file);
		truncateSync(path, first.length + 512 + size + 1024);
		const before = process.memoryUsage().rss;
		const report = await api.open(await openAsBlob(path), { name: "large.tar" });
		const grown = process.memoryUsage().rss - before;
		assert.ok(grown < 128 * MIB, `${grown / MIB} MiB`);
		assert.deepEqual(failures(report), []);
		assert.deepEqual([report.nodes[0].digest, report.nodes[0].size], [null, first.length + 512 + size + 1024]);
		const [small, large] = layersOf(report);
		assert.deepEqual([small.read, large.size, large.read], [false, size, false]);
		assert.match(large.checks.find(({ id }) => id === "diff-id").message, /at most 67108864 are read unasked/);
		const verified = await api.verifyLayers(report, { layers: [small.id] });
		assert.deepEqual(failures(verified), []);
		writeFileSync(path, "another");
		const gone = await api.verifyLayers(report, { layers: [small.id] });
		assert.match(
			layersOf(gone)[0].checks[0].message,
			/the file can no longer be read at byte 0: it was changed, moved or removed/,
		);
	} finally {
		removeFolder(folder);
	}
});

test("hostile archives end in a sentence", async () => {
	const loop = tar([
		["a", "", { type: "2", link: "b" }],
		["b", "", { type: "2", link: "a" }],
		["c.json", configOf([LAYER])],
		["manifest.json", JSON.stringify([{ Config: "c.json", RepoTags: null, Layers: ["a"] }])],
	]);
	assert.match(
		checks(await api.open(loop), "archive", "fail")[0].message,
		/^a is a link that leads on over more than 16 links/,
	);
	const cycle = JSON.stringify({ schemaVersion: 2, manifests: Array.from({ length: 70_000 }, () => 1) });
	assert.equal(
		(
			await api.open(
				tar([
					["oci-layout", "{}"],
					["index.json", cycle],
				]),
			)
		).summary.verdict,
		"failed",
	);
	const names = await api.open(tar([["../../x", ""], ["/abs", ""], ...saved()]));
	assert.equal(checks(names, "archive", "warn")[0].reason, "name-not-plain");
	const many = await api.open(
		tar([
			[
				"manifest.json",
				JSON.stringify(
					Array.from({ length: 5000 }, () => ({ Config: "c", Layers: Array.from({ length: 50 }, () => "l") })),
				),
			],
		]),
	);
	assert.ok(many.nodes.length < 60_000);
});

test("a layer that stands in its descriptor is read from there, and no registry is asked for one that is nowhere", async () => {
	const inline = (entries) => {
		const descriptor = (type, bytes) => ({ mediaType: type, digest: digestOf(bytes), size: bytes.length });
		const config = Buffer.from(configOf([LAYER]));
		const manifest = Buffer.from(
			JSON.stringify({
				schemaVersion: 2,
				mediaType: "application/vnd.oci.image.manifest.v1+json",
				config: descriptor("application/vnd.oci.image.config.v1+json", config),
				layers: [{ ...descriptor("application/vnd.oci.image.layer.v1.tar", LAYER), ...entries }],
			}),
		);
		const index = { schemaVersion: 2, manifests: [descriptor("application/vnd.oci.image.manifest.v1+json", manifest)] };
		const blobs = [config, manifest].map(
			(bytes) => /** @type {[string, Buffer]} */ ([`blobs/sha256/${digestOf(bytes).slice(7)}`, bytes]),
		);
		return tar([["oci-layout", '{"imageLayoutVersion":"1.0.0"}'], ["index.json", JSON.stringify(index)], ...blobs]);
	};
	const verified = async (entries) => {
		const report = await api.open(new Blob([inline(entries)]));
		const [layer] = layersOf(await api.verifyLayers(report, { layers: layersOf(report).map(({ id }) => id) }));
		return Object.fromEntries(layer.checks.map(({ id, outcome, params }) => [id, [outcome, params?.why]]));
	};
	const there = await verified({ data: LAYER.toString("base64") });
	assert.deepEqual([there.digest[0], there["diff-id"][0], there.tar[0]], ["pass", "pass", "pass"]);
	const nowhere = await verified({});
	assert.deepEqual(nowhere["diff-id"], ["not-checked", "its bytes are not at hand"]);
});
