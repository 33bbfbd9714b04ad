// paste -> www. The pasted text with what was understood in it marked, as far as it is not too long to be read.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../types.js").PastedText} PastedText */

/** Longer texts are not drawn; of the others only lines with marks and their neighbours. */
const LONGEST = 256 * 1024;
const LINES = 60;
/** Lines around a marked one. */
const AROUND = 1;

/** @param {string | undefined} text as it was given @param {PastedText} pasted */
export function markedText(text, { spans, secret }) {
	if (text === undefined || spans.length === 0 || text.length > LONGEST || secret) return nothing;
	const kinds = [...new Set(spans.map(({ what }) => what))];
	return html`<details class="marked" ?open=${lineCount(text) <= LINES}><summary>${t("pasted.marked", { n: spans.length })}
			${kinds.map((kind) => html`<mark class=${`span-${kind}`}>${t(`pasted.span.${kind}`)}</mark>`)}</summary>
		<div class="scroll" tabindex="0" role="group" aria-label=${t("pasted.marked.label")}><pre>${linesOf(text, spans)}</pre></div></details>`;
}

/** @param {string} text */
const lineCount = (text) => text.split("\n", LINES + 1).length;

/** @param {string} text @param {PastedText["spans"]} spans */
function linesOf(text, spans) {
	const lines = text.split("\n");
	let at = 0;
	const starts = lines.map((line) => {
		at += line.length + 1;
		return at - line.length - 1;
	});
	return drawn(lines, starts, spans);
}

/** @param {string[]} lines @param {number[]} starts @param {PastedText["spans"]} spans */
function drawn(lines, starts, spans) {
	const rows = [];
	let [next, gap] = [0, false];
	for (let at = 0; at < lines.length && rows.length < LINES * 2; at++) {
		const [start, end] = [starts[at] ?? 0, (starts[at] ?? 0) + (lines[at]?.length ?? 0)];
		while (next < spans.length && (spans[next]?.end ?? 0) <= start) next++;
		const own = [];
		for (let one = next; one < spans.length && (spans[one]?.start ?? 0) < end; one++) own.push(spans[one]);
		const near = (starts[at - AROUND] ?? start) - 1;
		const until = starts[at + 1 + AROUND] ?? Number.POSITIVE_INFINITY;
		const shown =
			own.length > 0 || [spans[next - 1], spans[next]].some((one) => one && one.end > near && one.start < until);
		if (shown) rows.push(gap ? html`<span class="gap">⋯</span>\n` : nothing, row(lines[at] ?? "", start, own));
		gap = !shown;
	}
	return rows;
}

/** @param {string} line @param {number} start @param {(PastedText["spans"][number] | undefined)[]} spans */
function row(line, start, spans) {
	const parts = [];
	let from = 0;
	for (const span of spans) {
		if (!span) continue;
		const [first, last] = [Math.max(span.start - start, from), Math.min(span.end - start, line.length)];
		parts.push(plain(line.slice(from, first)));
		parts.push(
			html`<mark class=${`span-${span.what}`} title=${t(`pasted.span.${span.what}`)}>${visible(line.slice(first, last), WIDEST)}</mark>`,
		);
		from = last;
	}
	return html`${parts}${plain(line.slice(from))}\n`;
}

/** The most characters that one line shows between two marks. */
const WIDEST = 400;

/** @param {string} text */
const plain = (text) => (text ? visible(text.replace(/\r$/, ""), WIDEST) : nothing);
