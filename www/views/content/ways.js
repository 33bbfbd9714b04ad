// file content -> www. The ways to show a file's bytes: lines of text, JSON or hex, an image.

import { html, nothing } from "lit";
import { hexLine, hexLineCount } from "../../formats/hex.js";
import { lineTokens } from "../../formats/pretty.js";
import { size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { MAX_TEXT } from "./content-kind.js";
import { lineAt, MAX_LINES } from "./text-lines.js";

/** More pixels than this are not decoded: a small file can claim any number. */
const MAX_PIXELS = 50_000_000;

/** @param {{ text: string, starts: Uint32Array, cut: boolean }} decoded @param {number} length of the bytes */
export function textLines({ text, starts, cut }, length) {
	const line = (/** @type {number} */ index) => {
		const { line: words, more } = lineAt(text, starts, index);
		return more > 0 ? visible(words) + t("content.longLine", { n: more }) : visible(words);
	};
	return html`${lines("text", starts.length, line)}${cut ? html`<p class="note">${t("content.cutLines", { n: MAX_LINES })}</p>` : nothing}${textEnd(length)}`;
}

/** @param {string} text @param {import("../../formats/pretty.js").Lines | undefined} found nothing while they are looked for */
export function jsonLines(text, found) {
	if (!found) return html`<p class="note">${t("bytes.loading")}</p>`;
	const line = (/** @type {number} */ index) =>
		lineTokens(text, found, index).map(({ kind, text: part }) =>
			kind === "space" ? part : html`<span class="token-${kind}">${visible(part)}</span>`,
		);
	return lines("json", found.count, line);
}

/** The end of the part that is shown as text, if that is not all that is kept. @param {number} length */
export const textEnd = (length) =>
	length > MAX_TEXT ? html`<p class="note">${t("content.cutText", { size: size(MAX_TEXT) })}</p>` : nothing;

/** @param {Uint8Array} bytes */
export function hexLines(bytes) {
	const line = (/** @type {number} */ index) => {
		const { offset, hex, text } = hexLine(bytes, index);
		return html`<span class="offset">${offset}</span>  ${hex}  <span class="ascii">${text}</span>`;
	};
	return lines("hex", hexLineCount(bytes), line);
}

/** @param {"text" | "json" | "hex"} way @param {number} count @param {(index: number) => unknown} line */
const lines = (way, count, line) =>
	html`<stow-lines class=${way} .count=${count} .line=${line} label=${t("bytes.lines", { name: t(`content.view.${way}`) })}></stow-lines>`;

/**
 * @param {import("../../formats/image-kind.js").Picture} picture
 * @param {{ name: string, url: () => string, broken: boolean, fail: () => void }} how `url`: made only if it is shown
 */
export function image({ type, width, height }, { name, url, broken, fail }) {
	if (width && height && width * height > MAX_PIXELS) {
		return html`<p class="note">${t("content.image.large", { width, height })}</p>`;
	}
	if (broken) return html`<p class="note">${t("content.image.broken")}</p>`;
	const words = width && height ? t("content.image", { type, width, height }) : t("content.image.unsized", { type });
	return html`<figure class="content-image"><img src=${url()} decoding="async" alt=${t("content.image.alt", { name })} @error=${fail}>
		<figcaption class="note">${words}</figcaption></figure>`;
}
