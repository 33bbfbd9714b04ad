// Report -> www. `<stow-secret>`: a value that looks like a secret, covered until it is asked for.

import { html } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { Part } from "./part.js";

export class StowSecret extends Part {
	static properties = { text: {}, what: {}, open: { state: true } };

	constructor() {
		super();
		this.text = "";
		/** The name of the value. */
		this.what = "";
		this.open = false;
	}

	/** Another value must not be shown because the one before was. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("text")) this.open = false;
	}

	render() {
		return html`<code class=${this.open ? "" : "covered"}>${this.open ? visible(this.text, 2000) : t("secret.covered")}</code>
			<button type="button" class="quiet" aria-expanded=${this.open} aria-label=${t(this.open ? "secret.hide.what" : "secret.show.what", { what: visible(this.what, 80) })}
				@click=${() => {
					this.open = !this.open;
				}}>${t(this.open ? "secret.hide" : "secret.show")}</button>`;
	}
}
