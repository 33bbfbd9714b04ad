// Saving: which blobs an image is made of, what its archive is called and how long it will be, and the report as a text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTarPacker } from "modern-tar";
import { archiveSize, fileName, indexOf, labelsOf, manifestOf } from "../../www/engine/saving/oci-layout.js";
import { treeOf } from "../../www/engine/saving/plan.js";
import { reportText } from "../../www/engine/saving/text.js";

/** @param {string} letter */
const digest = (letter) => `sha256:${letter.repeat(64)}`;

/** @param {string} id @param {any} more @returns {any} */
const node = (id, more) => ({
	id,
	kind: "layer",
	mediaType: null,
	size: 10,
	digest: digest("a"),
	parent: null,
	read: false,
	checks: [],
	...more,
});

const LINUX = { os: "linux", architecture: "amd64" };
const ARM = { os: "linux", architecture: "arm64", variant: "v8" };
const FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

/** @param {any[]} [more] @returns {any} */
const report = (more = []) => ({
	schema: 1,
	source: { kind: "registry", reference: "ghcr.io/o/app:1.2" },
	roots: ["0"],
	nodes: [
		node("0", { kind: "index", digest: digest("0"), read: true }),
		node("1", { kind: "manifest", parent: "0", digest: digest("1"), platform: LINUX, chosen: true, read: true }),
		node("1c", { kind: "config", parent: "1", digest: digest("2"), read: true }),
		node("1a", { parent: "1", digest: digest("3"), title: "layer 1" }),
		node("2", { kind: "manifest", parent: "0", digest: digest("4"), platform: ARM, read: true }),
		node("2c", { kind: "config", parent: "2", digest: digest("5"), read: true }),
		node("2a", { parent: "2", digest: digest("3"), title: "layer 1" }),
		...more,
	],
	summary: { verdict: "incomplete", pass: 3, fail: 0, warn: 0, notChecked: 1 },
});

/** @param {import("../../www/engine/saving/plan.js").Tree} tree */
const letters = ({ blobs }) => blobs.map((blob) => blob.digest[7]).join("");
/** @param {() => unknown} work @param {string} code @param {RegExp} message */
const refused = (work, code, message) =>
	assert.throws(work, (/** @type {any} */ error) => error.code === code && message.test(error.message));

test("an image is its manifest with what it names, an index all of it, each blob once", () => {
	assert.equal(letters(treeOf(report(), {})), "123");
	assert.equal(letters(treeOf(report(), { platform: "linux/arm64/v8" })), "453");
	assert.equal(letters(treeOf(report(), { image: "2" })), "453");
	const all = treeOf(report(), { all: true });
	assert.equal(letters(all), "012345");
	assert.deepEqual(all.platforms, ["linux/amd64", "linux/arm64/v8"]);
	assert.equal(all.root.id, "0");
	refused(() => treeOf(report(), { platform: "plan9/mips" }), "cannot-save", /^there is no image "plan9\/mips"/);
	refused(() => treeOf(report(), { image: "1c" }), "cannot-save", /^there is no image "1c"/);
});

test("what comes from elsewhere by its licence is left out and named", () => {
	const more = [
		node("1f", { parent: "1", digest: digest("f"), mediaType: FOREIGN, urls: ["https://example.invalid/"] }),
		node("1g", { parent: "1", digest: digest("e"), mediaType: "application/x", urls: ["https://example.invalid/"] }),
	];
	const tree = treeOf(report(more), {});
	assert.equal(letters(tree), "123e");
	assert.deepEqual(
		tree.leftOut.map(({ id }) => id),
		["1f"],
	);
});

test("a blob is saved under the digest that was promised for it, never under another; no digest is a path", () => {
	const promised = {
		id: "digest",
		outcome: "fail",
		expected: digest("b"),
		actual: digest("c"),
		source: null,
		message: "",
	};
	const other = report([node("1x", { parent: "1", digest: digest("c"), checks: [promised] })]);
	assert.equal(letters(treeOf(other, {})), "123b");
	for (const bad of ["", "sha256", "sha256:../../etc/passwd", "../x:aa", null]) {
		refused(
			() => treeOf(report([node("1x", { parent: "1", digest: bad, title: "layer 2" })]), {}),
			"cannot-save",
			/^layer 2 has no digest/,
		);
	}
});

/** A classic `docker save`: its manifest has no digest, and so have its layers before they are read. @type {any} */
const docker = {
	...report(),
	source: { kind: "file", name: "saved.tar" },
	roots: ["0"],
	nodes: [
		node("0", { kind: "blob", digest: digest("0") }),
		node("1", {
			kind: "manifest",
			parent: "0",
			digest: undefined,
			title: "localhost:5000/a/app:1.2",
			platform: LINUX,
			read: true,
		}),
		node("1c", { kind: "config", parent: "1", digest: digest("1"), read: true, size: 300 }),
		node("1a", { parent: "1", digest: undefined, title: "layer 1", size: 1024 }),
		node("1b", { parent: "1", digest: digest("2"), read: true, title: "layer 2", compression: "gzip", size: 99 }),
	],
};

test("a manifest is made for an image that has none, of what its config and its layers are", () => {
	const tree = treeOf(docker, {});
	assert.deepEqual(
		tree.blobs.map(({ id, digest }) => [id, digest]),
		[
			["1c", digest("1")],
			["1a", ""],
			["1b", digest("2")],
		],
	);
	const made = JSON.parse(
		manifestOf(/** @type {any} */ (tree.make), ({ digest, size }) => ({ digest: digest ?? "", size: size ?? 0 })),
	);
	assert.equal(made.mediaType, "application/vnd.oci.image.manifest.v1+json");
	assert.deepEqual(made.config, {
		mediaType: "application/vnd.oci.image.config.v1+json",
		digest: digest("1"),
		size: 300,
	});
	assert.deepEqual(made.layers, [
		{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digest("0"), size: 1024 },
		{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digest("2"), size: 99 },
	]);
	assert.equal(labelsOf(docker, tree)?.["org.opencontainers.image.ref.name"], "1.2");
	assert.equal(fileName(docker, tree, false, labelsOf(docker, tree)), "app-1.2-linux-amd64.oci.tar");
	const odd = structuredClone(docker);
	odd.nodes[4].compression = "xz";
	refused(
		() => manifestOf(/** @type {any} */ (treeOf(odd, {}).make), () => ({ digest: "", size: 0 })),
		"cannot-save",
		/^layer 2 is compressed with xz/,
	);
	odd.nodes[2].kind = "blob";
	refused(() => treeOf(odd, {}), "incomplete-image", /^the config of this image is missing/);
});

test("what leads into a layout is saved as it is where it names several images, and left where it names one", () => {
	/** @param {any[]} more @returns {any} */
	const layout = (more) => ({
		...report(),
		source: { kind: "file", name: "layout" },
		nodes: [
			node("0", { kind: "index", title: "index.json", digest: digest("9"), read: true }),
			node("1", { kind: "manifest", parent: "0", digest: digest("1"), chosen: true, read: true }),
			node("1c", { kind: "config", parent: "1", digest: digest("2"), read: true }),
			...more,
		],
	});
	const one = treeOf(layout([]), { all: true });
	assert.deepEqual([one.root.id, one.layout, letters(one)], ["1", false, "12"]);
	const two = treeOf(layout([node("2", { kind: "manifest", parent: "0", digest: digest("3"), read: true })]), {
		all: true,
	});
	assert.deepEqual([two.root.id, two.layout, letters(two)], ["0", true, "123"]);
});

test("the archive's index names the image, with its tag where there is one", () => {
	const tree = treeOf(report(), {});
	const descriptor = { digest: digest("1"), size: 42, mediaType: "application/x" };
	const [named] = JSON.parse(indexOf(tree.root, descriptor, labelsOf(report(), tree))).manifests;
	assert.deepEqual(named.annotations, {
		"io.containerd.image.name": "ghcr.io/o/app:1.2",
		"org.opencontainers.image.ref.name": "1.2",
	});
	assert.deepEqual([named.digest, named.size, named.platform], [digest("1"), 42, LINUX]);
	const pinned = { ...report(), source: { kind: "registry", reference: `ghcr.io/o/app@${digest("1")}` } };
	assert.equal(labelsOf(pinned, tree), undefined);
	const above = new TextEncoder().encode(
		JSON.stringify({
			manifests: [{ digest: digest("1"), annotations: { "org.opencontainers.image.ref.name": "v9", other: "x" } }],
		}),
	);
	const opened = /** @type {any} */ ({ ...report(), source: { kind: "file", name: "x" } });
	assert.deepEqual(labelsOf(opened, tree, above), { "org.opencontainers.image.ref.name": "v9" });
	for (const odd of ["", "[]", '{"manifests":[null]}', '{"manifests":[{"digest":"x"}]}'])
		assert.equal(labelsOf(opened, tree, new TextEncoder().encode(odd)), undefined, odd);
});

test("files are called by image, tag and platform, and by nothing that could leave a folder", () => {
	/** @param {any} source @param {boolean} all */
	const called = (source, all) =>
		fileName(
			{ ...report(), source },
			treeOf(report(), { all }),
			all,
			labelsOf({ ...report(), source }, treeOf(report(), { all })),
		);
	assert.equal(called({ kind: "registry", reference: "ghcr.io/o/app:1.2" }, false), "app-1.2-linux-amd64.oci.tar");
	assert.equal(called({ kind: "registry", reference: "ghcr.io/o/app:1.2" }, true), "app-1.2.oci.tar");
	assert.equal(called({ kind: "file", name: "../../a/Old one.tar.gz" }, true), `Old-one-${"0".repeat(12)}.oci.tar`);
	assert.equal(called({ kind: "paste" }, true), `image-${"0".repeat(12)}.oci.tar`);
});

test("the length that is told is the archive's, also beyond 8 GiB and for long digests", async () => {
	const GIB = 1024 ** 3;
	for (const [path, size] of /** @type {const} */ ([
		["a", 0],
		["a", 1],
		["blobs/sha256/x", 512],
		[`blobs/sha512/${"0".repeat(128)}`, 513],
		["blobs/sha256/x", 8 * GIB - 1],
		["blobs/sha256/x", 8 * GIB],
		["blobs/sha256/x", 20 * GIB],
	])) {
		const { readable, controller } = createTarPacker();
		controller.add({ name: path, size, mtime: new Date(0) });
		// The headers come at once; the bytes themselves would take their time.
		const { value } = await readable.getReader().read();
		const rest = size > 8 * GIB - 1 || path.length > 100 ? 3 * 512 : 512;
		assert.equal(archiveSize([{ path, size }]), rest + Math.ceil(size / 512) * 512 + 1024);
		assert.equal(rest > 512, String.fromCharCode(value?.[156] ?? 0) === "x", `${path} ${size}`);
	}
});

test("the text says what it was, when, the tree, every check with both values, and what was left out", async () => {
	const check = {
		id: "size",
		outcome: "fail",
		expected: "10",
		actual: "11",
		source: "descriptor",
		path: "$.size",
		message: "is longer",
	};
	const open = {
		id: "digest",
		outcome: "not-checked",
		expected: digest("3"),
		actual: null,
		source: "descriptor",
		message: "not downloaded",
	};
	const given = report([
		node("1b", { parent: "1", digest: digest("9"), title: "layer 2", read: true, checks: [check, open] }),
	]);
	const text = await reportText(given, new Date("2026-01-02T03:04:05.678Z"));
	for (const part of [
		"What:    From the registry: ghcr.io/o/app:1.2\n",
		"Written: 2026-01-02 03:04:05 UTC\n",
		"Checks:  3 passed, 0 failed, 0 doubtful, 1 not checked\n",
		`Pinned:  ghcr.io/o/app@${digest("0")}\n`,
		`    layer 2: failed\n      ${digest("9")}, 10 bytes\n`,
		"  [failed] Size: is longer\n      expected: 10\n      found:    11\n      from:     the descriptor in the document above\n      at:       $.size\n",
		"- layer 2, Digest: not downloaded\n",
	])
		assert.ok(text.includes(part), `${part} is missing in\n${text}`);
	assert.equal(await reportText(given, new Date("2026-01-02T03:04:05.678Z")), text);
});

test("texts of others cannot write lines of the report's own", async () => {
	const message = `odd\n  [passed] Digest: forged\u202e\u001b[31m`;
	const forged = { id: "digest", outcome: "fail", expected: "a\nb", actual: null, source: null, message };
	const hostile = {
		...report([node("x", { parent: "0", title: "t\nDigest: ok", checks: [forged] })]),
		source: { kind: "file", name: "a\nVerdict: verified" },
	};
	const text = await reportText(hostile);
	assert.doesNotMatch(text, /^ *(\[passed\]|Verdict: verified|b$)/m);
	assert.match(text, /odd<U\+000A> {2}\[passed\] Digest: forged<U\+202E><U\+001B>\[31m/);
	assert.match(text, /What: +From a file: a<U\+000A>Verdict: verified/);
});

test("recovered bytes are told with their steps", async () => {
	const text = await reportText({
		...report(),
		recovered: { steps: ["keys put in order", "no final newline"], digest: digest("7") },
	});
	assert.match(text, /The original bytes were found\n-+\nWhat was given did not hash to/);
	assert.match(text, / {2}1\. keys put in order\n {2}2\. no final newline\n/);
});
