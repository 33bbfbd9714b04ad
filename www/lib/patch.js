// Off the line: the change of a file as a patch, as `git apply` and `patch -p1` take it. The lines stay as many as they were.

/** Lines around a change. */
const AROUND = 3;

/** @param {string} before @param {string} after of as many lines @param {string} name of the file @returns {string} */
export function patchOf(before, after, name) {
	const [old, now] = [linesOf(before), linesOf(after)];
	const changed = old.flatMap((line, at) => (line === now[at] ? [] : [at]));
	if (changed.length === 0) return "";
	const hunks = changed.reduce(grouped, /** @type {number[][]} */ ([])).map((places) => hunk(old, now, places));
	return `--- a/${name}\n+++ b/${name}\n${hunks.join("")}`;
}

/** Changes whose surroundings meet are one hunk. @param {number[][]} hunks @param {number} at */
function grouped(hunks, at) {
	const last = hunks.at(-1);
	if (last && at - (last.at(-1) ?? 0) <= 2 * AROUND) last.push(at);
	else hunks.push([at]);
	return hunks;
}

/** @param {string[]} old @param {string[]} now @param {number[]} places */
function hunk(old, now, places) {
	const [first = 0, last = 0] = [places[0], places.at(-1)];
	const [start, end] = [Math.max(0, first - AROUND), Math.min(old.length, last + AROUND + 1)];
	const parts = [`@@ -${start + 1},${end - start} +${start + 1},${end - start} @@\n`];
	for (let at = start; at < end; ) {
		if (old[at] === now[at]) {
			parts.push(marked(" ", old[at++]));
			continue;
		}
		const from = at;
		while (at < end && old[at] !== now[at]) at++;
		parts.push(...old.slice(from, at).map((line) => marked("-", line)));
		parts.push(...now.slice(from, at).map((line) => marked("+", line)));
	}
	return parts.join("");
}

/** @param {string} sign @param {string} [line] */
const marked = (sign, line = "") =>
	line.endsWith("\n") ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;

/** Lines with their ends; a carriage return is a part of its line. @param {string} text */
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
