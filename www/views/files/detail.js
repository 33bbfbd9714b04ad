// FileDetail -> www. The details of one file: its facts, its path in each layer, and its findings.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { exactBytes, shortDigest, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { coreWords } from "../core-words.js";
import { findingName } from "./file-row.js";
import { hasContent, ids, owners, shownPath, time } from "./file-text.js";

/**
 * @typedef {import("./contract.js").FileRow} FileRow
 * @typedef {import("./contract.js").FileDetail} FileDetail
 * @typedef {import("./contract.js").LayerRef} LayerRef
 */

/** The most layers and findings that are listed. */
const LISTED = 200;

/** The types that stand in a tar by themselves. */
const TAKEN = new Set(["file", "link", "symlink", "dir", "char", "block", "fifo"]);

/** @param {FileDetail | undefined} detail @param {LayerRef[]} layers @param {string} [view] */
export function fileDetail(detail, layers, view) {
	if (!detail) return html`<p class="note">${t("file.choose")}</p>`;
	const { row, history, findings } = detail;
	return html`<section class="file-detail" aria-label=${t("file.detail")} tabindex="-1">
		<h3><code>${shownPath(row.path)}</code></h3>
		<p class="file-actions">${hasContent(row) ? actions(row, layers) : nothing}${asTar(row, layers, view)}${copy(row.path)}</p>
		<div class="file-parts"><div>${facts(row, layers)}${findings.length > 0 ? suspicions(findings) : nothing}</div>
		<div>${events(history)}</div></div>
	</section>`;
}

/** @param {FileRow} row @param {LayerRef[]} layers */
export function asked({ path, layer, at, size: whole, content }, layers) {
	const from = content ?? { layer, at };
	return { path, ...from, size: whole, id: layers.find(({ position }) => position === from.layer)?.id };
}

/** @param {FileRow} row @param {LayerRef[]} layers */
function actions(row, layers) {
	const tell = (/** @type {string} */ name) => (/** @type {Event} */ event) =>
		emit(event.currentTarget, name, asked(row, layers));
	return html`<button type="button" @click=${tell("stow-open-file")}>${t("file.open")}</button>
		<button type="button" @click=${tell("stow-save-file")}>${t("file.save")}</button>`;
}

/** With all below it, as its layers have it; of what is gone no container has anything. @param {FileRow} row @param {LayerRef[]} layers @param {string} [view] */
function asTar({ path, layer, kind }, layers, view) {
	if (view === "all" || !TAKEN.has(kind)) return nothing;
	const id = view === "layer" ? layers.find(({ position }) => position === layer)?.id : undefined;
	const tell = (/** @type {Event} */ event) =>
		emit(event.currentTarget, "stow-save-tar", { paths: [path], ...(id && { layer: id }) });
	return html`<button type="button" @click=${tell}>${t("export.path")}</button>`;
}

/** Deceiving characters are copied escaped: the clipboard ends in a shell. @param {string} path */
function copy(path) {
	const shown = shownPath(path);
	const plain = shown === path;
	return html`<stow-copy .text=${plain ? path : shown} label=${t(plain ? "file.copy" : "file.copyEscaped")}></stow-copy>`;
}

/** @param {FileRow} row @param {LayerRef[]} layers */
function facts(row, layers) {
	const { later } = row;
	return html`<table class="facts"><tbody>
		${fact("kind", t(`file.kind.${row.kind}`))}
		${row.implied ? nothing : fact("mode", html`<code>${row.mode}</code> <span class="note">${row.octal}</span>`)}
		${row.implied ? nothing : fact("owner", html`${ids(row)} <span class="note">${owners(row)}</span>`)}
		${row.kind === "file" || row.kind === "link" ? fact("size", sized(row.size)) : nothing}
		${row.total === undefined ? nothing : fact("below", sized(row.total))}
		${row.implied ? nothing : fact("mtime", html`<time>${time(row.mtime)}</time>`)}
		${row.link === undefined ? nothing : fact("target", html`<code>${shownPath(row.link)}</code>`)}
		${row.device ? fact("device", row.device) : nothing}
		${row.capabilities ? fact("capabilities", html`<code>${row.capabilities}</code>`) : nothing}
		${row.acl === undefined ? nothing : fact("acl", html`<code>${row.acl}</code>`)}
		${fact("layer", layerFact(row, layers))}
		${fact("change", t(`files.change.${row.change}`))}
		${later ? fact("later", t(`files.later.${later.how}`, { n: later.layer + 1 })) : nothing}
		${notes(row)}
	</tbody></table>`;
}

/** @param {string} key @param {unknown} value */
const fact = (key, value) => html`<tr><th scope="row">${t(`file.${key}`)}</th><td>${value}</td></tr>`;

/** @param {number} bytes */
const sized = (bytes) =>
	html`${exactBytes(bytes)}${bytes >= 1024 ? html` <span class="note">${size(bytes)}</span>` : nothing}`;

/** @param {FileRow} row @param {LayerRef[]} layers */
function layerFact({ layer, at, implied }, layers) {
	const found = layers.find(({ position }) => position === layer);
	return html`${layer + 1} <code>${shortDigest(found?.digest)}</code>
		${implied ? nothing : html`<span class="note">${t("file.at", { n: at + 1 })}</span>`}
		${found?.history ? html`<br><code class="note">${visible(found.history, 500)}</code>` : nothing}`;
}

/** @param {FileRow} row */
function notes(row) {
	const keys = /** @type {const} */ (["sparse", "duplicate", "implied", "beside"]).filter((key) => row[key]);
	return keys.length > 0 ? fact("notes", keys.map((key) => t(`file.${key}`)).join(t("list.semicolon"))) : nothing;
}

/** @param {FileDetail["findings"]} findings */
function suspicions(findings) {
	return html`<h4>${t("file.findings")}</h4><ul class="plain file-findings">${findings.slice(0, LISTED).map(
		({
			id,
			why,
			deletedIn,
		}) => html`<li><strong>! ${findingName(id)}</strong> ${coreWords([`core.finding.${id}`], why, 300)}
			${deletedIn === undefined ? nothing : html`<br><span class="note">${t("file.deletedIn", { n: deletedIn + 1 })}</span>`}</li>`,
	)}</ul>`;
}

/** @param {FileDetail["history"]} history */
function events(history) {
	if (history.length < 2) return html`<h4>${t("file.history")}</h4><p class="note">${t("file.history.none")}</p>`;
	return html`<h4>${t("file.history")}</h4><div class="scroll" tabindex="0" role="region" aria-label=${t("file.history")}>
		<table class="list"><thead><tr><th scope="col" class="number">${t("file.layer")}</th><th scope="col">${t("file.change")}</th><th scope="col">${t("file.kind")}</th>
			<th scope="col">${t("file.mode")}</th><th scope="col" class="number">${t("file.size")}</th><th scope="col">${t("file.mtime")}</th></tr></thead>
		<tbody>${history.slice(0, LISTED).map(
			(
				event,
			) => html`<tr><td class="number">${event.layer + 1}</td><td>${t(`files.change.${event.change}`)}</td><td>${t(`file.kind.${event.kind}`)}</td>
			<td><code>${event.mode}</code></td><td class="number" title=${exactBytes(event.size)}>${size(event.size)}</td><td class="time">${time(event.mtime)}</td></tr>`,
		)}</tbody></table></div>`;
}
