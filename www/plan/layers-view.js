// Report -> www/plan. The layers of the image in view, for 700 pixels and less: a bar to scale, one short row a layer.

import { html } from "lit";
import { tint } from "../anatomy/node-row.js";
import { emit, vars } from "../elements/part.js";
import { exactBytes, shortDigest, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { digestOf, markOf } from "../model/model.js";
import { command, head, more, ROWS } from "../views/history.js";
import { digestBar, mark } from "../views/marks.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../types.js").Node} Node
 */

/** The most segments that a bar can show. */
const SEGMENTS = 128;

/**
 * @param {Model} model
 * @param {string | undefined} selected the id of the node whose details are open
 * @param {Map<string, number> | undefined} reading how much of each layer was read, while layers are
 */
export function layersView(model, selected, reading) {
	const image = model.chosen();
	const all = model.layers(image);
	if (all.length === 0) return html`<p class="note">${t("plan.layers.none")}</p>`;
	const lines = model.config(image)?.history ?? [];
	const tone = (/** @type {number} */ at) => tint(all.length > 1 ? at / (all.length - 1) : 0);
	return html`<div class="plan-stack" aria-hidden="true">${all
		.slice(0, SEGMENTS)
		.map(
			(layer, at) => html`<i ${vars({ "--grow": String(Math.max(1, layer.size ?? 1)), "--tone": tone(at) })}></i>`,
		)}</div>
		<table class="plan-layers"><thead><tr>${head("plan.layers.number")}${head("plan.layers.by")}<th scope="col" class="number">${t("plan.layers.size")}</th>
			<th scope="col" class="wider">${t("fact.digest.head")}</th><th scope="col"><span class="sr">${t("verdict.label")}</span></th></tr></thead>
		<tbody>${all.slice(0, ROWS).map((layer, at) => row(layer, at, { line: lines[layer.historyIndex ?? -1], tone: tone(at), selected, reading }))}</tbody></table>${more(all.length)}`;
}

/**
 * @param {Node} layer @param {number} at
 * @param {{ line: import("../types.js").HistoryLine | undefined, tone: string, selected: string | undefined, reading: Map<string, number> | undefined }} about
 */
function row(layer, at, { line, tone, selected, reading }) {
	const digest = digestOf(layer);
	const shape = reading?.has(layer.id) ? "busy" : markOf(layer);
	const open = (/** @type {Event} */ event) => emit(event.currentTarget, "stow-select", { id: layer.id });
	return html`<tr class="is-${shape}" ?data-open=${layer.id === selected}>
		<th scope="row"><button type="button" class="link" aria-label=${t("layers.one", { n: at + 1 })} @click=${open}><i class="tone" ${vars({ "--tone": tone })}></i>${at + 1}</button></th>
		<td class="by">${command(line ?? { emptyLayer: false })}</td>
		<td class="number" title=${exactBytes(layer.size)}>${size(layer.size)}</td>
		<td class="wider"><span class="digest" title=${visible(digest ?? "", 200)}>${digestBar(digest)}<code>${shortDigest(digest)}</code></span></td>
		<td>${mark(shape, false, t(`state.${shape}`))}</td></tr>`;
}
