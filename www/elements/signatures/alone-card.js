// Report -> www. `<stow-alone>`: what a document says that was given without an image: a statement, a certificate.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { issuerName } from "../../views/signatures/signature.js";
import { statementView } from "../../views/signatures/statement.js";
import { Part } from "../part.js";

export class StowAlone extends Part {
	static properties = { model: {}, isOpen: { state: true } };

	constructor() {
		super();
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		this.isOpen = true;
		this.addEventListener("stow-packages", () => {
			this.isOpen = !this.isOpen;
		});
	}

	render() {
		const { statement, certificate } = this.model?.report ?? {};
		if (!statement && !certificate) return nothing;
		return html`<section class="signatures card" aria-label=${t("trust.alone")}><ul class="cards">
			${statement ? statementView(statement, { outcome: "not-checked", about: "", isOpen: this.isOpen, isSigned: statement.wrapped.length > 0 }) : nothing}
			${certificate ? this.certificate(certificate) : nothing}</ul>
			${statement?.packages && this.isOpen ? html`<stow-packages .table=${statement.packages}></stow-packages>` : nothing}</section>`;
	}

	/** @param {import("../../types.js").Signer} signer */
	certificate({ identity, issuer, notBefore, notAfter, claims = [] }) {
		const row = (/** @type {string} */ name, /** @type {string | undefined} */ value) =>
			value ? html`<dt>${name}</dt><dd><code>${visible(value, 500)}</code></dd>` : nothing;
		return html`<li><h3>${t("trust.certificate")}</h3><dl>${row(t("trust.who"), identity)}${row(t("trust.issuer"), issuer && issuerName(issuer))}
			${row(t("trust.from"), notBefore)}${row(t("trust.until"), notAfter)}${claims.map(([name, value]) => row(t(`trust.claim.${name}`), value))}</dl></li>`;
	}
}
