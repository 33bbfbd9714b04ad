// Line: file -> blob bytes. A file in pieces, the next one on its way while the last is worked on; never all of it.

/** Bytes at a time: a browser takes some time for each request of a part of a file. */
const SLICE = 1024 * 1024;

/** @param {Blob} blob @param {number} [slice] @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} */
export async function* slices(blob, slice = SLICE) {
	let next = part(blob, 0, slice);
	for (let at = 0; at < blob.size; at += slice) {
		const bytes = await next;
		next = part(blob, at + slice, at + 2 * slice);
		next.catch(() => {});
		yield bytes;
	}
}

/**
 * @param {Blob} blob @param {number} from @param {number} to
 * @returns {Promise<Uint8Array<ArrayBuffer>>} rejects with `unreadable-file`: it was changed or removed meanwhile
 */
export async function part(blob, from, to) {
	if (from >= blob.size) return new Uint8Array();
	try {
		return new Uint8Array(await blob.slice(from, to).arrayBuffer());
	} catch (/** @type {any} */ error) {
		const message = `the file can no longer be read at byte ${from}: it was changed, moved or removed (${error?.message})`;
		throw Object.assign(new Error(message), { code: "unreadable-file" });
	}
}
