// An entry of a tar in the words of `ls -l`.

/** @typedef {import("../types.js").LayerEntry} LayerEntry */

/** @type {Record<LayerEntry["type"], string>} */
const LETTERS = {
	file: "-",
	link: "h",
	symlink: "l",
	char: "c",
	block: "b",
	dir: "d",
	fifo: "p",
	global: "g",
	other: "?",
};

/** `-rwsr-xr-x`: a letter for the type, three for each of user, group and others. @param {Pick<LayerEntry, "type" | "mode">} entry */
export function modeOf({ type, mode }) {
	const three = (/** @type {number} */ shift, /** @type {number} */ special, /** @type {string} */ letter) => {
		const bits = mode >> shift;
		const last = mode & special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? "x" : "-";
		return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
	};
	return `${LETTERS[type] ?? "?"}${three(6, 0o4000, "s")}${three(3, 0o2000, "s")}${three(0, 0o1000, "t")}`;
}

/** `2026-01-31 12:00`, UTC; the bare number if no calendar has that day. @param {number} seconds */
export function timeOf(seconds) {
	const date = new Date(seconds * 1000);
	return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 16).replace("T", " ");
}
