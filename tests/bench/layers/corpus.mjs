// Off the line, under the benchmarks of layers: a large tar of this machine's own /usr, whole and in 16 parts, in a registry.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository, sha256, TYPES } from "../../e2e/support/documents.mjs";
import { run } from "../../e2e/support/process.mjs";

const WHOLE = 130_000_000;
const PART = 8_000_000;
const PARTS = 16;

/** Larger files would make a corpus of one program. */
const LARGEST = 4_000_000;

/** Of the sorted files every so manieth: a mixture of programs, libraries, scripts and documents. */
const STRIDE = 7;

const ZSTD = TYPES.layer.replace("gzip", "zstd");

/**
 * The images `gzip`, `zstd` (one layer each) and `parts` (16 gzip layers).
 * @param {string} folder an empty one @param {string} url the registry's
 */
export async function corpus(folder, url) {
	const files = await chosen();
	const whole = await packed(folder, "whole", upTo(files, WHOLE));
	const parts = [];
	for (let part = 0; part < PARTS; part++) {
		const names = upTo(files, PART);
		files.splice(0, names.length);
		parts.push(await packed(folder, `part-${part}`, names));
	}
	return {
		gzip: await pushed(url, "bench/gzip", TYPES.layer, [whole], "gz"),
		zstd: await pushed(url, "bench/zstd", ZSTD, [whole], "zst"),
		parts: await pushed(url, "bench/parts", TYPES.layer, parts, "gz"),
	};
}

/** `[size, path]` of regular files, in the same order on every run. */
async function chosen() {
	const list = await run("find", ["/usr", "-xdev", "-type", "f", "-readable", "-printf", "%s %p\\n"], {
		maxBuffer: 1 << 28,
	});
	const files = list
		.split("\n")
		.map((line) => /** @type {[number, string]} */ ([Number.parseInt(line, 10), line.slice(line.indexOf(" ") + 1)]));
	const usual = files.filter(([size, path]) => size <= LARGEST && path.startsWith("/usr/"));
	usual.sort(([, one], [, other]) => (one < other ? -1 : 1));
	return usual.filter((_, place) => place % STRIDE === 0);
}

/** The first files that fill a tar of that size, headers and padding counted. */
function upTo(files, bytes) {
	let sum = 0;
	const end = files.findIndex(([size]) => {
		sum += 512 + Math.ceil(size / 512) * 512;
		return sum > bytes;
	});
	return files.slice(0, end < 0 ? files.length : end);
}

async function packed(folder, name, files) {
	const tar = join(folder, `${name}.tar`);
	writeFileSync(`${tar}.list`, files.map(([, path]) => path.slice(1)).join("\0"));
	const same = ["--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--no-recursion", "--format=gnu"];
	await run("tar", ["-cf", tar, "-C", "/", ...same, "--null", "-T", `${tar}.list`]);
	await run("sh", ["-ec", 'gzip -6nc "$1" >"$1.gz"; zstd -q -3 "$1" -o "$1.zst"', "sh", tar]);
	return { tar, entries: files.length };
}

async function pushed(url, name, mediaType, tars, ending) {
	const repo = repository(url, name);
	const layers = [];
	for (const { tar, entries } of tars) {
		const content = readFileSync(tar);
		const blob = await repo.putBlob(mediaType, readFileSync(`${tar}.${ending}`));
		layers.push({ ...blob, diffId: sha256(content), unpacked: content.length, entries });
	}
	const rootfs = { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) };
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", config: {}, rootfs });
	const descriptors = layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
	await repo.putManifest("v1", TYPES.manifest, {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		config,
		layers: descriptors,
	});
	const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
	return { path: `${name}:v1`, name, layers, unpacked };
}
