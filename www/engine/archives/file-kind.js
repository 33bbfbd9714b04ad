// Tells the kind of a file by its first bytes, never by its name.

import { part } from "../layers/slices.js";

/** The number of bytes that tell: a tar's header is a block. */
const HEAD = 512;

/** Forms of compression that the core names and does not read: lz4 (two), zip (two), compress, 7z. */
const UNREAD = [
	[0x04, 0x22, 0x4d, 0x18],
	[0x02, 0x21, 0x4c, 0x18],
	[0x50, 0x4b, 3, 4],
	[0x50, 0x4b, 5, 6],
	[0x1f, 0x9d],
	[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
];

/**
 * `tar`, `gzip`, `zstd`, `xz`, `bzip2` or `unread`, a form that the core names and does not read; none if it is something else: a document, a text, anything.
 * @param {Blob | Uint8Array} file
 */
export async function formOf(file) {
	const head = file instanceof Blob ? await part(file, 0, HEAD) : file.subarray(0, HEAD);
	const begins = (/** @type {number[]} */ ...magic) => magic.every((byte, at) => head[at] === byte);
	if (begins(0x1f, 0x8b)) return "gzip";
	if (begins(0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
	if (((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return "zstd";
	if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return "xz";
	if (begins(0x42, 0x5a, 0x68) && head[4] === 0x31 && head[5] === 0x41 && head[6] === 0x59) return "bzip2";
	if (UNREAD.some((magic) => begins(...magic))) return "unread";
	return isTar(head) ? "tar" : undefined;
}

/** True if a header's checksum holds, also of a tar from before ustar. @param {Uint8Array} block */
function isTar(block) {
	if (block.length < HEAD) return false;
	const told = Number.parseInt(new TextDecoder().decode(block.subarray(148, 156)).trim(), 8);
	const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
	return told === sum;
}
