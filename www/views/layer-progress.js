// LayerProgress -> www. The layers that are being read now, one by one: progress, speed, time left.

import { html, nothing } from "lit";
import { shortDigest, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";

/** @typedef {{ n: number, digest: string | null, done: number, total: number | undefined, note: string }} Line `n`: its place in the image, from 1 */

/** More than any pool of workers reads at once. */
const LISTED = 8;

/** One alone is the whole, which has its bar already. @param {Line[]} lines @param {number} layers of all */
export function readingView(lines, layers) {
	if (layers < 2 || lines.length === 0) return nothing;
	return html`<ul class="plain">${lines.slice(0, LISTED).map(({ n, digest, done, total, note }) => {
		const name = t("layers.one", { n });
		return html`<li><p><span>${name} <code>${shortDigest(digest)}</code></span> <span class="note">${visible(note, 300)}</span></p>
			<progress aria-label=${name} max=${total ?? nothing} .value=${total ? Math.min(done, total) : nothing}></progress></li>`;
	})}</ul>`;
}
