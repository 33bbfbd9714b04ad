// file content -> www. `<stow-content>`: one file of a layer: text, JSON, hex, an image, an ELF header; its own digest.

import { html, nothing } from "lit";
import { t } from "../../i18n/strings.js";
import { download, failed, summary, waiting } from "../../views/content/around-content.js";
import { MAX_TEXT, shownAs, textOf } from "../../views/content/content-kind.js";
import { elfView } from "../../views/content/elf-table.js";
import { linesOf } from "../../views/content/text-lines.js";
import { hexLines, image, jsonLines, textEnd, textLines } from "../../views/content/ways.js";
import { shownName, shownPath } from "../../views/files/file-text.js";
import { scanned } from "../bytes.js";
import { emit, Part } from "../part.js";

export class StowContent extends Part {
	static properties = { reading: {}, way: { state: true }, json: { state: true }, broken: { state: true } };

	constructor() {
		super();
		/** @type {import("../../views/content/around-content.js").Reading | undefined} */
		this.reading = undefined;
		/** @type {import("../../views/content/content-kind.js").Way | undefined} */
		this.way = undefined;
		/** @type {import("../../formats/pretty.js").Lines | undefined} */
		this.json = undefined;
		this.broken = false;
		/** @type {Uint8Array | undefined} */
		this.bytes = undefined;
		/** @type {import("../../views/content/content-kind.js").Shown | undefined} */
		this.shown = undefined;
		/** @type {{ text: string, starts: Uint32Array, cut: boolean } | undefined} */
		this.decoded = undefined;
		this.url = "";
	}

	/** Bytes are judged once; a progress step brings the same ones again. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("reading") || this.reading?.bytes === this.bytes) return;
		const before = /** @type {import("../../views/content/around-content.js").Reading | undefined} */ (
			changed.get("reading")
		);
		this.release();
		this.bytes = this.reading?.bytes;
		if (!this.bytes) return;
		this.shown = shownAs(this.bytes, !!this.reading?.truncated, !!this.reading?.elf);
		const same = before?.path === this.reading?.path && this.way && this.shown.ways.includes(this.way);
		if (!same) this.way = this.shown.ways[0];
	}

	updated() {
		if (this.way === "json" && !this.json && this.bytes) this.scan(this.bytes);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.release();
		this.bytes = undefined;
	}

	release() {
		if (this.url) URL.revokeObjectURL(this.url);
		this.url = "";
		this.shown = undefined;
		this.decoded = undefined;
		this.json = undefined;
		this.broken = false;
	}

	/** @param {Uint8Array} bytes */
	async scan(bytes) {
		const lines = await scanned(this.text().text, () => this.bytes !== bytes);
		if (lines && this.bytes === bytes) this.json = lines;
	}

	text() {
		if (!this.decoded) {
			const text = textOf(this.bytes?.subarray(0, MAX_TEXT) ?? new Uint8Array(), this.shown?.encoding ?? "utf-8");
			this.decoded = { text, ...linesOf(text) };
		}
		return this.decoded;
	}

	render() {
		const { reading } = this;
		if (!reading) return nothing;
		const name = shownPath(reading.path);
		return html`<section class="content" aria-label=${t("content.label", { name })}>
			<div class="content-head"><h3><code>${name}</code></h3><span class="note">${t("files.in.long", { n: reading.layer + 1 })}</span>
				<button type="button" class="quiet" @click=${() => emit(this, "stow-content-close")}>${t("content.close")}</button></div>
			${reading.error ? failed(reading) : nothing}
			${!reading.bytes && !reading.error ? waiting(reading) : nothing}
			${reading.bytes ? html`${summary(reading)}${this.body(reading.bytes)}` : nothing}
		</section>`;
	}

	/** @param {Uint8Array} bytes */
	body(bytes) {
		const { shown, way, reading } = this;
		if (!shown || !reading) return nothing;
		if (bytes.length === 0) return html`<p class="note">${t("content.empty")}</p>`;
		const isText = way === "text" || way === "json";
		return html`<div class="bytes-bar">
				<div role="group" aria-label=${t("content.view")} class="switch">${shown.ways.map((one) => this.choice(one))}</div>
				${isText ? html`<stow-copy .text=${() => this.text().text} label=${t("content.copy")}></stow-copy>` : nothing}
				${download(reading)}
				${isText ? html`<span class="note">${t(`content.encoding.${shown.encoding}`)}, ${t("content.lines", { n: this.text().starts.length })}</span>` : nothing}
			</div>
			${this.view(bytes)}`;
	}

	/** @param {import("../../views/content/content-kind.js").Way} way */
	choice(way) {
		return html`<button type="button" aria-pressed=${this.way === way} @click=${() => {
			this.way = way;
		}}>${t(`content.view.${way}`)}</button>`;
	}

	/** @param {Uint8Array} bytes */
	view(bytes) {
		const { picture } = this.shown ?? {};
		const { elf } = this.reading ?? {};
		if (this.way === "elf" && elf) return elfView(elf);
		if (this.way === "image" && picture) return image(picture, this.pictured(bytes, picture.type));
		if (this.way === "json") return html`${jsonLines(this.text().text, this.json)}${textEnd(bytes.length)}`;
		return this.way === "text" ? textLines(this.text(), bytes.length) : hexLines(bytes);
	}

	/** @param {Uint8Array} bytes @param {string} type one of four, never what the file calls itself */
	pictured(bytes, type) {
		const url = () => {
			this.url ||= URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
			return this.url;
		};
		const fail = () => {
			this.broken = true;
		};
		return { name: shownName(this.reading?.path ?? ""), url, broken: this.broken, fail };
	}
}
