// Report -> www. The keyboard of a tree as a pure function: a key and the rows to what happens (ARIA tree pattern).

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{ move?: number, toggle?: string, select?: boolean }} Action `move`: the row to go to; `toggle`: an id
 */

/**
 * @param {string} key as in KeyboardEvent
 * @param {Row[]} rows
 * @param {number} at the row that is active
 * @param {number} page rows in view
 * @returns {Action | undefined}
 */
export function actionOf(key, rows, at, page) {
	const row = rows[at];
	if (!row) return rows.length > 0 ? { move: 0 } : undefined;
	switch (key) {
		case "ArrowDown":
			return { move: Math.min(rows.length - 1, at + 1) };
		case "ArrowUp":
			return { move: Math.max(0, at - 1) };
		case "Home":
			return { move: 0 };
		case "End":
			return { move: rows.length - 1 };
		case "PageDown":
			return { move: Math.min(rows.length - 1, at + Math.max(1, page - 1)) };
		case "PageUp":
			return { move: Math.max(0, at - Math.max(1, page - 1)) };
		case "ArrowRight":
			if (!row.expandable) return {};
			return row.expanded ? { move: at + 1 } : { toggle: row.node.id };
		case "ArrowLeft":
			return row.expanded ? { toggle: row.node.id } : { move: parentOf(rows, at) };
		case "Enter":
		case " ":
			return { select: true };
		default:
			return undefined;
	}
}

/**
 * Type-ahead: the next row, round the end, whose label starts with what was typed.
 * @param {string[]} labels of all rows
 * @param {string} typed
 * @param {number} at
 */
export function typeAhead(labels, typed, at) {
	const words = typed.toLowerCase();
	// One letter again and again goes on; a longer word may stay where it is.
	const start = words.length === 1 ? at + 1 : at;
	for (let step = 0; step < labels.length; step++) {
		const index = (start + step) % labels.length;
		if (labels[index]?.toLowerCase().startsWith(words)) return index;
	}
	return undefined;
}

/** @param {Row[]} rows @param {number} at */
function parentOf(rows, at) {
	const depth = rows[at]?.depth ?? 0;
	for (let up = at - 1; up >= 0; up--) if ((rows[up]?.depth ?? 0) < depth) return up;
	return at;
}
