// Report -> www. The form for the expected signer: an identity, a repository, a key, or another root.

import { html } from "lit";
import { emit } from "../../elements/part.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../engine/signatures-question.js").Identity} Identity */

/** @param {import("../../page/signing.js").Named} [before] what was said before: it stands in the form again */
export function signerForm({ identities = [], keys = [], trustedRoot } = {}) {
	const { repository } = identities.find((one) => one.repository) ?? {};
	const { san, issuer } = identities.find((one) => one.san || one.issuer) ?? {};
	return html`<details class="signer-form"><summary>${t("trust.say")}</summary><form @submit=${submit}>
		${field("repository", repository, "owner/name")}
		${field("identity", san, "https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1")}
		${field("issuer", issuer, "https://token.actions.githubusercontent.com")}
		${area("key", keys.join("\n"))}${area("root", trustedRoot)}
		<p><button type="submit">${t("trust.say.verify")}</button></p></form></details>`;
}

/** @param {string} name @param {string | undefined} value @param {string} example */
const field = (name, value, example) =>
	html`<label>${t(`trust.say.${name}`)}<input name=${name} .value=${value ?? ""} placeholder=${example} spellcheck="false" autocomplete="off"></label>`;

/** @param {"key" | "root"} name @param {string | undefined} value */
const area = (name, value) =>
	html`<label>${t(`trust.say.${name}`)}<textarea name=${name} .value=${value ?? ""} rows="3" spellcheck="false" autocomplete="off"></textarea></label>`;

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
