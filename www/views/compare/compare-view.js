// Comparison -> www. The answer first: how far two images are the same and why; then growth, layers, config, files.

import { html, nothing } from "lit";
import { size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { errorText } from "../core-words.js";
import { mark } from "../marks.js";
import { causeWords, checkedRows } from "./compare-checked.js";
import { members } from "./compare-config.js";
import { classicCost, countsOf, signed } from "./compare-cost.js";
import { compareHead, lackingWords, namesOf, said } from "./compare-head.js";
import { layersView } from "./compare-layers.js";
import { diffView, packageChanges } from "./compare-more.js";

/**
 * @typedef {import("../../engine/compare/compare-images.js").Comparison} Comparison
 * @typedef {import("../../engine/compare/compare-images.js").ComparedRow} ComparedRow
 * @typedef {import("../../elements/compare/compare.js").StowCompare} View
 */

/** @type {Record<Comparison["verdict"], import("../marks.js").Mark>} */
const MARKS = { compared: "info", failed: "fail", incomplete: "not-checked" };

/** @param {View} view */
export function compareView(view) {
	const { comparison, failure, busy } = view;
	return html`<section class="comparison" aria-labelledby="compare-title">
		${compareHead(view)}
		${failure ? html`<p class="compare-failure" role="alert">${lackingWords(view) ?? errorText(failure, 600)}</p>` : nothing}
		${busy ? html`<p class="note" role="status">${reading(view)}</p>` : nothing}
		${view.leftOver === undefined ? nothing : html`<p class="note">${t("tags.left", { n: view.leftOver })}</p>`}
		${comparison ? result(view, comparison) : nothing}
	</section>`;
}

/** @param {View} view */
function reading({ bytes }) {
	const sum = [...bytes.values()].reduce((total, one) => total + one, 0);
	return sum > 0 ? t("compare.reading", { bytes: size(sum) }) : t("compare.busy");
}

/** @param {View} view @param {Comparison} comparison */
function result(view, comparison) {
	const { verdict, rung, sizes, files, toRead } = comparison;
	const key = verdict === "compared" ? `compare.rung.${rung}` : `compare.verdict.${verdict}`;
	const { pull, b, pullLayers, layersB, classic } = sizes;
	const shares = { pull: size(pull), all: size(b), n: pullLayers, of: layersB };
	return html`<div class="compare-answer is-${verdict === "failed" ? "failed" : rung}">
			<div class="compare-told"><p class="compare-verdict">${mark(MARKS[verdict], false, "")}<strong>${t(key)}${verdict === "compared" ? more(sizes) : nothing}</strong></p>
			<p>${causeWords(comparison)}</p>
			${verdict === "failed" ? nothing : html`<p class="note">${t("compare.pull", shares)}${classicCost(classic, pull)}</p>`}
			${files || verdict === "failed" || !comparison.a.hasFiles || !comparison.b.hasFiles || rung === "digest" ? nothing : html`<p><button type="button" class="primary" ?disabled=${view.busy} @click=${said("stow-compare-files")}>${t("compare.files.read", { bytes: size(toRead ?? 0) })}</button></p>`}</div>
			${checkedRows(view, comparison)}
		</div>
		${view.growth.length > 0 && files ? growth(view, files) : nothing}
		${layersView(comparison, namesOf(view))}
		<div class="compare-columns">${members(view, comparison)}${files ? filesView(view, files) : nothing}</div>
		${packageChanges(view)}`;
}

/** The difference in the size of the download of the second image. @param {Comparison["sizes"]} sizes */
const more = ({ a, b }) =>
	a === b
		? nothing
		: `${t("list.colon")}${t(b > a ? "compare.more" : "compare.less", { size: size(Math.abs(b - a)) })}`;

/** Each line leads to its path among the files. @param {View} view @param {import("../../engine/compare/compare-images.js").ComparedFilesHandle} files */
function growth(view, { sizeA, sizeB }) {
	return html`<section class="compare-growth"><h3>${t(sizeB >= sizeA ? "compare.grew" : "compare.shrank")}
		<span class="note">${t("compare.unpacked", { a: size(sizeA), b: size(sizeB) })}</span></h3>
		<ul>${view.growth.map(
			(line) =>
				html`<li><strong class="number">${signed(line.growth)}</strong>
				<button type="button" class="link" @click=${() => view.goTo(line.path)}><code>${visible(line.path || "/", 300)}</code>
				<span>${t("compare.paths", { n: line.files })}</span></button></li>`,
		)}</ul></section>`;
}

/** @param {View} view @param {import("../../engine/compare/compare-images.js").ComparedFilesHandle} files */
function filesView(view, files) {
	const text = (/** @type {CustomEvent<ComparedRow>} */ { detail }) => void view.openDiff(detail);
	return html`<section class="compare-files"><h3>${t("compare.files")} <span class="note">${countsOf(files)}</span></h3>
		<stow-changed-files .files=${files} .rows=${view.rows} .total=${view.total} .texts=${!!view.api} .names=${namesOf(view)} @stow-compare-text=${text}></stow-changed-files>${diffView(view)}</section>`;
}
