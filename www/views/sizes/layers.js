// Line: Sizes -> www. The layers by size: a stacked bar, a table as its equal, the efficiency and what it costs.

import { html, nothing } from "lit";
import { COLOURS, stripesOf } from "../../anatomy/digest-colours.js";
import { emit, vars } from "../../elements/part.js";
import { count, exactBytes, percent, shortDigest, size, visible } from "../../format.js";
import { t } from "../../strings.js";
import { shownPath } from "../files/text.js";
import { share } from "./treemap.js";

/**
 * @typedef {import("../files/contract.js").Sizes} Sizes
 * @typedef {import("../files/contract.js").LayerRef} LayerRef
 * @typedef {"compressed" | "unpacked" | "wasted"} Measure
 * @typedef {{ layer: LayerRef, found: import("../files/contract.js").LayerSizes | undefined }} Line
 */

export const MEASURES = /** @type {const} */ (["compressed", "unpacked", "wasted"]);

/** @param {LayerRef[]} layers @param {Sizes} sizes @returns {Line[]} */
export const linesOf = (layers, { layers: read }) =>
	layers.map((layer) => ({ layer, found: read.find(({ position }) => position === layer.position) }));

/** @param {Line} line @param {Measure} measure */
export function measured({ layer, found }, measure) {
	if (measure === "compressed") return layer.size ?? 0;
	return measure === "wasted" ? (found?.wasted ?? 0) : (layer.unpacked ?? found?.fileBytes ?? 0);
}

/**
 * @param {Line[]} lines
 * @param {{ measure: Measure, at: number, choose: (measure: Measure) => void, go: (at: number) => void, keydown: (event: KeyboardEvent) => void }} how
 */
export function layerBar(lines, { measure, at, choose, go, keydown }) {
	const whole = lines.reduce((sum, line) => sum + measured(line, measure), 0);
	const chosen = lines[at];
	return html`<div class="files-line"><div role="group" aria-label=${t("sizes.measure")} class="switch">${MEASURES.map(
		(one) =>
			html`<button type="button" aria-pressed=${one === measure} @click=${() => choose(one)}>${t(`sizes.measure.${one}`)}</button>`,
	)}</div><span class="note">${size(whole)}</span></div>
		<div class="stack" role="group" aria-label=${t("sizes.bar")} @keydown=${keydown}>${lines.map(
			(
				line,
				index,
			) => html`<button type="button" class="segment" data-segment=${index} data-colour=${colourOf(line.layer)} tabindex=${index === at ? 0 : -1} aria-pressed=${index === at}
			aria-label=${segmentWords(line, measure, whole)} title=${segmentWords(line, measure, whole)} @click=${() => go(index)} @focus=${() => go(index)}
			${vars({ "--grow": String(measured(line, measure)) })}></button>`,
		)}</div>
		<p class="note stack-words">${chosen ? html`${segmentWords(chosen, measure, whole)} <code>${visible(chosen.layer.history ?? "", 300)}</code>` : nothing}</p>`;
}

/** The first of the colours that the digest always has. @param {LayerRef} layer */
const colourOf = ({ digest, position }) => (digest ? (stripesOf(digest)[0]?.colour ?? position) : position) % COLOURS;

/** @param {Line} line @param {Measure} measure @param {number} whole */
function segmentWords(line, measure, whole) {
	const bytes = measured(line, measure);
	return t("sizes.segment", { n: line.layer.position + 1, size: size(bytes), share: share(bytes, whole) });
}

/** @param {string} key @param {string} [kind] */
const column = (key, kind = "number") => html`<th scope="col" class=${kind}>${t(`sizes.column.${key}`)}</th>`;

/** @param {Line[]} lines @param {number} at */
export function layerTable(lines, at) {
	const sum = (/** @type {(line: Line) => number} */ of) => lines.reduce((total, line) => total + of(line), 0);
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("sizes.layers")}><table class="list"><thead><tr>${column("layer")}${column("compressed")}
			${column("unpacked")}${column("fileBytes")}${column("files")}${column("entries")}${column("wasted")}${column("by", "")}</tr></thead>
		<tbody>${lines.map(
			(
				{ layer, found },
				index,
			) => html`<tr class=${index === at ? "lit" : ""}><th scope="row" class="number">${layer.position + 1} <code>${shortDigest(layer.digest)}</code></th>
			${bytes(layer.size)}${bytes(layer.unpacked)}${found ? bytes(found.fileBytes) : unread()}<td class="number">${found ? count(found.files) : ""}</td>
			<td class="number">${found ? count(found.entries) : ""}</td>${bytes(found?.wasted)}<td class="wide"><code>${visible(layer.history ?? "", 300)}</code></td></tr>`,
		)}</tbody>
		<tfoot><tr><th scope="row" class="number">${t("sizes.total")}</th>${bytes(sum(({ layer }) => layer.size ?? 0))}${bytes(sum(({ layer }) => layer.unpacked ?? 0))}
			${bytes(sum(({ found }) => found?.fileBytes ?? 0))}<td class="number">${count(sum(({ found }) => found?.files ?? 0))}</td>
			<td class="number">${count(sum(({ found }) => found?.entries ?? 0))}</td>${bytes(sum(({ found }) => found?.wasted ?? 0))}<td></td></tr></tfoot></table></div>`;
}

/** @param {number | null | undefined} value */
const bytes = (value) => html`<td class="number" title=${exactBytes(value)}>${size(value)}</td>`;
const unread = () => html`<td class="number"><span class="note">${t("sizes.unread")}</span></td>`;

/** @param {Sizes} sizes */
export function efficiency({ efficiency: value, wastedBytes, neededBytes, allBytes, worst }) {
	const share = percent(value);
	return html`<div class="efficiency"><p><strong class="figure">${share}</strong>
			<span>${t("sizes.efficiency.value", { percent: share, wasted: size(wastedBytes) })}</span></p>
		<p><code>${t("sizes.efficiency.formula")}</code>${
			neededBytes === undefined || allBytes === undefined
				? nothing
				: html`<br><code>${t("sizes.efficiency.pieces", { needed: exactBytes(neededBytes), all: exactBytes(allBytes), percent: share })}</code>`
		}</p>
		<p class="note">${t("sizes.efficiency.note")}</p></div>
		<h3>${t("sizes.worst")}</h3>${worst.length === 0 ? html`<p class="note">${t("sizes.worst.none")}</p>` : worstTable(worst)}`;
}

/** @param {Sizes["worst"]} worst */
function worstTable(worst) {
	return html`<div class="scroll worst" tabindex="0" role="region" aria-label=${t("sizes.worst")}><table class="list"><thead><tr><th scope="col" class="number">${t("sizes.worst.bytes")}</th>
			<th scope="col" class="number">${t("sizes.worst.times")}</th><th scope="col">${t("sizes.worst.path")}</th></tr></thead>
		<tbody>${worst.map(
			({
				path,
				bytes: cost,
				times,
			}) => html`<tr>${bytes(cost)}<td class="number">${count(times)}</td><td class="wide"><button type="button" class="link"
			@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-files-path", { path })}><code>${shownPath(path)}</code></button></td></tr>`,
		)}</tbody></table></div>`;
}
