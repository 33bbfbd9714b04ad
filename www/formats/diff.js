// paste -> www. The difference of two texts, line by line: the longest common subsequence, bounded.

/**
 * @typedef {{ op: "same" | "removed" | "added", text: string }} Line `text` with its line end
 * @typedef {{ op: "skipped", count: number }} Skipped
 */

/** The most pairs of lines that are compared; beyond that the middle is shown as replaced. */
const PAIRS = 1_000_000;
/** Equal lines kept around a change. */
const CONTEXT = 2;

/** Lines with their ends: LF, CRLF or CR alone. @param {string} text */
export const linesOf = (text) => text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];

/**
 * @param {string} before
 * @param {string} after
 * @param {number} [pairs]
 * @returns {Line[]}
 */
export function diffLines(before, after, pairs = PAIRS) {
	const [a, b] = [linesOf(before), linesOf(after)];
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let end = 0;
	while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
	const middle = left.length * right.length > pairs ? replaced(left, right) : common(left, right);
	return [...a.slice(0, start).map(as("same")), ...middle, ...a.slice(a.length - end).map(as("same"))];
}

/**
 * Long runs of equal lines shortened to their first and last ones.
 * @param {Line[]} lines
 * @returns {(Line | Skipped)[]}
 */
export function shortened(lines) {
	/** @type {(Line | Skipped)[]} */
	const kept = [];
	for (let at = 0; at < lines.length; ) {
		let to = at;
		while (lines[to]?.op === "same") to++;
		const head = at === 0 ? 0 : CONTEXT;
		const tail = to === lines.length ? 0 : CONTEXT;
		if (to - at > head + tail + 1) {
			const count = to - at - head - tail;
			kept.push(...lines.slice(at, at + head), { op: "skipped", count }, ...lines.slice(to - tail, to));
		} else kept.push(...lines.slice(at, to));
		for (at = to; at < lines.length && lines[at]?.op !== "same"; at++) kept.push(/** @type {Line} */ (lines[at]));
	}
	return kept;
}

/**
 * White space as signs: what makes two digests differ must be seen.
 * @param {string} text
 */
export const shown = (text) =>
	text.replace(/[ \t\r\n\ufeff\u00a0]/g, (one) => SIGNS[/** @type {keyof typeof SIGNS} */ (one)]);

const SIGNS = { " ": "·", "\t": "⇥", "\r": "\\r", "\n": "↵", "\ufeff": "[BOM]", "\u00a0": "⍽" };

/** @param {Line["op"]} op @returns {(text: string) => Line} */
const as = (op) => (text) => ({ op, text });

/** @param {string[]} left @param {string[]} right */
const replaced = (left, right) => [...left.map(as("removed")), ...right.map(as("added"))];

/** @param {string[]} left @param {string[]} right @returns {Line[]} */
function common(left, right) {
	const width = right.length + 1;
	const table = new Uint32Array((left.length + 1) * width);
	const at = (/** @type {number} */ i, /** @type {number} */ j) => table[i * width + j] ?? 0;
	for (let i = left.length - 1; i >= 0; i--)
		for (let j = right.length - 1; j >= 0; j--)
			table[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	/** @type {Line[]} */
	const lines = [];
	let [i, j] = [0, 0];
	while (i < left.length && j < right.length) {
		if (left[i] === right[j]) {
			lines.push({ op: "same", text: String(left[i++]) });
			j++;
		} else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ op: "removed", text: String(left[i++]) });
		else lines.push({ op: "added", text: String(right[j++]) });
	}
	return [...lines, ...replaced(left.slice(i), right.slice(j))];
}

/** A number with dots, as in versions, is one word. */
const WORD = /[\p{L}\p{N}.]/u;

/**
 * Two texts, each as what comes before the words that differ, those words, and what comes after them.
 * @param {string} before @param {string} after
 * @returns {[[string, string, string], [string, string, string]]}
 */
export function within(before, after) {
	const [a, b] = [[...before], [...after]];
	const least = Math.min(a.length, b.length);
	let start = 0;
	while (start < least && a[start] === b[start]) start++;
	let end = 0;
	while (end < least - start && a.at(-1 - end) === b.at(-1 - end)) end++;
	const isWord = (/** @type {(string | undefined)[]} */ ...any) => any.some((one) => WORD.test(one ?? ""));
	if (isWord(a[start], b[start])) while (start > 0 && isWord(a[start - 1])) start--;
	const [last, other] = [a, b].map((all) => all[all.length - 1 - end]);
	if (isWord(last, other)) while (end > 0 && isWord(a.at(-end))) end--;
	const parts = (/** @type {string[]} */ all) => {
		const to = all.length - end;
		const pieces = [all.slice(0, start), all.slice(start, to), all.slice(to)];
		return /** @type {[string, string, string]} */ (pieces.map((piece) => piece.join("")));
	};
	return [parts(a), parts(b)];
}
