// Line: Report -> www. One row of the anatomy as a template: its lines, its box to scale, its size.

import { html, nothing, svg } from "lit";
import { vars } from "../elements/part.js";
import { exactBytes, shortDigest, size, visible } from "../format.js";
import { titleOf } from "../model.js";
import { t } from "../strings.js";
import { digestBar, mark } from "../views/marks.js";

/** @typedef {import("./layout.js").Row} Row */

/** A column of the lines, in the units of their picture. */
const COLUMN = 20;
/** The narrowest layer's box, as a share of the widest. */
const NARROWEST = 46;

/** The words that type-ahead goes by. @param {Row} row */
export function labelOf({ node }) {
	const title = visible(titleOf(node), 80);
	return /^\D/.test(title) ? title : `${t(`kind.${node.kind}`)} ${title}`.trim();
}

/**
 * @param {Row} row
 * @param {{ id: string, active: boolean, selected: boolean, same: boolean, lit?: boolean }} state `same`: it has the digest of the selected one
 */
export function rowView(row, { id, active, selected, same, lit = false }) {
	const { node, depth, outcome } = row;
	return html`<div role="treeitem" id=${id} data-id=${node.id} class="row kind-${node.kind} is-${outcome}"
		?data-active=${active} ?data-same=${same} ?data-lit=${lit}
		aria-level=${depth + 1} aria-posinset=${row.position} aria-setsize=${row.siblings}
		aria-selected=${selected} aria-expanded=${row.expandable ? String(row.expanded) : nothing} aria-label=${spoken(row)}>
		${lines(row)}
		<span class="node ${row.scale === null ? "" : "scaled"}" ${vars({ "--share": `${share(row.scale)}%` })}>
			${row.expandable ? html`<span class="twisty" data-twisty aria-hidden="true"></span>` : nothing}
			${digestBar(node.digest)}
			<span class="kind">${t(`kind.${node.kind}`)}</span>
			<span class="title">${visible(titleOf(node), 120)}</span>
			<code data-digest=${visible(node.digest ?? "", 200)}>${shortDigest(node.digest)}</code>
			<span class="size" title=${exactBytes(node.size)}>${size(node.size)}</span>
			<span class="by">${visible(row.note, 160)}</span>
			${node.chosen ? html`<span class="tag">${t("anatomy.chosen")}</span>` : nothing}
			${mark(outcome)}
		</span>
	</div>`;
}

/** @param {number | null} scale 0 to 1 */
const share = (scale) => (scale === null ? 100 : Math.round(NARROWEST + (100 - NARROWEST) * scale));

/** What is to be read, with pauses: what all widths show, what narrow rows leave out, the verdict. @param {Row} row */
function spoken({ node, note, outcome }) {
	const name = `${t(`kind.${node.kind}`)} ${visible(titleOf(node), 120)}`.trim();
	const chosen = node.chosen ? t("anatomy.chosen") : "";
	const parts = [name, shortDigest(node.digest), size(node.size), visible(note, 160), chosen, t(`outcome.${outcome}`)];
	return parts.filter(Boolean).join(t("list.comma"));
}

/** The lines from the boxes above: dashed where bytes were not read, broken where the digest failed. @param {Row} row */
function lines({ depth, rails, position, siblings, outcome }) {
	if (depth === 0) return nothing;
	const x = (depth - 1) * COLUMN + COLUMN / 2;
	return html`<svg class="lines" aria-hidden="true" width=${depth * COLUMN} height="100%">
		${rails.map((through, column) =>
			through
				? svg`<line x1=${column * COLUMN + COLUMN / 2} x2=${column * COLUMN + COLUMN / 2} y1="0" y2="100%"></line>`
				: nothing,
		)}
		<line x1=${x} x2=${x} y1="0" y2=${position < siblings ? "100%" : "50%"}></line>
		<line class="link link-${outcome}" x1=${x} x2=${depth * COLUMN} y1="50%" y2="50%"></line>
	</svg>`;
}
