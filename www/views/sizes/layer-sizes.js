// Sizes -> www. The layers by size: figures, a stacked bar with what is wasted hatched, a table as its equal.

import { html, nothing } from "lit";
import { tint } from "../../anatomy/node-row.js";
import { emit, vars } from "../../elements/part.js";
import { count, exactBytes, percent, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { commandOf } from "../../lib/command.js";
import { shownPath } from "../files/file-text.js";
import { share } from "./treemap.js";

/**
 * @typedef {import("../files/contract.js").Sizes} Sizes
 * @typedef {import("../files/contract.js").LayerRef} LayerRef
 * @typedef {"compressed" | "unpacked"} Measure
 * @typedef {{ layer: LayerRef, found: import("../files/contract.js").LayerSizes | undefined }} Line
 */

export const MEASURES = /** @type {const} */ (["compressed", "unpacked"]);

/** @param {LayerRef[]} layers @param {Pick<Sizes, "layers"> & Partial<Sizes>} sizes @returns {Line[]} */
export const linesOf = (layers, { layers: read }) =>
	layers.map((layer) => ({ layer, found: read.find(({ position }) => position === layer.position) }));

/** @param {Line} line @param {Measure} measure */
export function measured({ layer, found }, measure) {
	return (measure === "compressed" ? layer.size : (layer.unpacked ?? found?.fileBytes)) ?? 0;
}

/** The place of a layer on the ramp, 0 to 1. @param {unknown[]} layers @param {number} index */
export const toneOf = (layers, index) => (layers.length > 1 ? index / (layers.length - 1) : 0);

/**
 * @param {Line[]} lines
 * @param {{ measure: Measure, at: number, choose: (measure: Measure) => void, go: (at: number) => void, keydown: (event: KeyboardEvent) => void,
 *   whole: boolean }} how `whole`: every layer was read
 */
export function layerBar(lines, { measure, at, choose, go, keydown, whole: all }) {
	const whole = lines.reduce((sum, line) => sum + measured(line, measure), 0);
	const chosen = lines[at];
	const segment = (/** @type {Line} */ line, /** @type {number} */ index) => {
		const bytes = measured(line, measure);
		const wasted = measure === "unpacked" && all ? (line.found?.wasted ?? 0) / Math.max(1, bytes) : 0;
		const words = segmentWords(line, measure, whole);
		return html`<button type="button" class="segment" data-segment=${index} tabindex=${index === at ? 0 : -1} aria-pressed=${index === at}
			aria-label=${words} title=${words} @click=${() => go(index)} @focus=${() => go(index)}
			${vars({ "--grow": String(bytes), "--tone": tint(toneOf(lines, index)) })}>${bytes > whole * 0.04 ? html`<span aria-hidden="true">${line.layer.position + 1}</span>` : nothing}${
				wasted > 0
					? html`<i class="hatch" ${vars({ "--wasted": `${(Math.min(1, wasted) * 100).toFixed(1)}%` })}></i>`
					: nothing
			}</button>`;
	};
	return html`<div class="files-line"><h3>${t("sizes.layers")}</h3><div role="group" aria-label=${t("sizes.measure")} class="switch">${(
		all ? MEASURES : MEASURES.slice(0, 1)
	).map(
		(one) =>
			html`<button type="button" aria-pressed=${one === measure} @click=${() => choose(one)}>${t(`sizes.measure.${one}`)}</button>`,
	)}</div></div>
		<div class="stack" role="group" aria-label=${t("sizes.bar")} @keydown=${keydown}>${lines.map(segment)}</div>
		<p class="note stack-words">${chosen ? html`${segmentWords(chosen, measure, whole)} <code>${visible(chosen.layer.history ?? "", 300)}</code>` : nothing}</p>`;
}

/** @param {Line} line @param {Measure} measure @param {number} whole */
function segmentWords(line, measure, whole) {
	const bytes = measured(line, measure);
	return t("sizes.segment", { n: line.layer.position + 1, size: size(bytes), share: share(bytes, whole) });
}

/** @param {string} key @param {string} [kind] */
const column = (key, kind = "number") => html`<th scope="col" class=${kind}>${t(`sizes.column.${key}`)}</th>`;

/** @param {Line[]} lines @param {number} at @param {boolean} whole every layer was read */
export function layerTable(lines, at, whole) {
	/** A sum is unknown if one of its layers is. @param {(line: Line) => number | null | undefined} of */
	const sum = (of) =>
		lines.reduce((/** @type {number | undefined} */ total, line) => {
			const value = of(line) ?? undefined;
			return total === undefined || value === undefined ? undefined : total + value;
		}, 0);
	const files = sum(({ found }) => found?.files);
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("sizes.layers")}><table class="list layer-sizes"><thead><tr>${column("layer", "")}${column("by", "wide")}${column("compressed", whole ? "number roomy" : "number")}
			${column("unpacked")}${column("wasted")}${column("files", "number roomy")}</tr></thead>
		<tbody>${lines.map(
			(
				{ layer, found },
				index,
			) => html`<tr class=${index === at ? "lit" : ""}><th scope="row"><i class="swatch" ${vars({ "--tone": tint(toneOf(lines, index)) })}></i>${layer.position + 1}</th>
			<td class="wide"><code title=${visible(layer.digest ?? "", 100)}>${visible(commandOf(layer.history ?? ""), 300)}</code></td>${bytes(layer.size, whole ? "roomy" : "")}
			${found ? bytes(layer.unpacked ?? found.fileBytes) : unread()}${wastedCell(whole ? found?.wasted : undefined)}<td class="number roomy note">${found ? count(found.files) : ""}</td></tr>`,
		)}</tbody>
		<tfoot><tr><td></td><th scope="row">${t("sizes.total")}</th>${bytes(
			sum(({ layer }) => layer.size ?? 0),
			whole ? "roomy" : "",
		)}${bytes(sum(({ layer, found }) => layer.unpacked ?? found?.fileBytes))}
			${bytes(sum(({ found }) => (whole ? found?.wasted : undefined)))}<td class="number roomy">${files === undefined ? nothing : count(files)}</td></tr></tfoot></table></div>`;
}

/** @param {number | null | undefined} value @param {string} [kind] */
const bytes = (value, kind = "") => html`<td class="number ${kind}" title=${exactBytes(value)}>${size(value)}</td>`;
const unread = () => html`<td class="number"><span class="note">${t("sizes.unread")}</span></td>`;

/** @param {number | undefined} value */
const wastedCell = (value) =>
	value
		? html`<td class="number" title=${exactBytes(value)}><strong>${size(value)}</strong></td>`
		: html`<td class="number note">${value === 0 ? "0" : ""}</td>`;

/**
 * The sum in figures: the bytes to download, and once all is read those that they unpack to and waste.
 * @param {Line[]} lines @param {Sizes | undefined} sizes of all layers @param {boolean} explained @param {() => void} explain
 */
export function figures(lines, sizes, explained, explain) {
	const sum = (/** @type {(line: Line) => number | null | undefined} */ of) =>
		lines.reduce((total, line) => total + (of(line) ?? 0), 0);
	const one = (/** @type {string} */ value, /** @type {unknown} */ words) =>
		html`<div><strong class="figure">${value}</strong><span class="note">${words}</span></div>`;
	const unpacked = sum(({ layer, found }) => layer.unpacked ?? found?.fileBytes);
	return html`<div class="figures">${one(size(sum(({ layer }) => layer.size)), t("sizes.figure.download"))}
		${
			sizes
				? [
						one(size(unpacked), t("sizes.figure.unpacked")),
						one(
							size(sizes.wastedBytes),
							t("sizes.figure.wasted", { share: share(sizes.wastedBytes, Math.max(1, unpacked)) }),
						),
						one(
							percent(sizes.efficiency),
							html`<button type="button" class="link" aria-expanded=${explained} @click=${explain}>${t("sizes.figure.efficiency")}</button>`,
						),
					]
				: nothing
		}</div>`;
}

/** @param {Sizes} sizes */
export function efficiency({ efficiency: value, wastedBytes, neededBytes, allBytes }) {
	const told = percent(value);
	return html`<div class="efficiency"><p>${t("sizes.efficiency.value", { percent: told, wasted: size(wastedBytes) })}</p>
		<p><code>${t("sizes.efficiency.formula")}</code>${
			neededBytes === undefined || allBytes === undefined
				? nothing
				: html`<br><code>${t("sizes.efficiency.pieces", { needed: exactBytes(neededBytes), all: exactBytes(allBytes), percent: told })}</code>`
		}</p>
		<p class="note">${t("sizes.efficiency.note")}</p></div>`;
}

/** @param {Sizes["worst"]} worst */
export function worstTable(worst) {
	return html`<div class="scroll worst" tabindex="0" role="region" aria-label=${t("sizes.worst.paths")}><table class="list"><thead><tr><th scope="col" class="number">${t("sizes.worst.bytes")}</th>
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
