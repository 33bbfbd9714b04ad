// file content -> www. A text as lines that are found once and cut out when they are drawn.

/** The longest part of a line that is shown. */
const MAX_LINE = 2000;
/** The most lines that are found: a file of newlines must not cost four bytes for each of its own. */
export const MAX_LINES = 2_000_000;

/**
 * The start of each line; a last newline starts none.
 * @param {string} text
 * @returns {{ starts: Uint32Array, cut: boolean }}
 */
export function linesOf(text) {
	let starts = new Uint32Array(1024);
	let count = 0;
	let at = 0;
	while (at < text.length && count < MAX_LINES) {
		if (count === starts.length) starts = grown(starts);
		starts[count++] = at;
		const end = text.indexOf("\n", at);
		at = end < 0 ? text.length : end + 1;
	}
	return { starts: starts.subarray(0, count), cut: at < text.length };
}

/** @param {Uint32Array} old */
function grown(old) {
	const next = new Uint32Array(old.length * 2);
	next.set(old);
	return next;
}

/**
 * One line without its end, and how many characters of it are left out.
 * @param {string} text @param {Uint32Array} starts @param {number} index
 */
export function lineAt(text, starts, index) {
	const from = starts[index] ?? text.length;
	const next = text.indexOf("\n", from);
	const end = next < 0 ? text.length : next;
	const line = text.slice(from, Math.min(end, from + MAX_LINE));
	return { line: line.endsWith("\r") ? line.slice(0, -1) : line, more: Math.max(0, end - from - MAX_LINE) };
}
