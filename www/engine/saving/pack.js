// blobs -> OCI layout tar. Writes the archive in this thread, and hashes each blob on its way; in a data worker or Node.

import { createTarPacker } from "modern-tar";
import { isPackedEntry } from "../archives/places.js";
import { reading } from "../core.js";
import { pieces } from "../layers/read.js";
import { differs, longer, shorter } from "./refusals.js";
import { inTurn } from "./turns.js";

/**
 * @typedef {object} Entry a file of the archive
 * @property {string} path
 * @property {number} size
 * @property {string} [digest] what its bytes have to hash to
 * @property {string} name for sentences
 * @property {import("../archives/places.js").Bytes} [bytes] if they are at hand; else they are fetched
 * @typedef {{ entries: Entry[] }} Packing
 * @typedef {object} Hooks
 * @property {(digest: string, refusal?: import("../layers/source.js").Refusal) => Promise<any>} authorise
 * @property {(state: "reading" | "resuming", reason?: string) => void} onState
 * @property {AbortSignal} [signal] in Node; a worker is terminated instead
 */

/** The bytes of the archive that are handed over at once. */
const PIECE = 1024 * 1024;

/** The time of every entry: the same image gives the same archive, byte for byte. */
const EPOCH = new Date(0);

/**
 * The archive in pieces whose buffers are the receiver's.
 * @param {Packing} job @param {Hooks} hooks
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} throws an Error with a `code` if a blob is not what it should be
 */
export async function* pack({ entries }, hooks) {
	const { readable, controller } = createTarPacker();
	const filling = fill(entries, controller, hooks).catch((error) => controller.error(error));
	let [buffer, filled] = [new Uint8Array(PIECE), 0];
	for await (const chunk of chunks(readable)) {
		for (let at = 0; at < chunk.length; ) {
			const part = chunk.subarray(at, at + buffer.length - filled);
			buffer.set(part, filled);
			filled += part.length;
			at += part.length;
			if (filled < buffer.length) continue;
			yield buffer;
			[buffer, filled] = [new Uint8Array(PIECE), 0];
		}
	}
	await filling;
	if (filled > 0) yield buffer.slice(0, filled);
}

/** @param {Uint8Array} bytes */
export async function sha256(bytes) {
	const { BlobHasher } = await reading();
	const hasher = new BlobHasher(`sha256:${"0".repeat(64)}`);
	hasher.push(bytes);
	const digest = hasher.digest();
	hasher.free();
	return digest;
}

/** Safari reads no stream with `for await`. @param {ReadableStream<Uint8Array>} stream */
async function* chunks(stream) {
	const reader = stream.getReader();
	try {
		for (;;) {
			const { value, done } = await reader.read();
			if (done) return;
			yield value;
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

/**
 * @param {Entry[]} entries
 * @param {ReturnType<typeof createTarPacker>["controller"]} controller
 * @param {Hooks} hooks
 */
async function fill(entries, controller, hooks) {
	const packed = inTurn(entries.flatMap(({ bytes }) => (isPackedEntry(bytes) ? [bytes] : [])));
	try {
		for (const entry of entries) {
			const header = {
				name: entry.path,
				size: entry.size,
				type: /** @type {const} */ ("file"),
				mode: 0o644,
				mtime: EPOCH,
			};
			const body = controller.add({ ...header, uid: 0, gid: 0 }).getWriter();
			// A failure reaches the reader through the archive's stream.
			body.closed.catch(() => {});
			const from = isPackedEntry(entry.bytes) ? packed.next() : undefined;
			await copy(entry, (piece) => body.write(piece), { ...hooks, from });
			await body.close();
		}
	} finally {
		await packed.end();
	}
	controller.finalize();
}

/** @param {Entry} entry @param {(piece: Uint8Array) => Promise<void>} write @param {Hooks & { from?: AsyncGenerator<Uint8Array> }} hooks */
async function copy({ digest, size, name, bytes }, write, { authorise, from, ...hooks }) {
	const { BlobHasher } = await reading();
	const hasher = digest === undefined ? undefined : new BlobHasher(digest);
	const source = { spec: { size }, bytes };
	let at = 0;
	try {
		const asked = { ...hooks, authorise: (/** @type {any} */ refusal) => authorise(digest ?? "", refusal) };
		for await (const piece of from ?? pieces(source, asked)) {
			hooks.signal?.throwIfAborted();
			at += piece.length;
			if (at > size) throw longer(name, size);
			hasher?.push(piece);
			// A file's pieces are lent, and the archive keeps what it is given for a while.
			await write(bytes instanceof Blob ? piece.slice() : piece);
		}
		if (at < size) throw shorter(name, at, size);
		const computed = hasher?.digest();
		if (computed !== digest) throw differs(name, computed, digest);
	} finally {
		hasher?.free();
	}
}
