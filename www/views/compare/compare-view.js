// Comparison -> www. The answer first: how far two images are the same and why; then growth, layers, config, files.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { size, visible } from "../../i18n/format.js";
import { reasonWords } from "../../i18n/reasons.js";
import { t } from "../../i18n/strings.js";
import { errorText } from "../core-words.js";
import { classicCost, countsOf, signed } from "./compare-cost.js";
import { layersView } from "./compare-layers.js";
import { diffView, packageChanges } from "./compare-more.js";

/**
 * @typedef {import("../../engine/compare/compare-images.js").Comparison} Comparison
 * @typedef {import("../../engine/compare/compare-images.js").ComparedRow} ComparedRow
 * @typedef {import("../../elements/compare/compare.js").StowCompare} View
 */

/** @param {View} view */
export function compareView(view) {
	const { a, b, comparison, failure, busy } = view;
	return html`<section class="comparison" aria-labelledby="compare-title">
		<div class="compare-head"><h2 id="compare-title"><code>${visible(a, 200)}</code> <span aria-hidden="true">→</span><span class="sr">${t("compare.and")}</span> <code>${visible(b, 200)}</code>
			${platforms(view)}</h2>
			${view.fixed ? nothing : html`<button type="button" @click=${said("stow-compare-swap")}>${t("compare.swap")}</button>`}
			${view.local ? html`<button type="button" @click=${said("stow-compare-close")}>${t("compare.close")}</button>` : nothing}</div>
		${view.fixed || view.local ? nothing : pairForm(view)}
		${failure ? html`<p class="compare-failure" role="alert">${errorText(failure, 600)}</p>` : nothing}
		${busy ? html`<p class="note" role="status">${reading(view)}</p>` : nothing}
		${view.leftOver === undefined ? nothing : html`<p class="note">${t("tags.left", { n: view.leftOver })}</p>`}
		${comparison ? result(view, comparison) : nothing}
	</section>`;
}

/** @param {View} view */
function platforms({ platform, platforms }) {
	const shown = platforms ? platforms.join(" → ") : platform;
	return shown ? html`<span class="note">${visible(shown, 140)}</span>` : nothing;
}

/** @param {string} name */
const said = (name) => (/** @type {Event} */ event) => emit(event.currentTarget, name);

/** @param {View} view */
function reading({ bytes }) {
	const sum = [...bytes.values()].reduce((total, one) => total + one, 0);
	return sum > 0 ? t("compare.reading", { bytes: size(sum) }) : t("compare.busy");
}

/** @param {View} view */
function pairForm({ a, b }) {
	const submit = (/** @type {SubmitEvent} */ event) => {
		event.preventDefault();
		const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
		const [one, other] = ["a", "b"].map((name) => String(data.get(name) ?? "").trim());
		if (one && other) emit(event.currentTarget, "stow-compare-pair", { a: one, b: other });
	};
	return html`<form class="compare-pair" @submit=${submit}>
		<label>${t("compare.first")} <input name="a" .value=${a} autocomplete="off" spellcheck="false"></label>
		<label>${t("compare.second")} <input name="b" .value=${b} autocomplete="off" spellcheck="false"></label>
		<button type="submit">${t("compare.go")}</button></form>`;
}

/** @param {View} view @param {Comparison} comparison */
function result(view, comparison) {
	const { verdict, rung, cause, sizes, files, toRead } = comparison;
	const key = verdict === "compared" ? `compare.rung.${rung}` : `compare.verdict.${verdict}`;
	const { pull, b, pullLayers, layersB, classic } = sizes;
	const shares = { pull: size(pull), all: size(b), n: pullLayers, of: layersB };
	return html`<div class="compare-answer is-${verdict === "failed" ? "failed" : rung}">
			<p class="compare-verdict"><strong>${t(key)}${verdict === "compared" ? more(sizes) : nothing}</strong></p>
			<p>${reasonWords(cause) ?? visible(cause.message, 600)}</p>
			${verdict === "failed" ? nothing : html`<p class="note">${t("compare.pull", shares)}${classicCost(classic, pull)}</p>`}
			${files || verdict === "failed" || !comparison.a.hasFiles || !comparison.b.hasFiles || rung === "digest" ? nothing : html`<p><button type="button" class="primary" ?disabled=${view.busy} @click=${said("stow-compare-files")}>${t("compare.files.read", { bytes: size(toRead ?? 0) })}</button></p>`}
		</div>
		${view.growth.length > 0 && files ? growth(view.growth, files) : nothing}
		${layersView(comparison)}
		<div class="compare-columns">${members(view, comparison)}${files ? filesView(view, files) : nothing}</div>
		${packageChanges(view)}`;
}

/** The difference in the size of the download of the second image. @param {Comparison["sizes"]} sizes */
const more = ({ a, b }) =>
	a === b
		? nothing
		: `${t("list.colon")}${t(b > a ? "compare.more" : "compare.less", { size: size(Math.abs(b - a)) })}`;

/** @param {View["growth"]} lines @param {import("../../engine/compare/compare-images.js").ComparedFilesHandle} files */
function growth(lines, { sizeA, sizeB }) {
	return html`<section class="compare-growth"><h3>${t(sizeB >= sizeA ? "compare.grew" : "compare.shrank")}
		<span class="note">${t("compare.unpacked", { a: size(sizeA), b: size(sizeB) })}</span></h3>
		<ul>${lines.map(
			(line) =>
				html`<li><strong class="number">${signed(line.growth)}</strong> <code>${visible(line.path || "/", 300)}</code>
				<span class="note">${t("compare.paths", { n: line.files })}</span></li>`,
		)}</ul></section>`;
}

/** @param {View} view @param {Comparison} comparison */
function members(view, { config }) {
	const value = (/** @type {any} */ one) => visible(typeof one === "string" ? one : JSON.stringify(one), 600);
	const line = (/** @type {Comparison["config"][number]} */ { path, a, b, secret }) => {
		const hidden = secret && !view.revealed.has(path);
		const shown = (/** @type {any} */ one) => (hidden ? "••••••••" : value(one));
		return html`<li><code class="path">${visible(path, 300)}</code>
			${hidden ? html`<button type="button" class="quiet" @click=${() => view.reveal(path)}>${t("compare.reveal")}</button>` : nothing}
			${a === undefined ? nothing : html`<del><span class="sr">${t("compare.before")}</span>− ${shown(a)}</del>`}
			${b === undefined ? nothing : html`<ins><span class="sr">${t("compare.after")}</span>+ ${shown(b)}</ins>`}</li>`;
	};
	return html`<section class="compare-config"><h3>${t("compare.config")} <span class="note">${t("compare.members", { n: config.length })}</span></h3>
		${config.length > 0 ? html`<ul>${config.slice(0, MOST).map(line)}</ul>` : nothing}</section>`;
}

/** The most changed members that are drawn. */
const MOST = 200;

/** @param {View} view @param {import("../../engine/compare/compare-images.js").ComparedFilesHandle} files */
function filesView(view, files) {
	const text = (/** @type {CustomEvent<ComparedRow>} */ { detail }) => void view.openDiff(detail);
	return html`<section class="compare-files"><h3>${t("compare.files")} <span class="note">${countsOf(files)}</span></h3>
		<stow-changed-files .files=${files} .rows=${view.rows} .total=${view.total} .texts=${!!view.api} @stow-compare-text=${text}></stow-changed-files>${diffView(view)}</section>`;
}
