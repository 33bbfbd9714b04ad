// Report -> www. The history of the image in view; what the tables below it share.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { exactBytes, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { digestOf } from "../model/model.js";
import { digestLink } from "./marks.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").HistoryLine} HistoryLine
 * @typedef {import("../model/model.js").Model} Model
 */

/** The most rows of a table that are drawn. */
export const ROWS = 500;
/** Longer histories have a line a row, and only the rows in view are drawn. */
const SHORT = 200;

/** @param {string} key */
export const head = (key) => html`<th scope="col">${t(key)}</th>`;

/** @typedef {{ newest: boolean, all: boolean, text: string }} Look `all`: also the lines that made no layer */

/**
 * As `docker history` shows it, joined to the layers that the lines made. A value that is the same in every line is said once.
 * @param {Model} model @param {Node | undefined} image @param {Look} look
 */
export function history(model, image, look) {
	const config = model.config(image);
	if (!config) return html`<p class="note">${t("section.noImage")}</p>`;
	if (!config.read) return html`<p class="note">${t("history.unread")}</p>`;
	const lines = config.history ?? [];
	if (lines.length === 0) return html`<p class="note">${t("history.none")}</p>`;
	const words = look.text.trim().toLowerCase();
	const kept = lines.filter(
		(line) =>
			(look.all || !line.emptyLayer) &&
			(!words || (!line.secret && (line.createdBy ?? "").toLowerCase().includes(words))),
	);
	const ordered = look.newest ? kept.reverse() : kept;
	const isOne = (/** @type {"created" | "comment"} */ key) =>
		lines.length > 1 && new Set(lines.map((line) => line[key] ?? "")).size === 1;
	const same = { created: isOne("created"), comment: isOne("comment") };
	const above = html`${controls(look)}${constants(lines[0], same)}`;
	if (kept.length === 0) return html`${above}<p class="note">${t("history.noMatch")}</p>`;
	if (ordered.length > SHORT) return html`${above}${long(model, ordered, same)}`;
	return html`${above}
		<div class="scroll" tabindex="0" role="region" aria-label=${t("section.history")}><table class="list flow"><thead><tr>${head("history.layer")}<th scope="col" class="number">${t("history.size")}</th>${head("history.by")}${same.created ? nothing : head("history.created")}</tr></thead>
		<tbody>${ordered.map((line) => historyLine(model, line, same))}</tbody></table></div>`;
}

/** @param {Model} model @param {HistoryLine[]} lines @param {{ created: boolean, comment: boolean }} same */
function long(model, lines, same) {
	const heads = [
		...["history.layer", "history.size", "history.by"].map((key) => t(key)),
		...(same.created ? [] : [t("history.created")]),
	];
	const row = (/** @type {number} */ index) => {
		const line = /** @type {HistoryLine} */ (lines[index]);
		const layer = model.node(line.layer);
		return [
			layer ? digestLink(digestOf(layer)) : line.emptyLayer ? t("history.empty") : "?",
			size(layer?.size),
			html`<span title=${line.secret ? nothing : visible(line.createdBy ?? "", 2000)}>${command(line, false)}</span>`,
			...(same.created ? [] : [visible(line.created ?? "", 40)]),
		];
	};
	return html`<stow-long-table .heads=${heads} .count=${lines.length} .row=${row} label=${t("section.history")}></stow-long-table>`;
}

/** @param {Look} look */
function controls({ newest, all, text }) {
	const tell = (/** @type {Event} */ event, /** @type {Partial<Look>} */ change) =>
		emit(event.currentTarget, "stow-history", change);
	const field = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget);
	return html`<div class="history-bar"><input type="search" .value=${text} aria-label=${t("history.filter")} placeholder=${t("history.filter")} spellcheck="false" autocomplete="off"
			@input=${(/** @type {Event} */ event) => tell(event, { text: field(event).value })}>
		<label class="toggle"><input type="checkbox" .checked=${newest} @change=${(/** @type {Event} */ event) => tell(event, { newest: field(event).checked })}>${t("history.newest")}</label>
		<label class="toggle"><input type="checkbox" .checked=${all} @change=${(/** @type {Event} */ event) => tell(event, { all: field(event).checked })}>${t("history.all")}</label></div>`;
}

/** @param {HistoryLine | undefined} line @param {{ created: boolean, comment: boolean }} same */
function constants(line, same) {
	const told = [
		same.created && line?.created ? t("history.each.created", { when: visible(line.created, 40) }) : "",
		same.comment && line?.comment ? t("history.each.comment", { text: visible(line.comment, 300) }) : "",
	].filter(Boolean);
	return told.length > 0 ? html`<p class="note">${told.join(t("list.sentence"))}</p>` : nothing;
}

/** @param {Model} model @param {HistoryLine} line @param {{ created: boolean, comment: boolean }} same */
function historyLine(model, line, same) {
	const layer = model.node(line.layer);
	return html`<tr class=${line.emptyLayer ? "empty" : ""}>
		<td>${layer ? digestLink(digestOf(layer)) : html`<span class="note">${line.emptyLayer ? t("history.empty") : "?"}</span>`}</td>
		<td class="number" title=${exactBytes(layer?.size)}>${size(layer?.size)}</td>
		<td class="wide">${command(line)}${line.comment && !same.comment ? html`<br><span class="note">${t("history.comment", { text: visible(line.comment, 300) })}</span>` : nothing}</td>
		${same.created ? nothing : html`<td class="time">${visible(line.created ?? "", 40)}</td>`}</tr>`;
}

/**
 * A line that looks as if it held a secret is covered until it is asked for. Of a step with several lines, such as a script
 * between two marks, the first is there and the others are folded; if rows have one height they are only counted.
 * @param {HistoryLine} line
 */
export function command({ createdBy = "", secret }, folds = true) {
	if (secret) return html`<stow-secret .text=${createdBy} what=${t("section.history")}></stow-secret>`;
	const [first = "", ...rest] = visible(createdBy.trim(), 2000).split("\n");
	if (rest.length === 0) return html`<code>${first}</code>`;
	const count = html`<span class="note">${t("history.lines", { n: rest.length })}</span>`;
	if (!folds) return html`<code>${first}</code> ${count}`;
	return html`<details class="step"><summary><code>${first}</code> ${count}</summary><pre>${rest.join("\n")}</pre></details>`;
}

/** @param {number} length */
export const more = (length) =>
	length > ROWS ? html`<p class="note">${t("requests.more", { n: length - ROWS })}</p>` : nothing;
