// Line: Report -> www. Who should have signed, as the reader says it: an identity, a repository, a key; or another root.

import { html } from "lit";
import { emit } from "../../elements/part.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../engine/signatures-question.js").Identity} Identity */

/** @param {Identity[] | undefined} signers that were named before */
export function signerForm(signers) {
	const named = /** @type {any} */ (signers?.[0] ?? {});
	return html`<details class="signer-form"><summary>${t("trust.say")}</summary><form @submit=${submit}>
		${field("repository", named.repository, "owner/name")}
		${field("identity", named.san, "https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1")}
		${field("issuer", named.issuer, "https://token.actions.githubusercontent.com")}
		<label>${t("trust.say.key")}<textarea name="key" rows="3" spellcheck="false" autocomplete="off"></textarea></label>
		<label>${t("trust.say.root")}<textarea name="root" rows="3" spellcheck="false" autocomplete="off"></textarea></label>
		<p><button type="submit">${t("trust.say.verify")}</button></p></form></details>`;
}

/** @param {string} name @param {string | undefined} value @param {string} example */
const field = (name, value, example) =>
	html`<label>${t(`trust.say.${name}`)}<input name=${name} .value=${value ?? ""} placeholder=${example} spellcheck="false" autocomplete="off"></label>`;

/** @param {Event} event */
function submit(event) {
	event.preventDefault();
	const form = /** @type {HTMLFormElement} */ (event.currentTarget);
	const data = new FormData(form);
	const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim() || undefined;
	const [repository, san, issuer] = [text("repository"), text("identity"), text("issuer")];
	/** @type {Identity[]} */
	const identities = repository ? [{ repository }] : [];
	if (san || issuer) identities.push({ san, issuer });
	const key = text("key");
	const wish = { identities: identities.length ? identities : undefined, keys: key ? [key] : undefined };
	emit(form, "stow-sign", { ...wish, trustedRoot: text("root") });
}
