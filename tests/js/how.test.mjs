// The lesson "How it works": a file put into a tar, links mended in the text, letters changed; Docker's output for it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { COMMANDS } from "../../www/how/console.js";
import { nextLetter } from "../../www/how/how-controller.js";
import { mended, renamed } from "../../www/how/mend.js";
import { encode, fileIn, gunzip, gzip, joined, withFile } from "../../www/how/tar.js";

const FILE = "srv/greeting.txt";
const packed = new Uint8Array(readFileSync(new URL("../../www/samples/hello/layer-2-amd64.tar.gz", import.meta.url)));
const tar = new Uint8Array(gunzipSync(packed));

test("a file is found, and put back without a change it gives the same tar", () => {
	assert.equal(new TextDecoder().decode(fileIn(tar, FILE)), "Hello from a container image for linux/amd64.\n");
	assert.deepEqual(withFile(tar, FILE, fileIn(tar, FILE)), tar);
	assert.throws(() => fileIn(tar, "no/such"), /no\/such is not in this tar/);
});

test("another content of any length leaves a tar whose other files are as they were", () => {
	const readme = fileIn(tar, "srv/README.md");
	for (const length of [0, 1, 511, 512, 513, 5000]) {
		const content = encode("é".repeat(length));
		const changed = withFile(tar, FILE, content);
		assert.equal(changed.length % 512, 0);
		assert.deepEqual(fileIn(changed, FILE), content);
		assert.deepEqual(fileIn(changed, "srv/README.md"), readme);
		assert.equal(sumOf(changed, 512), written(changed, 512), `the header's sum, at ${length}`);
		assert.deepEqual(withFile(changed, FILE, fileIn(tar, FILE)), tar);
	}
});

/** @param {Uint8Array} bytes @param {number} at */
const sumOf = (bytes, at) =>
	bytes.slice(at, at + 512).reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);

/** @param {Uint8Array} bytes @param {number} at */
const written = (bytes, at) => Number.parseInt(new TextDecoder().decode(bytes.slice(at + 148, at + 154)), 8);

test("a second, empty gzip member changes the blob and not what comes out", async () => {
	const twice = joined(packed, await gzip(new Uint8Array()));
	assert.notDeepEqual(twice, packed);
	assert.deepEqual(new Uint8Array(gunzipSync(twice)), tar);
	assert.deepEqual(await gunzip(packed), tar);
});

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const C = `sha256:${"c".repeat(64)}`;

/** @param {Partial<import("../../www/how/lesson.js").Link>} link @returns {import("../../www/how/lesson.js").Link} */
const link = (link) => ({
	id: "manifest.app",
	by: "manifest",
	named: A,
	namedSize: 1,
	found: { digest: B, size: 22 },
	fits: false,
	...link,
});

test("a descriptor takes the new digest and size, in either order, and its neighbours stay", () => {
	for (const one of [`{"digest":"${A}","size": 1}`, `{ "size": 1, "digest":"${A}" }`]) {
		const text = `[{"size":7,"digest":"${C}"},${one},{"digest":"${C}","size":1}]`;
		assert.equal(renamed(text, link({})), text.replace(one, one.replace(A, B).replace(/1(?=[,}])/, "22")));
	}
});

test("a DiffID has no size, and what names nothing stays as it is", () => {
	assert.equal(
		renamed(`{"size":1,"diff_ids":["${A}"]}`, link({ namedSize: undefined })),
		`{"size":1,"diff_ids":["${B}"]}`,
	);
	assert.equal(renamed("{}", link({})), "{}");
	assert.equal(renamed(`{"digest":"${A}"}`, link({ named: undefined })), `{"digest":"${A}"}`);
	assert.equal(renamed(`{"digest":"${A}"}`, link({ found: { size: 1 } })), `{"digest":"${A}"}`);
});

test("mending goes from the config up: each document is mended before its digest is named above", async () => {
	/** @type {string[]} */
	const order = [];
	const lesson = {
		results: async (/** @type {any} */ texts) => {
			order.push(`${texts.config.length} ${texts.manifest.length}`);
			const found = { digest: B, size: 2 };
			const links = /** @type {const} */ (["config", "manifest", "index"]).map((by) =>
				link({ by, namedSize: undefined, found, fits: !texts[by].includes(A) }),
			);
			return /** @type {any} */ ({ links });
		},
	};
	const texts = { file: "", again: false, config: `["${A}"]`, manifest: `{"x":"${A}"}`, index: `{"y":"${A}"}` };
	const now = await mended(lesson, texts);
	assert.deepEqual([now.config, now.manifest, now.index], [`["${B}"]`, `{"x":"${B}"}`, `{"y":"${B}"}`]);
	assert.equal(order.length, 3);
	assert.ok(texts.config.includes(A), "what was given stays");
});

test("a letter becomes the next one", () => {
	assert.deepEqual(["Hello", "zoo", "Zoo", "12 b", "", "镜像"].map(nextLetter), [
		"Iello",
		"aoo",
		"Aoo",
		"12 c",
		"a",
		"镜像a",
	]);
});

test("what Docker prints has the digests at their places, and survives documents that name nothing", () => {
	const none = { digests: {}, parts: { config: { diffIds: [] }, manifest: { names: [] } } };
	const names = [
		{ kind: "config", digest: C },
		{ kind: "layer", digest: A },
		{ kind: "layer", digest: B },
	];
	const some = { digests: { config: C, index: A }, parts: { config: { diffIds: [A, B] }, manifest: { names } } };
	const printed = (/** @type {any} */ results) =>
		COMMANDS.map(({ lines }) =>
			lines.map((parts) => parts.map((part) => (typeof part === "string" ? part : (part.of(results) ?? "?"))).join("")),
		);
	assert.deepEqual(printed(some)[0], [
		"$ docker pull stowplan/hello",
		`${A}: Pull complete`,
		`${B}: Pull complete`,
		`Digest: ${A}`,
	]);
	assert.match(String(printed(some)[1]?.[2]), new RegExp(`${C}$`));
	assert.match(String(printed(some)[2]?.[2]), new RegExp(`${A}$`));
	assert.equal(printed(some)[3]?.slice(1).join(""), `["${A}", "${B}"]`);
	assert.ok(
		printed(none)
			.flat()
			.some((line) => line.includes("?")),
	);
});
