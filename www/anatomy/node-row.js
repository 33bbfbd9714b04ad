// Report -> www. One row of the anatomy as a template: its name, its bar to scale, its size, its digest, its mark.

import { html, nothing } from "lit";
import { vars } from "../elements/part.js";
import { exactBytes, shortDigest, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { digestOf, titleOf } from "../model/model.js";
import { digestBar, mark } from "../views/marks.js";

/** @typedef {import("./rows.js").Row} Row */

/** The number of colours in the ramp of layers. */
const STOPS = 5;

/** The words that type-ahead goes by. @param {Row} row */
export function labelOf({ node }) {
	const title = visible(titleOf(node), 80);
	return /^\D/.test(title) ? title : `${t(`kind.${node.kind}`)} ${title}`.trim();
}

/** The heads of the columns. */
export const rowHead = () =>
	html`<div class="row-head" aria-hidden="true"><span>${t("anatomy.contents")}</span><span>${t("anatomy.scale")}</span><span></span><span>${t("fact.digest.head")}</span></div>`;

/**
 * @param {Row} row
 * @param {{ id: string, active: boolean, selected: boolean, same: boolean, lit?: boolean, filled?: number }} state
 *   `same`: it has the digest of the selected one; `filled`: how much of it has been read so far, 0 to 1
 */
export function rowView(row, { id, active, selected, same, lit = false, filled }) {
	const { node, depth, outcome } = row;
	const digest = digestOf(node);
	return html`<div role="treeitem" id=${id} data-id=${node.id} class="row kind-${node.kind} is-${outcome}"
		?data-active=${active} ?data-same=${same} ?data-lit=${lit} ?data-chosen=${node.chosen}
		aria-level=${depth + 1} aria-posinset=${row.position} aria-setsize=${row.siblings}
		aria-selected=${selected} aria-expanded=${row.expandable ? String(row.expanded) : nothing} aria-label=${spoken(row)}
		${vars({ "--depth": String(Math.min(depth, 8)) })}>
		<span class="node"><span class="twisty" ?data-twisty=${row.expandable} aria-hidden="true"></span>
			<span class="title">${nameOf(node)}</span></span>
		<span class="size" title=${exactBytes(row.size)}>${size(row.size)}</span>
		<span class="by ${node.kind === "layer" ? "made" : ""}">${visible(row.note, 160)}</span>
		${bar(row, filled)}
		<span class="id">${digestBar(digest)}<code data-digest=${visible(digest ?? "", 200)}>${shortDigest(digest)}</code></span>
		${mark(filled === undefined ? row.mark : "busy", false, stateOf(row, filled === undefined ? row.mark : "busy"))}
	</div>`;
}

/** A layer is verified; of a document the digest matches. @param {Pick<Row, "node">} row @param {string} shape */
const stateOf = ({ node }, shape) => t(shape === "pass" && node.kind !== "layer" ? "state.document" : `state.${shape}`);

/** `Layer 2`, `linux/amd64`: the kind if the title does not say more. @param {import("../types.js").Node} node */
function nameOf(node) {
	const title = visible(titleOf(node), 120);
	if (node.kind === "manifest" && title) return title;
	const kind = t(`kind.${node.kind}`);
	const own = node.kind === "config" || node.kind === "index" ? "" : title;
	return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${own}`.trim();
}

/** Its length is the layer's share of the largest; filled is what was read and proved. @param {Row} row @param {number | undefined} filled */
function bar({ scale, tone, outcome }, filled) {
	if (scale === null) return html`<span class="length"></span>`;
	const done = filled ?? (outcome === "pass" || outcome === "warn" ? 1 : 0);
	return html`<span class="length" ${vars({ "--share": `${scale * 100}%`, "--done": `${done * 100}%`, "--tone": tint(tone) })}><span class="measure"></span></span>`;
}

/** The colour of a layer: between the stops of the ramp. @param {number} tone 0 to 1 */
export function tint(tone) {
	const at = Math.min(1, Math.max(0, tone)) * (STOPS - 1);
	const below = Math.floor(at);
	const rest = Math.round((at - below) * 100);
	return rest === 0
		? `var(--l${below + 1})`
		: `color-mix(in oklch, var(--l${below + 2}) ${rest}%, var(--l${below + 1}))`;
}

/**
 * The row as a screen reader says it, with pauses, in the order of the row: parts that narrow rows leave out come after those that all
 * widths show, so that the visible parts are heard in one piece. A title that no row shows comes late.
 * @param {Row} row
 */
function spoken({ node, note, mark: shown, size: bytes }) {
	const title = visible(titleOf(node), 120);
	const unseen = node.kind === "config" || node.kind === "index";
	const name = `${t(`kind.${node.kind}`)} ${unseen ? "" : title}`.trim();
	const chosen = node.chosen ? t("anatomy.chosen") : "";
	const seen = [name, size(bytes), visible(note, 160), shortDigest(digestOf(node))];
	return [...seen, unseen ? title : "", chosen, stateOf({ node }, shown)].filter(Boolean).join(t("list.comma"));
}
