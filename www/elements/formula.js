// Report -> www. `<stow-formula>`: one identity's formula opened: what goes into the hash, and the hash made again here.

import { html, nothing } from "lit";
import { inputOf } from "../engine/explain.js";
import { exactBytes, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { recipeList } from "../views/hand.js";
import { Explained } from "./explained.js";

/** Larger contents are not hashed a second time. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @extends {Explained<import("../engine/explain.js").HashInput>} */
export class StowFormula extends Explained {
	static properties = { identity: {}, bytesOf: {}, made: { state: true } };

	constructor() {
		super();
		/** @type {import("../engine/explain.js").Identity | undefined} */
		this.identity = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {{ length: number, digest?: string } | undefined} what the bytes hash to, made here */
		this.made = undefined;
		this.value = "";
	}

	/** The parent draws anew with equal identities; only another value is another question. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const key = `${this.identity?.what} ${this.identity?.value}`;
		if (key !== this.value) {
			this.value = key;
			this.made = undefined;
			this.forget();
		} else if (!changed.has("model")) return;
		this.ask();
	}

	/** @override */
	question() {
		const { identity, model, value } = this;
		if (!identity || !model) return undefined;
		return async () => {
			const input = await inputOf(model, identity);
			void this.make(value, identity, input);
			return input;
		};
	}

	/** @param {string} key @param {import("../engine/explain.js").Identity} identity @param {import("../engine/explain.js").HashInput} input */
	async make(key, { value }, { kind, text, digest }) {
		const bytes =
			kind === "text"
				? new TextEncoder().encode(text)
				: digest && (await this.bytesOf?.(digest).catch(() => undefined));
		if (!bytes || this.made) return;
		const made = { length: bytes.length, digest: bytes.length <= MAX_BYTES ? await hashed(bytes, value) : undefined };
		if (key === this.value) this.made = made;
	}

	/** @override @param {import("../engine/explain.js").HashInput} input */
	drawn(input) {
		const { identity, model } = this;
		if (!identity || !model) return nothing;
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

	/** @param {import("../engine/explain.js").Identity} identity */
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
