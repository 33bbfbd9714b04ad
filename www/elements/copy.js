// A button that copies a text and says so.

import { html } from "lit";
import { t } from "../i18n/strings.js";
import { emit, Part } from "./part.js";

/** `<stow-copy .text=… what="digest">`; `text` may be a function that makes the text when it is wanted. */
export class StowCopy extends Part {
	static properties = { text: {}, what: {}, label: {}, plain: { type: Boolean }, state: { state: true } };

	constructor() {
		super();
		/** @type {string | (() => string | Promise<string>)} */
		this.text = "";
		this.what = "";
		this.label = "";
		/** An outlined button among others. */
		this.plain = false;
		/** @type {"" | "done" | "failed"} */
		this.state = "";
	}

	render() {
		const words = this.state ? t(`copy.${this.state}`) : this.label || t("copy.text");
		return html`<button type="button" class=${this.plain ? "copy" : "quiet copy"} data-state=${this.state} @click=${this.copy}
			aria-label=${this.state || this.label ? words : t("copy.label", { what: this.what })}>${words}</button>`;
	}

	async copy() {
		try {
			await navigator.clipboard.writeText(typeof this.text === "function" ? await this.text() : this.text);
			this.state = "done";
		} catch {
			this.state = "failed";
		}
		emit(this, "stow-say", { text: t(`copy.${this.state}`) });
		setTimeout(() => {
			this.state = "";
		}, 1500);
	}
}
