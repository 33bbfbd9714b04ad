// The boundary, large layers: 2 GiB, half a million entries, and how much memory a worker's module takes for them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { DIST } from "../e2e/support/app.mjs";
import { noise, tar } from "./layer-registry.mjs";

const MIB = 1024 * 1024;

/** A quarter of what all workers together may take, at most four of which read at once. */
const MOST = 24 * MIB;

/** The work of a data worker, in this thread: one module for all, whose memory never shrinks. */
const { reader } = await import(pathToFileURL(join(DIST, "www/data-worker.js")).href);

/** The part of a buffer that comes at a time. */
const PIECE = 512 * 1024;

/** As much of a Blob as is read here, over buffers that come so many times. @param {[Buffer, number][]} parts */
function repeated(parts) {
	const size = parts.reduce((sum, [{ length }, times]) => sum + length * times, 0);
	function* pieces() {
		for (const [bytes, times] of parts)
			for (let n = 0; n < times; n++)
				for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
	}
	return { size, stream: () => Readable.toWeb(Readable.from(pieces())) };
}

/** A header of a file that large. */
function headerOf(size) {
	const block = Buffer.from(tar([["big"]]).subarray(0, 512));
	block.write(size.toString(8).padStart(11, "0"), 124);
	block.write("        ", 148);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
	return block;
}

const zstd = (bytes) => execFileSync("zstd", ["-c", "-q"], { input: bytes, maxBuffer: 64 * MIB });
const BLOCK = Buffer.concat([noise(4 * MIB), Buffer.alloc(8 * MIB, "the text of a file "), noise(4 * MIB, 7)]);

/** One file of so many blocks, each a gzip member or a zstd frame. */
const large = (pack, blocks) =>
	repeated([
		[pack(headerOf(BLOCK.length * blocks)), 1],
		[pack(BLOCK), blocks],
		[pack(Buffer.alloc(1024)), 1],
	]);

async function read(bytes) {
	const spec = { limits: { ratio: 1e6 } };
	const quiet = [() => {}, () => {}, () => {}];
	const { verdict, index } = await reader.read({ id: 1, spec, entries: 10, bytes }, ...quiet);
	const said = verdict.checks.find(({ id }) => id === "tar");
	return { verdict, index, said, memory: await reader.memory() };
}

test("2 GiB of gzip, then 256 MiB of zstd, take no more memory than a small layer", async () => {
	const gzip = await read(large(gzipSync, 128));
	assert.deepEqual([gzip.said.outcome, gzip.verdict.unpacked], ["pass", 2048 * MIB + 1536]);
	const other = await read(large(zstd, 16));
	assert.deepEqual([other.said.outcome, other.verdict.unpacked], ["pass", 256 * MIB + 1536]);
	assert.ok(other.memory <= MOST, `${other.memory / MIB} MiB`);
});

test("a layer of 500,000 entries is listed whole", async () => {
	const names = Array.from({ length: 500_000 }, (_, n) => [`usr/share/folder-${n % 500}/file-${n}`]);
	const { verdict, index, said } = await read(repeated([[gzipSync(tar(/** @type {any} */ (names)), { level: 1 }), 1]]));
	assert.deepEqual([said.outcome, verdict.entryCount], ["pass", 500_000]);
	assert.ok(index.length < 60 * MIB, `${index.length} bytes of index`);
});
