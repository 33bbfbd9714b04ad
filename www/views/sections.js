// Line: Report -> www. The history of the image in view; what the tables below it share.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { exactBytes, size, visible } from "../format.js";
import { t } from "../strings.js";
import { digestLink } from "./marks.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").HistoryLine} HistoryLine
 * @typedef {import("../model.js").Model} Model
 */

/** How many rows of a table are drawn. */
export const ROWS = 500;

/** @param {string} key */
export const head = (key) => html`<th scope="col">${t(key)}</th>`;

/**
 * As `docker history` shows it, joined to the layers that the lines made.
 * @param {Model} model @param {Node | undefined} image @param {boolean} newest
 */
export function history(model, image, newest) {
	const config = model.config(image);
	if (!config) return html`<p class="note">${t("section.noImage")}</p>`;
	if (!config.read) return html`<p class="note">${t("history.unread")}</p>`;
	const lines = config.history ?? [];
	if (lines.length === 0) return html`<p class="note">${t("history.none")}</p>`;
	const ordered = newest ? [...lines].reverse() : lines;
	return html`<label class="toggle"><input type="checkbox" .checked=${newest}
			@change=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-newest")}>${t("history.newest")}</label>
		<div class="scroll" tabindex="0" role="region" aria-label=${t("section.history")}><table class="list flow"><thead><tr>${head("history.layer")}<th scope="col" class="number">${t("history.size")}</th>${head("history.by")}${head("history.created")}</tr></thead>
		<tbody>${ordered.slice(0, ROWS).map((line) => historyLine(model, line))}</tbody></table></div>${more(lines.length)}`;
}

/** @param {Model} model @param {HistoryLine} line */
function historyLine(model, line) {
	const layer = model.node(line.layer);
	return html`<tr class=${line.emptyLayer ? "empty" : ""}>
		<td>${layer ? digestLink(layer.digest) : html`<span class="note">${line.emptyLayer ? t("history.empty") : "?"}</span>`}</td>
		<td class="number" title=${exactBytes(layer?.size)}>${size(layer?.size)}</td>
		<td class="wide">${command(line)}${line.comment ? html`<br><span class="note">${t("history.comment", { text: visible(line.comment, 300) })}</span>` : nothing}</td>
		<td class="time">${visible(line.created ?? "", 40)}</td></tr>`;
}

/** A line that looks as if it held a secret is covered until it is asked for. @param {HistoryLine} line */
export const command = ({ createdBy = "", secret }) =>
	secret
		? html`<stow-secret .text=${createdBy} what=${t("section.history")}></stow-secret>`
		: html`<code>${visible(createdBy, 2000)}</code>`;

/** @param {number} length */
export const more = (length) =>
	length > ROWS ? html`<p class="note">${t("requests.more", { n: length - ROWS })}</p>` : nothing;
