// FileRow -> www. One row of the list: the fields of `ls -l`, the layer that it is from, and its later changes.

import { html, nothing } from "lit";
import { vars } from "../../elements/part.js";
import { exactBytes, size } from "../../i18n/format.js";
import { has, t } from "../../i18n/strings.js";
import { deleted, ids, owners, shownName, shownPath, time } from "./file-text.js";

/** @typedef {import("./contract.js").FileRow} FileRow */

export const COLUMNS = /** @type {const} */ (["mode", "owner", "size", "mtime", "name", "layer", "state"]);

/** Deeper rows are not moved further in: a path may be 10,000 levels deep. */
const MAX_INDENT = 24;
const SIGNS = { added: "+", changed: "~", removed: "−", unchanged: "" };

/** @param {number} index of the row, from 0 @param {FileRow | undefined} row @param {boolean} active */
export function fileRow(index, row, active) {
	if (!row)
		return html`<div role="row" class="file-row coming" aria-rowindex=${index + 2}><span role="gridcell" class="name">…</span></div>`;
	return html`<div role="row" id="file-${index}" data-row=${index} class="file-row is-${row.change} kind-${row.kind}"
		?data-active=${active} ?data-later=${!!row.later} aria-rowindex=${index + 2} aria-level=${row.depth + 1}
		aria-selected=${active} aria-expanded=${row.children > 0 ? String(row.open) : nothing}>
		<span role="gridcell" class="mode"><code title=${row.octal}>${row.mode}</code></span>
		<span role="gridcell" class="owner">${row.implied ? nothing : ids(row)} <span class="soft">${owners(row)}</span></span>
		<span role="gridcell" class="size">${sizeCell(row)}</span>
		<span role="gridcell" class="mtime">${row.implied ? nothing : time(row.mtime)}</span>
		<span role="gridcell" class="name" ${vars({ "--depth": String(Math.min(row.depth, MAX_INDENT)) })}>${nameCell(row)}</span>
		<span role="gridcell" class="layer"><span aria-hidden="true">${t("files.in", { n: row.layer + 1 })}</span><span class="sr">${t("files.in.long", { n: row.layer + 1 })}</span></span>
		<span role="gridcell" class="state">${stateCell(row)}</span>
	</div>`;
}

/** A directory's size is that of the files below it. @param {FileRow} row */
function sizeCell({ kind, size: own, total, device }) {
	if (device) return device;
	if (kind === "dir")
		return total ? html`<span class="soft" title=${exactBytes(total)}>${size(total)}</span>` : nothing;
	return kind === "file" || kind === "link" ? html`<span title=${exactBytes(own)}>${size(own)}</span>` : nothing;
}

/** @param {FileRow} row */
function nameCell(row) {
	const twisty =
		row.children > 0
			? html`<span class="fold" data-twisty aria-hidden="true"></span>`
			: html`<span class="fold"></span>`;
	return html`${twisty}<span class="file-name" title=${shownPath(row.path)}>${whatItIs(row)}</span>`;
}

/** @param {FileRow} row */
function whatItIs(row) {
	const name = shownName(row.name);
	if (row.kind === "whiteout")
		return html`<span class="gone">${t("files.whiteout", { name: shownName(deleted(row.name)) })}</span>`;
	if (row.kind === "opaque") return html`<span class="gone">${t("files.opaque")}</span>`;
	const target = row.link === undefined ? "" : shownPath(row.link);
	const words = row.kind === "link" ? t("files.hardlink", { target }) : t("files.target", { target });
	return html`<span class="leaf">${name}${row.kind === "dir" ? "/" : ""}</span>${target ? html` <span class="soft">${words}</span>` : nothing}`;
}

/** In words and signs: colour only helps; narrow rows show the signs. @param {FileRow} row */
function stateCell({ change, later, duplicate, findings = [] }) {
	return html`${change === "unchanged" ? nothing : sign(`change-${change}`, SIGNS[change], t(`files.change.${change}`))}
		${findings.map((id) => sign("finding", "!", findingName(id)))}
		${later ? sign("later", "↷", t(`files.later.${later.how}`, { n: later.layer + 1 })) : nothing}
		${duplicate && !findings.includes("duplicate") ? sign("later", "×2", t("files.duplicate")) : nothing}`;
}

/** @param {string} kind @param {string} mark @param {string} words */
const sign = (kind, mark, words) =>
	html`<span class="sign ${kind}" title=${words}><span aria-hidden="true">${mark}</span> <span class="words">${words}</span></span>`;

/** A kind of finding that has no words yet is called by its id. @param {string} id */
export const findingName = (id) => (has(`finding.${id}`) ? t(`finding.${id}`) : shownName(id));
