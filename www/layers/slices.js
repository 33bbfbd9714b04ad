// Line: file -> blob bytes. A file as it streams from the disk, or one part of it; never all of it.

/**
 * A stream is several times as fast as asking for one part after the other, and holds some hundred KiB.
 * @param {Blob} blob @returns {AsyncGenerator<Uint8Array>} throws `unreadable-file`: it was changed or removed meanwhile
 */
export async function* slices(blob) {
	const reader = blob.stream().getReader();
	let at = 0;
	try {
		for (;;) {
			const { value } = await reader.read().catch((error) => {
				throw unreadable(at, error);
			});
			if (!value) break;
			at += value.length;
			yield value;
		}
	} finally {
		reader.cancel().catch(() => {});
	}
	if (at < blob.size) throw unreadable(at, new Error("it is shorter than it was"));
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
	return Object.assign(new Error(message), { code: "unreadable-file" });
}
