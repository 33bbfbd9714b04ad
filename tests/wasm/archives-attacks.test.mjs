// The boundary, archives that lie: cut off anywhere, sparse, doubled, joined, linked, endless. Never a pass for what was not read.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { openAsBlob, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { removeFolder, temporaryFolder } from "../e2e/support/process.mjs";
import { digestOf, noise, tar } from "./layer-registry.mjs";
import { layout } from "./layouts.mjs";
import { api, codeOf } from "./support.mjs";

const MIB = 1024 * 1024;
const BLOCK = 512;
const packers = {
	gzip: gzipSync,
	zstd: (/** @type {Buffer} */ bytes) =>
		execFileSync("zstd", ["-c", "-q", "-3"], { input: bytes, maxBuffer: 64 * MIB }),
	xz: (/** @type {Buffer} */ bytes) => execFileSync("xz", ["-c", "-1"], { input: bytes, maxBuffer: 64 * MIB }),
};

/** The files of a `docker save` of one image. @param {Buffer[]} layers @param {string} manifest @returns {[string, any][]} */
function saved(layers, manifest) {
	const rootfs = { type: "layers", diff_ids: layers.map(digestOf) };
	const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs, history: [] });
	return [
		["c.json", config],
		...layers.map((layer, at) => /** @type {[string, any]} */ ([`${at}/layer.tar`, layer])),
		["manifest.json", manifest],
	];
}

/** @param {Buffer} block a header, whose checksum is written anew */
function summed(block) {
	block.write("        ", 148);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
	return block;
}

/** The parts of a tar without its end marker. @param {[string, any?, any?][]} files */
const open = (files) => tar(files).subarray(0, -2 * BLOCK);
const END = Buffer.alloc(2 * BLOCK);
const bothWays = (/** @type {Buffer} */ bytes) => [bytes, gzipSync(bytes)];
const layersOf = (report) => report.nodes.filter(({ kind }) => kind === "layer");
const said = (report, outcome) =>
	report.nodes.flatMap((node) =>
		node.checks.filter((check) => check.outcome === outcome).map(({ id, message }) => `${id} ${message}`),
	);
const outcomeOf = (node, id) => node.checks.find((check) => check.id === id)?.outcome;

test("a manifest.json of 100 MB is not read, and told with the most that is", async () => {
	const folder = temporaryFolder("archive");
	try {
		const [config, layer] = saved([tar([["name"]])], "");
		const head = open([config, layer]);
		const long = summed(Buffer.from(open([["manifest.json"]])));
		long.write((100 * MIB).toString(8).padStart(11, "0"), 124);
		const path = join(folder, "long.tar");
		writeFileSync(path, Buffer.concat([head, summed(long)]));
		truncateSync(path, head.length + BLOCK + 100 * MIB + END.length);
		const plain = await openAsBlob(path);
		const packed = new Blob([gzipSync(Buffer.from(await plain.arrayBuffer()), { level: 1 })]);
		for (const file of [plain, packed]) {
			const report = await api.open(file);
			assert.deepEqual(said(report, "fail"), [
				`archive manifest.json was not read: it has ${100 * MIB} bytes; at most ${4 * MIB} of a document are read`,
			]);
			assert.equal(report.summary.verdict, "failed");
		}
	} finally {
		removeFolder(folder);
	}
});

/** A sparse file in the way of old GNU tar: one piece of content, and a hole behind it. @param {string} name @param {Buffer} content */
function oldSparse(name, content) {
	const block = Buffer.from(open([[name, "", { type: "S" }]]));
	const octal = (/** @type {number} */ number) => `${number.toString(8).padStart(11, "0")}\0`;
	block.write("ustar  \0", 257, "latin1");
	block.write(octal(content.length), 124, "latin1");
	block.write(octal(0) + octal(content.length), 386, "latin1");
	block.write(octal(content.length + MIB), 483, "latin1");
	return Buffer.concat([summed(block), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

/** The same as PAX 1.0: its map stands before its content. @param {string} name @param {Buffer} content */
function paxSparse(name, content) {
	const record = (/** @type {string} */ text) => {
		const length = text.length + 2;
		const whole = length + String(length + String(length).length).length;
		return `${whole} ${text}\n`;
	};
	const records = [
		"GNU.sparse.major=1",
		"GNU.sparse.minor=0",
		`GNU.sparse.name=${name}`,
		`GNU.sparse.realsize=${content.length + MIB}`,
	];
	const map = Buffer.alloc(BLOCK);
	map.write(`1\n0\n${content.length}\n`);
	return open([
		["PaxHeaders/x", records.map(record).join(""), { type: "x" }],
		["GNUSparseFile.0/x", Buffer.concat([map, content])],
	]);
}

test("a sparse entry stands for no blob and for no document, and says why", async () => {
	const layer = tar([["sparse", "1"]]);
	const files = layout([layer]);
	for (const sparse of [oldSparse, paxSparse]) {
		const [name] = /** @type {[string, any]} */ (files.at(-1));
		for (const bytes of bothWays(Buffer.concat([open(files.slice(0, -1)), sparse(name, layer), END]))) {
			const report = await api.open(bytes);
			const [node] = layersOf(report);
			assert.equal(node.read, false);
			const [check] = node.checks.filter(({ id }) => id === "digest");
			assert.deepEqual(
				[check.outcome, check.message],
				["not-checked", "its file is a sparse file, which is not read, so not checked"],
			);
			assert.equal(report.summary.verdict, "incomplete");
		}
		const [, [, index], ...others] = files;
		for (const bytes of bothWays(
			Buffer.concat([open([files[0], ...others]), sparse("index.json", Buffer.from(index)), END]),
		)) {
			const report = await api.open(bytes);
			assert.deepEqual(said(report, "fail"), [
				"archive index.json was not read: it is a sparse file, which is not read; it is where a layout begins",
			]);
		}
	}
});

test("of two archives one behind the other the first counts, or both as one where nothing stands between them", async () => {
	const [first, second] = ["first", "second"].map((name) => layout([tar([[name]])]));
	for (const bytes of bothWays(Buffer.concat([tar(first), tar(second)]))) {
		const report = await api.open(bytes);
		assert.deepEqual(
			layersOf(report).map((node) => [node.digest, outcomeOf(node, "digest")]),
			[[digestOf(first.at(-1)[1]), "pass"]],
		);
		assert.ok(
			said(report, "warn").some((message) => /^tar .*(end marker|follow)/.test(message)),
			said(report, "warn").join(),
		);
	}
	for (const bytes of bothWays(Buffer.concat([open(first), tar(second)]))) {
		const report = await api.open(bytes);
		assert.deepEqual(
			layersOf(report).map((node) => [node.digest, outcomeOf(node, "digest")]),
			[[digestOf(second.at(-1)[1]), "pass"]],
		);
		const warnings = said(report, "warn");
		assert.ok(
			warnings.some((message) => message.includes("stands more than once in the archive: the last one counts")),
		);
		assert.ok(
			warnings.some((message) => /^archive 3 blobs are named by nothing/.test(message)),
			warnings.join(),
		);
	}
});

test("of entries with one name the last counts, and is held against what it is called", async () => {
	const [good, bad] = ["good", "evil"].map((text) => tar([["name", text]]));
	const files = layout([good]);
	const [name] = files.at(-1);
	for (const [bytes, outcome] of /** @type {[any, string][]} */ ([
		[[bad, good], "pass"],
		[[good, bad], "fail"],
	])) {
		const twice = tar([...files.slice(0, -1), ...bytes.map((one) => /** @type {[string, any]} */ ([name, one]))]);
		for (const archive of bothWays(twice)) {
			const report = await api.open(archive);
			const [layer] = layersOf(report);
			assert.deepEqual([outcomeOf(layer, "digest"), outcomeOf(layer, "diff-id")], [outcome, outcome]);
			assert.equal(layer.digest, digestOf(good), "what was promised stays the layer's own digest");
			assert.equal(layer.checks.find(({ id }) => id === "digest").actual, digestOf(bytes[1]));
			assert.ok(
				said(report, "warn").includes(
					`archive ${name} stands more than once in the archive: the last one counts here and for programs that unpack it; those that search it take the first`,
				),
			);
			assert.equal(report.summary.verdict, outcome === "pass" ? "incomplete" : "failed");
		}
	}
});

test("a hard link to a blob has the blob's bytes, one to nowhere has none", async () => {
	const layer = tar([["linked", "1"]]);
	const files = layout([layer]);
	const [name] = files.at(-1);
	const linked = (/** @type {string} */ link) =>
		tar([...files.slice(0, -1), ["data", layer], [name, "", { type: "1", link }]]);
	for (const bytes of bothWays(linked("data"))) {
		const report = await api.open(bytes);
		assert.deepEqual(
			[said(report, "fail"), outcomeOf(layersOf(report)[0], "digest"), report.summary.verdict],
			[[], "pass", "incomplete"],
		);
	}
	for (const [link, why] of /** @type {const} */ ([
		["nowhere", "is a link to nowhere, which is not there"],
		[name, `is a link to ${name}, which is not there`],
		["../data", "is a link out of the archive, to ../data"],
	])) {
		for (const bytes of bothWays(linked(link))) {
			const report = await api.open(bytes);
			const [node] = layersOf(report);
			assert.deepEqual(
				[node.read, node.checks.find(({ id }) => id === "digest").message],
				[false, `its file ${why}, so not checked`],
			);
			assert.ok(said(report, "pass").every((message) => !message.startsWith("digest the digest of the layer")));
		}
	}
});

test("an archive that is cut off anywhere passes nothing that was not read whole, and says what is missing", async () => {
	const layers = [1, 2, 3].map((seed) => tar([[`name-${seed}`, noise(3000, seed)]]));
	const files = layout(layers);
	const whole = tar(files);
	const ends = new Map(layers.map((layer) => [digestOf(layer), whole.indexOf(layer) + layer.length]));
	for (const [form, pack] of Object.entries(packers)) {
		const packed = pack(whole);
		for (let step = 1; step < 100; step++) {
			const cut = packed.subarray(0, Math.floor((packed.length * step) / 100));
			const report = await api.open(cut).catch((error) => {
				assert.equal(codeOf(error), "unsupported-input", `${form} ${cut.length}: ${error.message}`);
			});
			if (!report) continue;
			assert.equal(report.summary.verdict, "failed", `${form} ${cut.length}`);
			const why = said(report, "fail").filter((message) => message.startsWith("tar "));
			assert.ok(
				why.length === 1 && new RegExp(`(early|ends|cut).*\\b${cut.length} bytes`).test(why[0]),
				`${form} ${cut.length}: ${why.join()}`,
			);
			const [root] = report.nodes;
			const unpacked = root.unpacked ?? 0;
			for (const node of layersOf(report).filter((one) => outcomeOf(one, "digest") === "pass" && one.parent !== null))
				assert.ok(
					ends.get(node.digest) <= unpacked,
					`${form} ${cut.length}: passed at ${unpacked} of ${ends.get(node.digest)}`,
				);
			// A file that its headers were enough to open says of each layer whether it is there.
			for (const node of layersOf(report).filter(({ read, parent }) => !read && parent !== null))
				assert.match(
					node.checks.find(({ id }) => id === "digest").message,
					/not in this archive|could not be read|cut|ends/,
				);
		}
	}
});

test("an archive that is cut off and is not compressed passes nothing that was not read whole", async () => {
	const layer = tar([["cut", noise(3000)]]);
	const whole = tar(layout([layer]));
	const end = whole.indexOf(layer) + layer.length;
	for (let length = BLOCK; length < whole.length - END.length; length += 97) {
		const report = await api.open(whole.subarray(0, length));
		const why = [...said(report, "fail"), ...said(report, "warn")].filter((message) => message.startsWith("tar "));
		assert.match(
			why.join(),
			/the tar ends early at byte|the end marker .*missing|one empty block instead of two/,
			`${length}`,
		);
		for (const node of layersOf(report).filter(({ parent }) => parent !== null))
			assert.equal(outcomeOf(node, "digest") === "pass", length >= end, `${length}`);
	}
	assert.deepEqual(said(await api.open(whole), "fail"), []);
});

test("a compressed archive that unpacks far at its beginning is held against all of its bytes in each pass over it", async () => {
	const layer = tar([["behind", noise(2 * MIB)]]);
	const files = layout([layer]);
	const packed = gzipSync(tar([...files.slice(0, -1), ["padding", Buffer.alloc(300 * MIB)], ...files.slice(-1)]));
	assert.ok((300 * MIB) / packed.length < 250);
	const opened = await api.open(packed);
	const report = await api.verifyLayers(opened, { layers: layersOf(opened).map(({ id }) => id) });
	for (const one of [opened, report])
		assert.deepEqual([said(one, "fail"), outcomeOf(layersOf(one)[0], "digest")], [[], "pass"]);
	const content = await api.readFile(report, layersOf(report)[0].id, 0);
	assert.equal(content.bytes.length, 2 * MIB);
});

test("bytes in the place of a document that are none fail, in a compressed archive too", async () => {
	const layer = tar([["name"]]);
	const files = layout([layer]);
	for (const at of [2, 3]) {
		const other = noise(6000, at);
		const all = files.map(
			([name, bytes], place) => /** @type {[string, any]} */ ([name, place === at ? other : bytes]),
		);
		for (const bytes of bothWays(tar(all))) {
			const report = await api.open(bytes);
			const [check] = report.nodes.flatMap((node) =>
				node.checks.filter(({ id, outcome }) => id === "digest" && outcome === "fail"),
			);
			assert.deepEqual(
				[check?.expected, check?.actual, report.summary.verdict],
				[digestOf(files[at][1]), digestOf(other), "failed"],
			);
		}
	}
});
