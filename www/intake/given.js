// Line: drop, paste -> files. What a drop or a paste holds of files; to be asked at once, for afterwards it is gone.

/**
 * @param {DataTransfer | null | undefined} transfer
 * @returns {import("./walk.js").Given[]}
 */
export const filesIn = (transfer) =>
	[...(transfer?.items ?? [])].flatMap((item) =>
		item.kind === "file" ? (item.webkitGetAsEntry?.() ?? item.getAsFile() ?? []) : [],
	);
