// file -> blob bytes. A file as it streams from the disk, or one part of it; never all of it.

import { coded } from "../../lib/coded.js";

/** The bytes of a file that are held at a time. */
const ROOM = 512 * 1024;

/**
 * A stream is several times as fast as asking for one part after the other. Its pieces are lent: the buffer of one is
 * that of the next, since a browser collects what is thrown away too late for a large file.
 * @param {Blob} blob
 * @returns {AsyncGenerator<Uint8Array>} throws `unreadable-file`: it was changed or removed meanwhile
 */
export async function* slices(blob) {
	const reader = lending(blob.stream());
	let at = 0;
	try {
		for (;;) {
			const piece = await reader.read().catch((error) => {
				throw unreadable(at, error);
			});
			if (!piece) break;
			at += piece.length;
			yield piece;
		}
	} finally {
		reader.cancel().catch(() => {});
	}
	if (at < blob.size) throw unreadable(at, new Error("it is shorter than it was"));
}

/** Reads into one buffer, if the stream can do that. @param {ReadableStream<Uint8Array>} stream */
function lending(stream) {
	/** @type {ReadableStreamBYOBReader} */
	let reader;
	try {
		reader = stream.getReader({ mode: "byob" });
	} catch {
		const plain = stream.getReader();
		return { read: async () => (await plain.read()).value, cancel: () => plain.cancel() };
	}
	let buffer = new ArrayBuffer(ROOM);
	const read = async () => {
		const { value, done } = await reader.read(new Uint8Array(buffer));
		if (done || !value) return undefined;
		buffer = /** @type {ArrayBuffer} */ (value.buffer);
		return value;
	};
	return { read, cancel: () => reader.cancel() };
}

/**
 * @param {Blob} blob @param {number} from @param {number} to
 * @returns {Promise<Uint8Array<ArrayBuffer>>} rejects with `unreadable-file`: it was changed or removed meanwhile
 */
export async function part(blob, from, to) {
	if (from >= blob.size) return new Uint8Array();
	try {
		return new Uint8Array(await blob.slice(from, to).arrayBuffer());
	} catch (error) {
		throw unreadable(from, error);
	}
}

/** @param {number} at @param {any} error */
function unreadable(at, error) {
	const message = `the file can no longer be read at byte ${at}: it was changed, moved or removed (${error?.message})`;
	return coded("unreadable-file", message);
}
