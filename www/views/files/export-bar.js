// Draws the buttons that save a layer, the listed entries or the layer's changes, and the progress of a save.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { size } from "../../i18n/format.js";
import { first, t } from "../../i18n/strings.js";
import { errorText } from "../core-words.js";
import { isNarrowed } from "./query.js";

/**
 * @typedef {{ bytes?: number, done?: import("../../types.js").SavedTar | "changes", error?: { code?: string, message: string } }} Saving
 * @param {{ filter: import("./query.js").Filter, layers: import("./contract.js").LayerRef[], matched: number, read: ReadonlySet<number> }} bar
 */
export function exportBar({ filter, layers, matched, read }) {
	const tell = (/** @type {object} */ how) => (/** @type {Event} */ event) =>
		emit(event.currentTarget, "stow-save-tar", how);
	const layer = layers.find(({ position }) => position === filter.layer && read.has(position));
	const whole = filter.view === "layer" && layer;
	const some = isNarrowed(filter) && matched > 0;
	if (!whole && !some) return nothing;
	return html`<p class="files-save">
		${some ? html`<button type="button" @click=${tell({ listed: true })}>${t("export.listed", { n: matched })}</button>` : nothing}
		${
			whole
				? html`<button type="button" @click=${tell({ layer: layer.id })}>${t("export.layer", { n: layer.position + 1 })}</button>
			<button type="button" @click=${tell({ layer: layer.id, changes: true })}>${t("export.changes")}</button>`
				: nothing
		}</p>`;
}

/** @param {Saving | undefined} saving @param {() => void} stop */
export function exportStatus(saving, stop) {
	if (!saving) return nothing;
	const { bytes = 0, done, error } = saving;
	if (error)
		return html`<p class="fault" role="alert"><strong>${first(`error.${error.code}`, "error.unknown")}</strong> ${errorText(error, 300)}</p>`;
	if (done === "changes") return html`<p class="note" role="status">${t("export.done.changes")}</p>`;
	if (done)
		return html`<p class="note" role="status">${t("export.done", { n: done.layers })}${done.linked > 0 ? html` ${t("export.linked", { n: done.linked })}` : nothing}</p>`;
	return html`<p class="note" role="status">${t("export.writing", { bytes: size(bytes) })} <button type="button" class="quiet" @click=${stop}>${t("export.stop")}</button></p>`;
}
