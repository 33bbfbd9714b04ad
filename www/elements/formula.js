// Line: Report -> www. `<stow-formula>`: one identity's formula opened: what goes into the hash, and the hash made again here.

import { html, nothing } from "lit";
import { exactBytes, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { inputOf } from "../model/formulas.js";
import { recipeList } from "../views/hand.js";
import { Part } from "./part.js";

/** Larger contents are not hashed a second time. */
const MAX_BYTES = 16 * 1024 * 1024;

export class StowFormula extends Part {
	static properties = { identity: {}, model: {}, bytesOf: {}, made: { state: true } };

	constructor() {
		super();
		/** @type {import("../model/image-identities.js").Identity | undefined} */
		this.identity = undefined;
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {{ length: number, digest?: string } | undefined} what the bytes hash to, made here */
		this.made = undefined;
		this.value = "";
	}

	/** The parent draws anew with equal identities; only another value is work. */
	willUpdate() {
		const key = `${this.identity?.what} ${this.identity?.value}`;
		if (key === this.value) return;
		this.value = key;
		this.made = undefined;
		this.make(key);
	}

	/** @param {string} key */
	async make(key) {
		if (!this.identity || !this.model) return;
		const input = inputOf(this.identity, this.model);
		const bytes =
			input.kind === "text"
				? new TextEncoder().encode(input.text)
				: input.digest && (await this.bytesOf?.(input.digest).catch(() => undefined));
		if (!bytes) return;
		const digest = bytes.length <= MAX_BYTES ? await hashed(bytes, this.identity.value) : undefined;
		if (key === this.value) this.made = { length: bytes.length, digest };
	}

	render() {
		const { identity, model } = this;
		if (!identity || !model) return nothing;
		const input = inputOf(identity, model);
		return html`${input.why ? html`<p class="note">${t(`input.${input.why}`)}</p>` : nothing}
			${input.kind === "text" ? this.string(input.text ?? "") : nothing}
			${
				input.kind === "bytes"
					? html`<h4>${t("input.title")}</h4>
				<stow-bytes .node=${model.node(identity.id)} .view=${"exact"} .digest=${input.digest} .bytesOf=${this.bytesOf} .known=${model.digests}></stow-bytes>`
					: nothing
			}
			${this.again(identity)}
			${input.recipes.length > 0 ? html`<h4>${t("input.hand")}</h4>${recipeList(input.recipes)}` : nothing}`;
	}

	/** @param {string} text */
	string(text) {
		return html`<h4>${t("input.title")} <stow-copy .text=${text} what=${t("input.string")}></stow-copy></h4>
			<p class="note">${t("input.text", { bytes: exactBytes(text.length) })}</p>
			<pre class="string"><code>${visible(text)}</code></pre>`;
	}

	/** @param {import("../model/image-identities.js").Identity} identity */
	again({ value }) {
		if (!this.made?.digest) return nothing;
		const equal = this.made.digest === value;
		const bytes = exactBytes(this.made.length);
		return html`<p class=${equal ? "made made-equal" : "made"}>${t(equal ? "input.equal" : "input.differs", { bytes })}<br>
			<code>${this.made.digest}</code></p>`;
	}
}

/** The browser's own SHA, as a second opinion; nothing where the page is not served securely. @param {Uint8Array} bytes @param {string} like */
async function hashed(bytes, like) {
	const [algorithm = ""] = like.split(":");
	const name = { sha256: "SHA-256", sha512: "SHA-512" }[algorithm];
	if (!name || !globalThis.crypto?.subtle) return undefined;
	const sum = new Uint8Array(await crypto.subtle.digest(name, /** @type {BufferSource} */ (bytes)));
	return `${algorithm}:${Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
