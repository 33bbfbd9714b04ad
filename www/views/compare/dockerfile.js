// The lines that made an image: recorded or inferred, with the files that COPY and ADD brought.

import { html, nothing } from "lit";
import { count, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** The most lines that are drawn. */
const LINES = 1000;

/** @param {import("../../elements/compare/inventory.js").StowInventory} view */
export function dockerfileView({ steps, brought }) {
	if (!steps) return nothing;
	if (steps.length === 0) return html`<p class="note">${t("dockerfile.none")}</p>`;
	return html`<p class="note">${t("dockerfile.hint")}</p>
		<ol class="dockerfile">${steps.slice(0, LINES).map((step) => {
			const files = step.layer === undefined ? undefined : brought.get(step.layer);
			return html`<li><span class="known is-${step.known}">${t(`dockerfile.${step.known}`)}</span>
				${step.secret ? html`<stow-secret .text=${step.text} what=${t("dockerfile.title")}></stow-secret>` : html`<code>${visible(step.text, 2000)}</code>`}
				${step.brings ? filesOf(files) : nothing}</li>`;
		})}</ol>`;
}

/** @param {{ paths: string[], total: number } | undefined} files */
function filesOf(files) {
	if (!files) return html`<span class="note">${t("dockerfile.unread")}</span>`;
	const { paths, total } = files;
	return html`<details><summary>${t("dockerfile.files", { n: total })}</summary><ul class="plain">${paths.map((path) => html`<li><code>${visible(path, 300)}</code></li>`)}</ul>
		${total > paths.length ? html`<span class="note">+${count(total - paths.length)}</span>` : nothing}</details>`;
}
