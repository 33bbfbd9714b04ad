// Verified -> www. `<stow-bytes>`: the exact bytes of a node, pretty with digests to click, or in hex.

import { html, nothing } from "lit";
import { hexLine, hexLineCount } from "../formats/hex.js";
import { lineTokens, scan } from "../formats/pretty.js";
import { exactBytes, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { save } from "../lib/download.js";
import { fileName } from "../lib/file-name.js";
import { COVER, coveredStrings } from "../model/secrets.js";
import { emit, Part } from "./part.js";

const COVERED = html`<span class="covered">${COVER}</span>`;

/** The time for which one slice of the scan may keep the main thread. */
const SLICE = 8;

export class StowBytes extends Part {
	static properties = {
		digest: {},
		bytesOf: {},
		known: {},
		node: {},
		line: {},
		numbered: { type: Boolean },
		open: { state: true },
		view: { state: true },
		loaded: { state: true },
	};

	constructor() {
		super();
		this.digest = "";
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {{ has(digest: string): boolean }} */
		this.known = new Set();
		/** The node of these bytes: likely secrets in it stay covered. @type {import("../types.js").Node | undefined} */
		this.node = undefined;
		/** The line that is marked, from 1. @type {number | undefined} */
		this.line = undefined;
		/** True if lines have numbers that mark them. */
		this.numbered = false;
		this.open = false;
		/** @type {"pretty" | "exact"} */
		this.view = "pretty";
		/** @type {{ bytes: Uint8Array, text?: string, lossy?: boolean, isCovered?: (token: string) => boolean, lines?: import("../formats/pretty.js").Lines } | "loading" | "gone"} */
		this.loaded = "loading";
	}

	/** @param {Map<string, unknown>} changed */
	updated(changed) {
		if (changed.has("digest")) this.load(this.digest);
	}

	/** @param {string} digest */
	async load(digest) {
		this.loaded = "loading";
		this.open = false;
		const bytes = await this.bytesOf?.(digest).catch(() => undefined);
		if (digest !== this.digest) return;
		if (!bytes) {
			this.loaded = "gone";
			return;
		}
		const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
		const lossy = text.includes("\ufffd");
		const lines = await scanned(text, () => digest !== this.digest);
		if (lines && digest === this.digest) {
			const isCovered = this.node && coveredStrings(this.node, text);
			this.loaded = { bytes, text, lossy, lines, isCovered };
		}
	}

	render() {
		const { loaded } = this;
		if (loaded === "loading") return html`<p class="note">${t("bytes.loading")}</p>`;
		if (loaded === "gone") return html`<p class="note">${t("bytes.gone")}</p>`;
		const { bytes, text = "", lossy, isCovered } = loaded;
		const hides = isCovered && !this.open;
		return html`<div class="bytes-bar">
				<div role="group" aria-label=${t("bytes.view")} class="switch">${this.choice("pretty")}${this.choice("exact")}</div>
				<span class="note">${t("bytes.length", { bytes: exactBytes(bytes.length) })}</span>
				${lossy ? nothing : html`<stow-copy .text=${text} label=${t("bytes.copy")}></stow-copy>`}
				<stow-copy .text=${() => hex(bytes)} label=${t("bytes.copyHex")}></stow-copy>
				<button type="button" class="quiet" @click=${() => save(new Blob([/** @type {BlobPart} */ (bytes)]), fileName(this.digest))}>${t("bytes.download")}</button>
			</div>
			${this.numbered && this.view === "pretty" ? this.goTo() : nothing}
			${isCovered ? this.secrets() : nothing}
			${lossy ? html`<p class="note">${t("bytes.notUtf8")}</p>` : nothing}
			${text.startsWith("\ufeff") ? html`<p class="note">${t("bytes.bom")}</p>` : nothing}
			${this.view === "pretty" ? this.pretty(loaded) : hides ? nothing : this.exact(bytes)}`;
	}

	/** A line by its number: it is marked, and in the address. */
	goTo() {
		const count = typeof this.loaded === "object" ? (this.loaded.lines?.count ?? 0) : 0;
		const go = (/** @type {Event} */ { currentTarget }) => {
			const line = Number(/** @type {HTMLInputElement} */ (currentTarget).value);
			emit(this, "stow-place", { line: Number.isInteger(line) && line > 0 && line <= count ? line : undefined });
		};
		return html`<label class="choice">${t("bytes.line")} <input type="number" min="1" max=${count} .value=${String(this.line ?? "")} @change=${go}></label>`;
	}

	/** The covered values, and the button that shows them. */
	secrets() {
		const toggle = () => {
			this.open = !this.open;
		};
		return html`<p class="note">${t(this.open ? "bytes.secret.open" : this.view === "pretty" ? "bytes.secret" : "bytes.secret.exact")}
			<button type="button" class="quiet" aria-pressed=${this.open} @click=${toggle}>${t(this.open ? "secret.hide" : "secret.show")}</button></p>`;
	}

	/** @param {"pretty" | "exact"} view */
	choice(view) {
		return html`<button type="button" aria-pressed=${this.view === view} @click=${() => {
			this.view = view;
		}}>${t(`bytes.${view}`)}</button>`;
	}

	/** @param {{ text?: string, isCovered?: (token: string) => boolean, lines?: import("../formats/pretty.js").Lines }} loaded */
	pretty({ text = "", lines, isCovered = () => false }) {
		const hides = (/** @type {import("../formats/pretty.js").Token} */ { kind, text: written }) =>
			!this.open && kind === "string" && isCovered(written);
		const line = (/** @type {number} */ index) =>
			lineTokens(text, lines, index).map((token) => (hides(token) ? COVERED : this.token(token)));
		return html`<stow-lines class="json" .count=${lines?.count ?? 0} .line=${line} .at=${this.line} ?numbered=${this.numbered} label=${t("bytes.lines", { name: t("bytes.pretty") })}></stow-lines>`;
	}

	/** @param {import("../formats/pretty.js").Token} token */
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
