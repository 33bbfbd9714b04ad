// Replaces one file of a tar and compresses with gzip, as a builder does before anything is hashed.

const BLOCK = 512;
const SIZE = { at: 124, width: 12 };
const SUM = { at: 148, width: 8 };

/** @param {string} text */
export const encode = (text) => new TextEncoder().encode(text);

/** @param {Uint8Array} bytes @param {number} at @param {number} width */
const text = (bytes, at, width) => {
	const field = bytes.subarray(at, at + width);
	const end = field.indexOf(0);
	return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
};

/** The place of a file's header, and the length of its content. @param {Uint8Array} tar @param {string} name */
function find(tar, name) {
	for (let at = 0; at + BLOCK <= tar.length; ) {
		const size = Number.parseInt(text(tar, at + SIZE.at, SIZE.width), 8) || 0;
		if (text(tar, at, 100) === name) return { at, size };
		at += BLOCK + padded(size);
	}
	throw new Error(`${name} is not in this tar`);
}

/** @param {number} size */
const padded = (size) => Math.ceil(size / BLOCK) * BLOCK;

/** @param {Uint8Array} tar @param {string} name */
export function fileIn(tar, name) {
	const { at, size } = find(tar, name);
	return tar.slice(at + BLOCK, at + BLOCK + size);
}

/** The same tar with other content for a file: its header's size and sum follow. @param {Uint8Array} tar @param {string} name @param {Uint8Array} content */
export function withFile(tar, name, content) {
	const { at, size } = find(tar, name);
	const header = tar.slice(at, at + BLOCK);
	header.set(encode(`${content.length.toString(8).padStart(SIZE.width - 1, "0")}\0`), SIZE.at);
	header.set(encode(" ".repeat(SUM.width)), SUM.at);
	const sum = header.reduce((all, byte) => all + byte, 0);
	header.set(encode(`${sum.toString(8).padStart(6, "0")}\0 `), SUM.at);
	const body = new Uint8Array(padded(content.length));
	body.set(content);
	return joined(tar.subarray(0, at), header, body, tar.subarray(at + BLOCK + padded(size)));
}

/** @param {...Uint8Array} parts */
export function joined(...parts) {
	const whole = new Uint8Array(parts.reduce((all, part) => all + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** @param {Uint8Array} bytes */
export const gzip = (bytes) => through(bytes, new CompressionStream("gzip"));

/** @param {Uint8Array} bytes */
export const gunzip = (bytes) => through(bytes, new DecompressionStream("gzip"));

/** @param {Uint8Array} bytes @param {CompressionStream | DecompressionStream} stream */
const through = async (bytes, stream) =>
	new Uint8Array(
		await new Response(new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(stream)).arrayBuffer(),
	);
