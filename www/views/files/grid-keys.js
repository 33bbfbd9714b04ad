// The keyboard of the list as a pure function: a key and the active row give the action (ARIA treegrid pattern).

/**
 * @typedef {import("./contract.js").FileRow} FileRow
 * @typedef {{ move?: number, toggle?: boolean, parent?: true, open?: true }} Action `move`: the row to go to; `toggle`: open
 *   or close the active one; `parent`: go to the directory that it is in; `open`: its content
 */

/**
 * @param {string} key as in KeyboardEvent
 * @param {{ row: FileRow | undefined, at: number, total: number, page: number }} where `page`: rows in view
 * @returns {Action | undefined}
 */
export function gridAction(key, { row, at, total, page }) {
	if (total === 0) return undefined;
	const last = total - 1;
	const step = Math.max(1, page - 1);
	switch (key) {
		case "ArrowDown":
			return { move: Math.min(last, at + 1) };
		case "ArrowUp":
			return { move: Math.max(0, at - 1) };
		case "PageDown":
			return { move: Math.min(last, Math.max(0, at) + step) };
		case "PageUp":
			return { move: Math.max(0, at - step) };
		case "Home":
			return { move: 0 };
		case "End":
			return { move: last };
		case "ArrowRight":
			return row ? right(row, at, last) : {};
		case "ArrowLeft":
			return row ? left(row) : {};
		case "Enter":
			return row ? { open: true } : {};
		case " ":
			return row && row.children > 0 ? { toggle: !row.open } : {};
		default:
			return undefined;
	}
}

/** @param {FileRow} row @param {number} at @param {number} last @returns {Action} */
function right(row, at, last) {
	if (row.children === 0) return {};
	return row.open ? { move: Math.min(last, at + 1) } : { toggle: true };
}

/** @param {FileRow} row @returns {Action} */
function left(row) {
	if (row.children > 0 && row.open) return { toggle: false };
	return row.depth > 0 ? { parent: true } : {};
}

/** The path of the directory that a path is in. @param {string} path */
export const parentPath = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/**
 * The nearest row above that is less deep, among those at hand; -1 if it lies further up.
 * @param {(FileRow | undefined)[]} rows from row `first` @param {number} first @param {number} at
 */
export function parentRow(rows, first, at) {
	const depth = rows[at - first]?.depth ?? 0;
	for (let up = at - 1; up >= first; up--) {
		const row = rows[up - first];
		if (!row) return -1;
		if (row.depth < depth) return up;
	}
	return -1;
}

/**
 * Type-ahead among the rows at hand: the next one, round the end, whose name starts with what was typed.
 * @param {(FileRow | undefined)[]} rows from row `first` @param {number} first @param {number} at @param {string} typed
 */
export function typedTo(rows, first, at, typed) {
	const wanted = typed.toLowerCase();
	const start = at - first + (typed.length === 1 ? 1 : 0);
	for (let step = 0; step < rows.length; step++) {
		const index = (start + step + rows.length) % rows.length;
		if (rows[index]?.name.toLowerCase().startsWith(wanted)) return first + index;
	}
	return undefined;
}
