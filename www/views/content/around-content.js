// file content -> www. Draws the facts around a file's content: its digest, the bytes that are kept, the checks of its layer.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { save } from "../../lib/download.js";
import { checkWords } from "../core-words.js";
import { safeName } from "../files/file-text.js";
import { fullDigest, mark } from "../marks.js";

/**
 * A file that is read, or being read: the host of `<stow-content>` makes a new one at each step.
 * @typedef {object} Reading
 * @property {string} path
 * @property {number} layer position
 * @property {string} [id] of the layer's node
 * @property {number} [at] of the entry
 * @property {Uint8Array} [bytes]
 * @property {number} [size] of the whole file
 * @property {string} [digest] of the whole file
 * @property {boolean} [truncated]
 * @property {import("../../types.js").Elf} [elf]
 * @property {number} [most] how many bytes were asked for
 * @property {boolean} [chunks] each of its chunks fits the table of contents that the manifest proves
 * @property {import("../../types.js").Check} [first] why the layer is not proved, if no more of it was read than the file takes
 * @property {import("../../types.js").Check[]} [verdict] of the layer, once it was read to its end
 * @property {{ bytes: number, total?: number | null }} [progress]
 * @property {{ code?: string, message?: string }} [error]
 */

/** The most bytes of one file that a page holds. */
export const MOST = 128 * 1024 * 1024;
/** Each button press asks for so many times as much. */
const STEP = 8;

/** @param {Reading} reading */
export function waiting({ layer, progress }) {
	const { bytes = 0, total } = progress ?? {};
	const words = total
		? t("content.reading", { n: layer + 1, done: size(bytes), total: size(total) })
		: t("content.readingOpen", { n: layer + 1, done: size(bytes) });
	return html`<p class="content-wait"><span>${words}</span>
			<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-content-cancel")}>${t("content.cancel")}</button></p>
		<progress max=${total || nothing} .value=${total ? Math.min(bytes, total) : nothing} aria-label=${words}></progress>`;
}

/** @param {Reading} reading */
export function failed({ error }) {
	const why = error?.code === "aborted" ? t("files.error.aborted") : visible(error?.message ?? "", 500);
	return html`<p class="content-fail">${mark("fail")} ${t("content.failed", { why })}</p>`;
}

/** Digest, size and what was left out. @param {Reading} reading */
export function summary(reading) {
	const { digest, size: whole = 0, bytes, truncated } = reading;
	return html`<dl class="content-facts">
			<dt>${t("content.digest")}</dt><dd>${digest ? fullDigest(digest, t("content.digest")) : nothing}</dd>
			<dt>${t("file.size")}</dt><dd>${exactBytes(whole)}${whole >= 1024 ? html` <span class="note">${size(whole)}</span>` : nothing}</dd>
		</dl>
		${truncated ? cut(reading, bytes?.length ?? 0) : nothing}
		${proof(reading)}`;
}

/** @param {Reading} reading @param {number} kept */
function cut(reading, kept) {
	const most = Math.min(MOST, Math.max(kept, 1) * STEP);
	const whole = reading.size ?? 0;
	return html`<p class="content-cut">${t("content.truncated", { kept: size(kept), size: size(whole) })}
		${
			kept < MOST
				? html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-open-file", asked(reading, most))}>
			${t("content.more", { size: size(Math.min(most, whole)) })}</button>`
				: t("content.most")
		}</p>`;
}

/** @param {Reading} reading @param {number} most */
const asked = ({ path, layer, id, at, size: whole }, most) => ({ path, layer, id, at, size: whole, most });

/** A file is only as good as the layer that it came out of. @param {Reading} reading */
function proof({ layer, verdict, error, chunks, first }) {
	if (first) {
		const words = t("content.first", { n: layer + 1, message: checkWords(first) });
		return html`<p class="content-proof">${mark("not-checked")} ${words}</p>`;
	}
	if (chunks && verdict) return html`<p class="content-proof">${mark("pass")} ${t("content.chunks")}</p>`;
	if (!verdict) return error ? nothing : html`<p class="note">${t("content.pending", { n: layer + 1 })}</p>`;
	const found = proofOf(verdict);
	const { outcome } = found;
	const words =
		outcome === "pass"
			? t("content.proved", { n: layer + 1 })
			: t("content.unproved", { n: layer + 1, message: found.message ? checkWords(found) : t("verdict.nothing") });
	return html`<p class="content-proof">${mark(outcome)} ${words}</p>`;
}

/**
 * The proof of a layer's files: they pass only if nothing failed and the layer's digest was proved.
 * @param {import("../../types.js").Check[]} verdict
 * @returns {import("../../types.js").Check}
 */
export function proofOf(verdict) {
	const failed = verdict.find(({ outcome }) => outcome === "fail");
	const digest = verdict.find(({ id }) => id === "digest");
	return failed ?? digest ?? NOTHING;
}

/** @type {import("../../types.js").Check} */
const NOTHING = { id: "digest", outcome: "not-checked", expected: null, actual: null, source: null, message: "" };

/** @param {Reading} reading */
export function download({ path, bytes, truncated }) {
	const words = truncated ? t("content.downloadPart", { size: size(bytes?.length) }) : t("content.download");
	// Never a type that a browser would run or show.
	const blob = () => new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/octet-stream" });
	return html`<button type="button" class="quiet" @click=${() => save(blob(), safeName(path))}>${words}</button>`;
}
