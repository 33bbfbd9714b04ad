// Line: Verified -> www. `<stow-bytes>`: the exact bytes of a node, pretty with digests to click, or in hex.

import { html, nothing } from "lit";
import { fileName } from "../by-hand.js";
import { exactBytes, visible } from "../format.js";
import { hexLine, hexLineCount } from "../hex.js";
import { lineTokens, scan } from "../pretty.js";
import { save } from "../save.js";
import { t } from "../strings.js";
import { emit, Part } from "./part.js";

/** How long one slice of the scan may keep the main thread. */
const SLICE = 8;

export class StowBytes extends Part {
	static properties = { digest: {}, bytesOf: {}, known: {}, view: { state: true }, loaded: { state: true } };

	constructor() {
		super();
		this.digest = "";
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {{ has(digest: string): boolean }} */
		this.known = new Set();
		/** @type {"pretty" | "exact"} */
		this.view = "pretty";
		/** @type {{ bytes: Uint8Array, text?: string, lossy?: boolean, lines?: import("../pretty.js").Lines } | "loading" | "gone"} */
		this.loaded = "loading";
	}

	/** @param {Map<string, unknown>} changed */
	updated(changed) {
		if (changed.has("digest")) this.load(this.digest);
	}

	/** @param {string} digest */
	async load(digest) {
		this.loaded = "loading";
		const bytes = await this.bytesOf?.(digest).catch(() => undefined);
		if (digest !== this.digest) return;
		if (!bytes) {
			this.loaded = "gone";
			return;
		}
		const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
		const lossy = text.includes("\ufffd");
		const lines = await scanned(text, () => digest !== this.digest);
		if (lines && digest === this.digest) this.loaded = { bytes, text, lossy, lines };
	}

	render() {
		const { loaded } = this;
		if (loaded === "loading") return html`<p class="note">${t("bytes.loading")}</p>`;
		if (loaded === "gone") return html`<p class="note">${t("bytes.gone")}</p>`;
		const { bytes, text = "", lossy } = loaded;
		return html`<div class="bytes-bar">
				<div role="group" aria-label=${t("bytes.view")} class="switch">${this.choice("pretty")}${this.choice("exact")}</div>
				<span class="note">${t("bytes.length", { bytes: exactBytes(bytes.length) })}</span>
				${lossy ? nothing : html`<stow-copy .text=${text} label=${t("bytes.copy")}></stow-copy>`}
				<stow-copy .text=${() => hex(bytes)} label=${t("bytes.copyHex")}></stow-copy>
				<button type="button" class="quiet" @click=${() => save(new Blob([/** @type {BlobPart} */ (bytes)]), fileName(this.digest))}>${t("bytes.download")}</button>
			</div>
			${lossy ? html`<p class="note">${t("bytes.notUtf8")}</p>` : nothing}
			${text.startsWith("\ufeff") ? html`<p class="note">${t("bytes.bom")}</p>` : nothing}
			${this.view === "pretty" ? this.pretty(loaded) : this.exact(bytes)}`;
	}

	/** @param {"pretty" | "exact"} view */
	choice(view) {
		return html`<button type="button" aria-pressed=${this.view === view} @click=${() => {
			this.view = view;
		}}>${t(`bytes.${view}`)}</button>`;
	}

	/** @param {{ text?: string, lines?: import("../pretty.js").Lines }} loaded */
	pretty({ text = "", lines }) {
		const line = (/** @type {number} */ index) => lineTokens(text, lines, index).map((token) => this.token(token));
		return html`<stow-lines class="json" .count=${lines?.count ?? 0} .line=${line} label=${t("bytes.lines", { name: t("bytes.pretty") })}></stow-lines>`;
	}

	/** @param {import("../pretty.js").Token} token */
	token({ kind, text, digest }) {
		if (digest && this.known.has(digest)) {
			return html`<button type="button" class="token-digest" title=${t("bytes.goto", { digest })}
				@click=${() => emit(this, "stow-select-digest", { digest })}>${visible(text)}</button>`;
		}
		return kind === "space" ? text : html`<span class="token-${kind}">${visible(text)}</span>`;
	}

	/** @param {Uint8Array} bytes */
	exact(bytes) {
		const line = (/** @type {number} */ index) => {
			const { offset, hex: digits, text } = hexLine(bytes, index);
			return html`<span class="offset">${offset}</span>  ${digits}  <span class="ascii">${text}</span>`;
		};
		return html`<stow-lines class="hex" .count=${hexLineCount(bytes)} .line=${line} label=${t("bytes.lines", { name: t("bytes.exact") })}></stow-lines>`;
	}
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Finds the lines in slices, so that a 4 MiB document leaves the page usable.
 * @param {string} text @param {() => boolean} stop
 */
export async function scanned(text, stop) {
	const scanner = scan(text);
	for (;;) {
		await new Promise((resume) => setTimeout(resume));
		if (stop()) return undefined;
		const until = performance.now() + SLICE;
		if (scanner.run(() => performance.now() > until)) return scanner.lines;
	}
}
