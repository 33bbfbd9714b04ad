// Report -> www. A digest's stripe: eight cells whose colours follow from its hex digits.

/** The number of colours in the style sheet (`--h0` …), and of cells in a stripe. */
export const COLOURS = 8;
export const CELLS = 8;

/**
 * The hex digits in eight groups; each cell takes its colour from the first digit of its group, halved. It is a help for
 * the eye, never a proof.
 * @param {string | null | undefined} digest whole, or as much of its beginning as is known
 * @returns {number[]} from 0 to 7; fewer than eight for a beginning, none for what is no digest
 */
export function cellsOf(digest) {
	const hex = /^(?:sha(256|512):)?([0-9a-f]{6,128})$/i.exec(digest ?? "");
	if (!hex) return [];
	const digits = hex[2] ?? "";
	const group = (hex[1] === "512" || digits.length > 64 ? 128 : 64) / CELLS;
	const cells = [];
	for (let at = 0; at < digits.length; at += group) cells.push(Number.parseInt(digits[at] ?? "0", 16) >> 1);
	return cells;
}
