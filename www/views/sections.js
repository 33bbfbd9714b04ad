// Line: Report -> www. The tables below: history, layers, identities, requests of the image in view.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { count, exactBytes, milliseconds, size, visible } from "../format.js";
import { t } from "../strings.js";
import { digestLink } from "./marks.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").HistoryLine} HistoryLine
 * @typedef {import("../model.js").Model} Model
 * @typedef {Extract<import("../types.js").ProgressEvent, { type: "request" }>} Request
 */

/** How many rows of a table are drawn. */
const ROWS = 500;

/** @param {string} key */
const head = (key) => html`<th scope="col">${t(key)}</th>`;

/**
 * As `docker history` shows it, joined to the layers that the lines made.
 * @param {Model} model @param {Node | undefined} image @param {boolean} newest
 */
export function history(model, image, newest) {
	const config = model.config(image);
	if (!config?.read) return html`<p class="note">${t("history.unread")}</p>`;
	const lines = config.history ?? [];
	if (lines.length === 0) return html`<p class="note">${t("history.none")}</p>`;
	const ordered = newest ? [...lines].reverse() : lines;
	return html`<label class="toggle"><input type="checkbox" .checked=${newest}
			@change=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-newest")}>${t("history.newest")}</label>
		<div class="scroll" tabindex="0" role="region" aria-label=${t("section.history")}><table class="list"><thead><tr>${head("history.layer")}<th scope="col" class="number">${t("history.size")}</th>${head("history.by")}${head("history.created")}</tr></thead>
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
const command = ({ createdBy = "", secret }) =>
	secret
		? html`<stow-secret .text=${createdBy} what=${t("section.history")}></stow-secret>`
		: html`<code>${visible(createdBy, 2000)}</code>`;

/** @param {Model} model @param {Node | undefined} image */
export function layers(model, image) {
	const all = model.layers(image);
	if (all.length === 0) return html`<p class="note">${t("layers.none")}</p>`;
	const lines = model.config(image)?.history ?? [];
	const total = all.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
	return html`<p class="note">${t("layers.total", { n: all.length, size: size(total) })}</p>
		<div class="scroll" tabindex="0" role="region" aria-label=${t("section.layers")}><table class="list"><thead><tr><th scope="col" class="number">${t("layers.number")}</th>${head("layers.digest")}<th scope="col" class="number">${t("layers.size")}</th>
			${head("layers.type")}${head("layers.diffId")}${head("layers.chainId")}${head("layers.by")}</tr></thead>
		<tbody>${all.slice(0, ROWS).map(
			(layer, index) => html`<tr>
			<td class="number">${index + 1}</td><td>${digestLink(layer.digest)}</td>
			<td class="number" title=${exactBytes(layer.size)}>${size(layer.size)}</td>
			<td><code>${visible(layer.mediaType ?? "", 200)}</code></td>
			<td>${digestLink(layer.diffId, false)}</td><td>${digestLink(layer.chainId, false)}</td>
			<td class="wide">${command(lines[layer.historyIndex ?? -1] ?? { emptyLayer: false })}</td></tr>`,
		)}</tbody></table></div>${more(all.length)}`;
}

/** @param {Request[]} all */
export function requests(all) {
	if (all.length === 0) return html`<p class="note">${t("requests.none")}</p>`;
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("section.requests")}><table class="list"><thead><tr>${head("requests.method")}<th scope="col" class="number">${t("requests.status")}</th><th scope="col" class="number">${t("requests.bytes")}</th>
			<th scope="col" class="number">${t("requests.time")}</th><th scope="col" class="number">${t("requests.remaining")}</th>${head("requests.url")}</tr></thead>
		<tbody>${all.slice(0, ROWS).map(
			(request) => html`<tr class=${request.error || (request.status ?? 0) >= 400 ? "bad" : ""}>
			<td><code>${visible(request.method, 10)}</code></td><td class="number">${request.status ?? ""}</td>
			<td class="number">${count(request.bytes ?? 0)}</td><td class="number">${milliseconds(request.milliseconds)}</td>
			<td class="number">${request.rateLimitRemaining ?? ""}</td>
			<td class="wide"><code>${visible(request.url, 1000)}</code>${request.error ? html`<br><span class="note">${visible(request.error, 300)}</span>` : nothing}</td>
		</tr>`,
		)}</tbody></table></div>${more(all.length)}`;
}

/** @param {number} length */
const more = (length) =>
	length > ROWS ? html`<p class="note">${t("requests.more", { n: length - ROWS })}</p>` : nothing;
