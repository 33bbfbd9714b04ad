// drop, paste -> files. Takes the files of a drop or a paste: at once, for afterwards they are gone.

/**
 * @param {DataTransfer | null | undefined} transfer
 * @returns {import("./walk.js").Given[]}
 */
export const filesIn = (transfer) =>
	[...(transfer?.items ?? [])].flatMap((item) =>
		item.kind === "file" ? (item.webkitGetAsEntry?.() ?? item.getAsFile() ?? []) : [],
	);
