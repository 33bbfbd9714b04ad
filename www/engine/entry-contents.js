// files -> Image. The bytes of an archive's entries, for the core that asks for them.

/**
 * Reads parts of entries: from what was kept of a compressed archive, from the files of a folder, or from the archive.
 * @param {import("./remote.js").ArchiveSource} source @param {AbortSignal} signal
 */
export function contents({ file, kept, isFull, blobs }, signal, /** @type {Map<number, number>} */ asked) {
	return async (
		/** @type {number} */ entry,
		/** @type {number} */ at,
		/** @type {number} */ from,
		/** @type {number} */ length,
	) => {
		if (signal.aborted) throw signal.reason;
		const end = from + length;
		if (kept) asked.set(entry, Math.max(end, asked.get(entry) ?? 0));
		if (isFull && (kept?.get(entry)?.length ?? 0) < end) throw NO_ROOM;
		if (kept) return kept.get(entry)?.subarray(from, end) ?? new Uint8Array();
		const blob = blobs ? blobs[entry]?.slice(from, end) : file?.slice(at + from, at + end);
		return new Uint8Array(await /** @type {Blob} */ (blob).arrayBuffer());
	};
}

/** Entries that had no room while the archive was read, and are not read again. */
const NO_ROOM = Object.assign(
	new Error("the archive has more small files than are kept, 64 MiB of them: unpack it and open the folder"),
	{ code: "limit-exceeded" },
);
