// The header of every page: the language and the theme.

import { html } from "lit";
import { emit } from "../elements/part.js";
import { LANGUAGES, t } from "../i18n/strings.js";
import { THEMES } from "../page/settings.js";

/** @typedef {import("../page/settings.js").Settings} Settings */

/** @param {Settings} settings */
export const languages = ({
	language,
}) => html`<div class="switch languages" role="group" aria-label=${t("language.label")}>
	${Object.entries(LANGUAGES).map(
		([one, tag]) => html`<button type="button" lang=${tag} aria-pressed=${one === language}
		@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-change", { language: one })}>${t(`language.${one}`)}</button>`,
	)}</div>`;

/** @param {Settings} settings */
export function themes(settings) {
	return html`<label class="theme"><span class="sr">${t("theme.label")}</span><select @change=${theme}>
		${THEMES.map((name) => html`<option value=${name} .selected=${settings.theme === name}>${t(`theme.${name}`)}</option>`)}
	</select></label>`;
}

/** @param {Event} event */
const theme = (event) =>
	emit(event.currentTarget, "stow-change", { theme: /** @type {HTMLSelectElement} */ (event.currentTarget).value });
