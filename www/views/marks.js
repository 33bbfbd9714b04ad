// Line: Report -> www. The verdict's mark, a digest's bar and a digest with its button: the page's smallest views.

import { html, nothing, svg } from "lit";
import { COLOURS, LEVELS, STRIPES, stripesOf } from "../anatomy/digest-colours.js";
import { emit } from "../elements/part.js";
import { shortDigest, visible } from "../format.js";
import { t } from "../strings.js";

const SHAPES = { pass: "✓", fail: "✗", warn: "!", "not-checked": "○" };

/**
 * Shape, colour and, for those who cannot see them or where `words` is asked, the word.
 * @param {import("../types.js").Outcome} outcome
 * @param {boolean} [words]
 */
export function mark(outcome, words = false) {
	return html`<span class="mark mark-${outcome}"><span aria-hidden="true" class="shape">${SHAPES[outcome]}</span><span
		class=${words ? "word" : "sr"}>${t(`outcome.${outcome}`)}</span></span>`;
}

const WIDTH = 6;
const HEIGHT = 16;
const LOWEST = 6;

/** @param {string | null} digest */
export function digestBar(digest) {
	if (!digest) return nothing;
	const stripes = stripesOf(digest).map(({ colour, level }, index) => {
		const height = LOWEST + ((HEIGHT - LOWEST) * (level - 1)) / (LEVELS - 1);
		return svg`<rect class="digest-${colour % COLOURS}" x=${index * WIDTH} y=${HEIGHT - height} width=${WIDTH - 1} height=${height}></rect>`;
	});
	return html`<svg class="bar" aria-hidden="true" viewBox="0 0 ${STRIPES * WIDTH - 1} ${HEIGHT}">${stripes}</svg>`;
}

/**
 * A digest in full with its bar and a copy button.
 * @param {string} digest
 * @param {string} what
 */
export function fullDigest(digest, what) {
	return html`<span class="full-digest">${digestBar(digest)}<code>${visible(digest, 200)}</code>
		<stow-copy .text=${digest} what=${what}></stow-copy></span>`;
}

/**
 * A short digest that selects its node where there is one.
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
