// files -> www. The change that pins the images of a file, by its lines: what goes, what comes, and the part that differs.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** @param {Event} event */
const copy = (event) => emit(event.currentTarget, "stow-pins", { act: "patch" });

/** The change, drawn by the lines of its patch. @param {string} patch @param {string} name of the file */
export function change(patch, name) {
	const lines = linesOf(patch);
	const count = lines.filter(({ sign }) => sign === "+").length;
	return html`<div class="change-title"><h2>${t("pins.preview")}</h2><p class="note">${t("pins.changes", { n: count })}</p></div>
		<div class="change"><p class="change-head"><span>${visible(name, 100)}</span> <span class="note">+${count} −${count}</span>
			<button type="button" class="quiet" @click=${copy}>${t("pins.patch")}</button></p>
		<div class="scroll" tabindex="0" role="group" aria-label=${t("pins.preview")}>${lines.slice(0, LINES).map(drawn)}</div></div>`;
}

/** @typedef {{ sign: string, number: number, text: string, other?: string }} Line */

/** @param {string} patch @returns {Line[]} the lines of the hunks; a removed and an added one with the same number are a pair */
function linesOf(patch) {
	/** @type {Line[]} */
	const lines = [];
	let [old, now] = [0, 0];
	for (const line of patch.split("\n").slice(2)) {
		const [sign = "", text] = [line[0], line.slice(1).replace(/\r$/, "")];
		if (sign === "@") {
			const next = Number(/-(\d+)/.exec(line)?.[1]);
			// Parts that meet need no mark between them.
			if (next > old && next > 1) lines.push({ sign, number: 0, text: "…" });
			old = now = next;
		} else if (sign === "-") lines.push({ sign, number: old++, text });
		else if (sign === "+") {
			const pair = lines.find(({ sign, number }) => sign === "-" && number === now);
			if (pair) pair.other = text;
			lines.push({ sign, number: now++, text, other: pair?.text });
		} else if (sign === " ") {
			lines.push({ sign, number: old++, text });
			now++;
		}
	}
	return lines;
}

/** @param {Line} line */
function drawn({ sign, number, text, other }) {
	const body = html`<span class="no">${number || "…"}</span><span class="sign">${{ "-": "−", "+": "+" }[sign] ?? ""}</span><code>${sign === "@" ? nothing : other === undefined ? visible(text, WIDEST) : differing(text, other)}</code>`;
	if (sign === "-") return html`<del>${body}</del>`;
	return sign === "+" ? html`<ins>${body}</ins>` : html`<div>${body}</div>`;
}

/** A line with the part marked in which it differs from another. @param {string} text @param {string} other */
function differing(text, other) {
	let [start, end] = [0, 0];
	while (start < text.length && text[start] === other[start]) start++;
	while (end < Math.min(text.length, other.length) - start && text.at(-1 - end) === other.at(-1 - end)) end++;
	const part = text.slice(start, text.length - end);
	return html`${visible(text.slice(0, start), WIDEST)}${part ? html`<mark>${visible(part, WIDEST)}</mark>` : nothing}${visible(text.slice(text.length - end), WIDEST)}`;
}

/** The most characters of a line that are drawn. */
const WIDEST = 500;

/** The most lines of a patch that are drawn. */
const LINES = 500;
