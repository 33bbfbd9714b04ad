// Comparison -> www. Questions to a comparison once the layers of both are verified: the text of a changed file, and packages.

import { html, nothing } from "lit";
import { diffLines, shortened } from "../../formats/diff.js";
import { count, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { errorText } from "../core-words.js";

/** @typedef {import("../../elements/compare/compare.js").StowCompare} View */
/** @typedef {import("../../engine/compare/packages-of-image.js").PackageChange} PackageChange */

/** The most lines of a diff, and the most packages, that are drawn. */
const LINES = 2000;

/** Shape beside the colour. @type {Record<string, string>} */
const SIGNS = { added: "+", removed: "−", changed: "~" };

/** @param {View} view */
export function diffView({ diff }) {
	if (!diff) return nothing;
	const { path, texts, problem, failure } = diff;
	const told = failure
		? html`<p class="compare-failure" role="alert">${errorText(failure, 600)}</p>`
		: problem
			? html`<p class="note">${t(`compare.diff.${problem}`)}</p>`
			: texts
				? lines(texts[0], texts[1])
				: html`<p class="note" role="status">${t("compare.diff.busy")}</p>`;
	return html`<section class="compare-diff" aria-label=${t("compare.diff.of")}><h3><code>${visible(path, 300)}</code></h3>${told}</section>`;
}

/** @param {string} before @param {string} after */
function lines(before, after) {
	const all = shortened(diffLines(before, after));
	const line = (/** @type {typeof all[number]} */ one) => {
		if (one.op === "skipped") return html`<span class="note">${t("compare.diff.skipped", { n: one.count })}</span>\n`;
		const text = visible(one.text.replace(/[\r\n]+$/, ""), 2000);
		if (one.op === "same") return html`<span>  ${text}</span>\n`;
		return one.op === "added" ? html`<ins>+ ${text}</ins>\n` : html`<del>− ${text}</del>\n`;
	};
	return html`<pre class="diff" tabindex="0">${all.slice(0, LINES).map(line)}</pre>${all.length > LINES ? html`<p class="note">+${count(all.length - LINES)}</p>` : nothing}`;
}

/** @param {View} view */
export function packageChanges(view) {
	const { comparison, api, changes, listing } = view;
	if (!comparison?.files || !api) return nothing;
	const change = (/** @type {PackageChange} */ { state, kind, name, a = "", b = "" }) =>
		html`<li class="is-${state}"><span class="sign" title=${t(`compare.state.${state}`)}>${SIGNS[state]}<span class="sr">${t(`compare.state.${state}`)}</span></span>
			<span class="note">${visible(kind, 20)}</span> <code>${visible(name, 200)}</code> <code>${visible(a, 100)}</code>${a && b ? " → " : ""}<code>${visible(b, 100)}</code></li>`;
	return html`<section class="compare-packages"><h3>${t("packages.title")} ${changes ? html`<span class="note">${t("compare.packages.count", { n: changes.length })}</span>` : nothing}</h3>
		${
			changes
				? html`<ul>${changes.slice(0, LINES).map(change)}</ul>`
				: html`<p><button type="button" ?disabled=${listing !== undefined} @click=${() => view.comparePackages()}>${t("compare.packages.read")}</button>
			${listing === undefined ? nothing : html`<span class="note" role="status">${t("packages.reading", { bytes: size(listing) })}</span>`}</p>`
		}</section>`;
}
