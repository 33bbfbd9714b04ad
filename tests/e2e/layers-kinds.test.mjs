// In the page: every kind of layer from a real registry, and each wrong claim about one shown at its place and only there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { tar } from "../wasm/layer-registry.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { details, headOf, inspect, openSection, openTab, tree, verifyButton } from "./support/page.mjs";
import { startWorld } from "./support/world.mjs";

/** @type {[string, string?][]} */
const FILES = [["etc/"], ["etc/hostname", "box\n"], ["bin/program", "p".repeat(5000)]];
const PLAIN = tar(FILES);
const ZSTD = TYPES.layer.replace("gzip", "zstd");
const UNPACKED = TYPES.layer.replace("+gzip", "");

const zstd = (bytes) => execFileSync("zstd", ["-c", "-q"], { input: bytes });
const toc = (more = []) =>
	JSON.stringify({
		version: 1,
		entries: [...FILES, ...more].map(([name, content = ""]) => {
			if (name.endsWith("/")) return { name, type: "dir", mode: 0o755 };
			return { name, type: "reg", size: content.length, mode: 0o644, digest: sha256(content) };
		}),
	});

/** Each entry in a member of its own, and the table of contents as a last file (stargz-snapshotter, "eStargz"). */
function stargz() {
	const json = toc();
	const whole = tar([...FILES, ["stargz.index.json", json]]);
	const cuts = [0, 512, 1536, PLAIN.length - 1024, whole.length - 1024, whole.length];
	const blob = Buffer.concat(cuts.slice(1).map((to, n) => gzipSync(whole.subarray(cuts[n], to))));
	return { blob, tar: whole, annotations: { "containerd.io/snapshot/stargz/toc.digest": sha256(json) } };
}

/** The tar, and its table of contents in a frame that decoders skip (containers/storage, pkg/chunked). */
function chunked() {
	const json = toc();
	const table = zstd(json);
	const skippable = (content) => {
		const head = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
		head.writeUInt32LE(content.length, 4);
		return Buffer.concat([head, content]);
	};
	const frames = zstd(PLAIN);
	const name = "io.github.containers.zstd-chunked.manifest";
	const annotations = {
		[`${name}-checksum`]: sha256(table),
		[`${name}-position`]: `${frames.length + 8}:${table.length}:${json.length}:1`,
	};
	return { blob: Buffer.concat([frames, skippable(table), skippable(Buffer.alloc(64))]), annotations };
}

/** A tar of nearly nothing but zeros: 300 MB that gzip packs a thousandfold. */
const bomb = () => {
	const script = 'cd "$(mktemp -d)"; truncate -s 300M zeros; tar -cf - zeros; rm zeros';
	return execFileSync("bash", ["-c", script], { maxBuffer: 400e6 });
};

const members = Buffer.concat(
	[0, 1, 2].map((n) => gzipSync(PLAIN.subarray((n * PLAIN.length) / 3, ((n + 1) * PLAIN.length) / 3))),
);
const GZIP = gzipSync(PLAIN);

let world;
before(async () => {
	world = await startWorld();
});
after(() => world?.stop());

/**
 * Pushes an image with one layer under an honest one, of which something may be claimed wrongly.
 * @param {string} tag @param {any} layer
 */
async function pushed(tag, { blob, tar: unpacked = PLAIN, mediaType = TYPES.layer, annotations, diffId, size }) {
	const repo = repository(world.registry.url, "demo/kinds");
	const diffIds = [sha256(unpacked), sha256(PLAIN)];
	const config = await repo.putBlob(TYPES.config, {
		...{ architecture: "amd64", os: "linux", config: {} },
		rootfs: { type: "layers", diff_ids: [diffId ?? diffIds[0], diffIds[1]] },
	});
	const layer = { ...(await repo.putBlob(mediaType, blob)), ...(annotations && { annotations }) };
	const layers = [{ ...layer, ...(size && { size }) }, await repo.putBlob(TYPES.layer, GZIP)];
	await repo.putManifest(tag, TYPES.manifest, { schemaVersion: 2, mediaType: TYPES.manifest, config, layers });
	return `${world.registry.host}/demo/kinds:${tag}`;
}

/** Reads all layers; resolves with what the checks of the first say, and of the second. */
async function verified(page, reference) {
	await inspect(page, reference);
	await verifyButton(page).click();
	await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached" });
	const words = await headOf(page);
	const checks = async (n) => (await openTab(page, "layer", /checks/i, n)).innerText();
	return { words, other: await checks(1), own: await checks(0) };
}

const ENTRIES = "3 entries in";
const TABLE = "the table of contents has the digest annotated, and its 3 entries are the tar's";
for (const [name, made, expected] of /** @type {[string, () => any, string[]][]} */ ([
	["plain", () => ({ blob: PLAIN, mediaType: UNPACKED }), [ENTRIES]],
	["members", () => ({ blob: members }), [ENTRIES]],
	["estargz", stargz, ["4 entries in", TABLE]],
	["zstd-chunked", () => ({ ...chunked(), mediaType: ZSTD }), [ENTRIES, TABLE]],
])) {
	test(`${name}: proved, with what belongs to it`, () =>
		world.onPage(async (page) => {
			const { words, own } = await verified(page, await pushed(name, made()));
			assert.doesNotMatch(words, /failed|0 of/);
			for (const wanted of ["is the DiffID given by the config", ...expected]) assert.ok(own.includes(wanted), own);
		}));
}

for (const [name, claim, id, message] of /** @type {any[]} */ ([
	[
		"a wrong DiffID",
		{ diffId: sha256("x") },
		"diff-id",
		"the digest of the unpacked tar is not the DiffID given by the config",
	],
	[
		"a wrong table of contents",
		{ annotations: { "containerd.io/snapshot/stargz/toc.digest": sha256("x") } },
		"toc",
		"a table of contents is promised and not there",
	],
])) {
	test(`${name} fails at its layer and nowhere else`, () =>
		world.onPage(async (page) => {
			const { words, own, other } = await verified(page, await pushed(`wrong-${id}`, { blob: GZIP, ...claim }));
			assert.match(words, /failed/);
			assert.ok(own.includes(message), own);
			if (claim.diffId) assert.ok(own.includes(claim.diffId) && own.includes(sha256(PLAIN)), "both values");
			assert.doesNotMatch(other, /is not the|promised/);
			assert.equal(
				await tree(page)
					.getByRole("treeitem", { name: /^layer\b.*, failed\b/ })
					.count(),
				1,
			);
		}));
}

test("a media type of another compression is a warning once the bytes are proved", () =>
	world.onPage(async (page) => {
		const { words, own } = await verified(page, await pushed("wrong-media-type", { blob: GZIP, mediaType: ZSTD }));
		assert.doesNotMatch(words, /failed/);
		assert.match(words, /./);
		assert.match(own, /zstd/);
		assert.equal(
			await tree(page)
				.getByRole("treeitem", { name: /^layer\b.*, warning\b/ })
				.count(),
			1,
		);
	}));

test("a wrong size fails with both values; the digest of the bytes is proved all the same", () =>
	world.onPage(async (page) => {
		const { words, own } = await verified(page, await pushed("wrong-size", { blob: GZIP, size: GZIP.length + 5 }));
		assert.match(words, /failed/);
		assert.ok(own.includes(`the descriptor says ${GZIP.length + 5} bytes, there are ${GZIP.length}`), own);
		assert.ok(own.includes("the digest of the layer's bytes is the one given by the descriptor"), own);
	}));

test("a bomb stops at a cap, which can be raised", () =>
	world.onPage(async (page) => {
		const zeros = bomb();
		const { words, own } = await verified(page, await pushed("bomb", { blob: gzipSync(zeros), tar: zeros }));
		assert.doesNotMatch(words, /failed/, "a cap of ours disproves nothing");
		assert.match(own, /the layer unpacks to more than 250 times its [\d,]+ bytes: a cap that can be raised \(ratio\)/);
		await details(page)
			.getByRole("button", { name: /all the same/ })
			.click();
		await page.getByRole("region", { name: "Progress" }).waitFor({ state: "detached", timeout: 60_000 });
		assert.doesNotMatch(await headOf(page), /failed/);
	}));

test("a layer of 60,000 entries is proved and listed, and the page stays alive", () =>
	world.onPage(async (page) => {
		const many = tar(/** @type {any} */ (Array.from({ length: 60_000 }, (_, n) => [`d${n % 100}/f${n}`])));
		const reference = await pushed("many", { blob: gzipSync(many), tar: many });
		const { words, own } = await verified(page, reference);
		assert.doesNotMatch(words, /failed/);
		assert.ok(own.includes("60,000 entries in") || own.includes("60000 entries in"), own);
		await openSection(page, "Files");
		await page.getByText(/^60,\d+ of 60,\d+ entries$/).waitFor();
		await page.getByRole("searchbox", { name: "Path" }).fill("f59999");
		await page.getByRole("row", { name: /f59999/ }).waitFor();
	}));
