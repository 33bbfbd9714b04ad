// Report -> www. The tables that wait behind a tab: the layers of the image in view, and the requests.

import { html, nothing } from "lit";
import { count, exactBytes, milliseconds, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { command, head, more, ROWS } from "./history.js";
import { digestLink } from "./marks.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {Extract<import("../types.js").ProgressEvent, { type: "request" }>} Request
 */

/** @param {Model} model @param {Node | undefined} image */
export function layers(model, image) {
	const all = model.layers(image);
	if (all.length === 0) return html`<p class="note">${t("layers.none")}</p>`;
	const lines = model.config(image)?.history ?? [];
	const total = all.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
	return html`<p class="note">${t("layers.total", { n: all.length, size: size(total) })}</p>
		<div class="scroll" tabindex="0" role="region" aria-label=${t("section.layers")}><table class="list flow"><thead><tr><th scope="col" class="number">${t("layers.number")}</th>${head("layers.digest")}<th scope="col" class="number">${t("layers.size")}</th>
			${head("layers.type")}${head("layers.diffId")}${head("layers.chainId")}${head("layers.by")}</tr></thead>
		<tbody>${all.slice(0, ROWS).map(
			(layer, index) => html`<tr>
			<td class="number">${index + 1}</td><td>${digestLink(layer.digest)}</td>
			<td class="number" title=${exactBytes(layer.size)}>${size(layer.size)}</td>
			<td class="time"><code>${visible(layer.mediaType ?? "", 200)}</code></td>
			<td data-head=${t("layers.diffId")}>${digestLink(layer.diffId, false)}</td><td data-head=${t("layers.chainId")}>${digestLink(layer.chainId, false)}</td>
			<td class="wide">${command(lines[layer.historyIndex ?? -1] ?? { emptyLayer: false })}</td></tr>`,
		)}</tbody></table></div>${more(all.length)}`;
}

/** The number of pulls that are left, as the registry said last. @param {Request[]} all */
function left(all) {
	const last = all.findLast((request) => request.rateLimitRemaining !== undefined);
	if (!last) return nothing;
	const host = URL.canParse(last.url) ? new URL(last.url).host : last.url;
	return html`<p class="note">${t("requests.left", { n: last.rateLimitRemaining ?? 0, host: visible(host, 200) })}</p>`;
}

/** @param {Request[]} all */
export function requests(all) {
	if (all.length === 0) return html`<p class="note">${t("requests.none")}</p>`;
	return html`${left(all)}<div class="scroll" tabindex="0" role="region" aria-label=${t("section.requests")}><table class="list flow"><thead><tr>${head("requests.method")}<th scope="col" class="number">${t("requests.status")}</th><th scope="col" class="number">${t("requests.bytes")}</th>
			<th scope="col" class="number">${t("requests.time")}</th><th scope="col" class="number">${t("requests.remaining")}</th>${head("requests.url")}</tr></thead>
		<tbody>${all.slice(0, ROWS).map(
			(request) => html`<tr class=${request.error || (request.status ?? 0) >= 400 ? "bad" : ""}>
			<td><code>${visible(request.method, 10)}</code></td><td class="number">${request.status ?? ""}</td>
			<td class="number" data-head=${t("requests.bytes")}>${count(request.bytes ?? 0)}</td><td class="number">${milliseconds(request.milliseconds)}</td>
			<td class="number">${request.rateLimitRemaining ?? ""}</td>
			<td class="wide"><code>${visible(request.url, 1000)}</code>${request.error ? html`<br><span class="note">${visible(request.error, 300)}</span>` : nothing}</td>
		</tr>`,
		)}</tbody></table></div>${more(all.length)}`;
}
