// Report -> www. The marks of a verdict, a digest's stripe and a digest with its button: the page's smallest views.

import { html, nothing, svg } from "lit";
import { cellsOf } from "../anatomy/digest-colours.js";
import { emit } from "../elements/part.js";
import { shortDigest, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";

/** @typedef {import("../types.js").Outcome | "info" | "busy"} Mark */

/** A disc with a tick, an octagon with a cross, a triangle, a ring, a ring with an i, a turning arc. @type {Record<Mark, ReturnType<typeof svg>>} */
const SHAPES = {
	pass: svg`<circle class="body" cx="8" cy="8" r="8"/><path class="cut" d="m4.7 8.3 2.2 2.2 4.4-4.7"/>`,
	fail: svg`<path class="body" d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z"/><path class="cut" d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2"/>`,
	warn: svg`<path class="body" d="M8 1 15.6 14.7H.4z"/><path class="cut" d="M8 5.8v4m0 2.3v.1"/>`,
	"not-checked": svg`<circle class="ring" cx="8" cy="8" r="7"/>`,
	info: svg`<circle class="ring" cx="8" cy="8" r="7"/><path class="ring" d="M8 7.3v4M8 4.6v.1"/>`,
	busy: svg`<path class="ring turning" d="M8 1a7 7 0 0 1 7 7"/>`,
};

/** @param {Mark} of */
const shape = (of) => html`<svg class="shape" aria-hidden="true" viewBox="0 0 16 16">${SHAPES[of]}</svg>`;

/**
 * Shape, colour and, for those who cannot see them or if `words` is asked, the word.
 * @param {Mark} outcome
 * @param {boolean} [words]
 * @param {string} [word] another word than the outcome's own
 */
export function mark(outcome, words = false, word = t(`outcome.${outcome}`)) {
	return html`<span class="mark mark-${outcome}">${shape(outcome)}<span class=${words ? "word" : "sr"}>${word}</span></span>`;
}

/** @param {string | null | undefined} digest */
export function digestBar(digest) {
	const cells = cellsOf(digest);
	if (cells.length === 0) return nothing;
	return html`<svg class="bar" aria-hidden="true" viewBox="0 0 40 10" preserveAspectRatio="none">${cells.map(
		(colour, at) => svg`<rect class="h${colour}" x=${at * 5} width="5" height="10"></rect>`,
	)}</svg>`;
}

/**
 * A digest in full with its stripe and a copy button: two lines of 32 digits if there is no room for one.
 * @param {string} digest
 * @param {string} what
 */
export function fullDigest(digest, what) {
	const shown = visible(digest, 200);
	const colon = shown.indexOf(":") + 1;
	const digits = shown.slice(colon).match(/.{1,32}/gsu) ?? [];
	return html`<span class="full-digest"><span class="digest-head">${digestBar(digest)}<stow-copy .text=${digest} what=${what}></stow-copy></span><code><span class="algorithm">${shown.slice(0, colon)}</span>${digits.map((part) => html`<span class="digits">${part}</span>`)}</code></span>`;
}

/**
 * A short digest that selects its node if there is one.
 * @param {string | null | undefined} digest
 * @param {boolean} [known] whether a node with this digest can be selected
 */
export function digestLink(digest, known = true) {
	if (!digest) return nothing;
	const inner = html`${digestBar(digest)}<code>${shortDigest(digest)}</code>`;
	if (!known) return html`<span class="digest" title=${visible(digest, 200)}>${inner}</span>`;
	return html`<button type="button" class="digest link" title=${visible(digest, 200)}
		@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-select-digest", { digest })}>${inner}</button>`;
}
