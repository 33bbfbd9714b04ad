// Comparison -> www. One row if both images are verified; else the rows say what is open, and on which side.

import { html } from "lit";
import { visible } from "../../i18n/format.js";
import { reasonWords } from "../../i18n/reasons.js";
import { first, t } from "../../i18n/strings.js";
import { nameWithin } from "../headline.js";
import { mark } from "../marks.js";
import { otherPlatforms, SIDES } from "./compare-head.js";

/** @typedef {import("../../engine/compare/side-checked.js").Checked} Checked */

/** The cause in words; a node that failed is called as everywhere. @param {import("../../engine/compare/compare-images.js").Comparison} comparison */
export function causeWords({ cause, reports }) {
	const { reason, params = {}, message } = cause;
	const report = reports[params.side === "second-image" ? 1 : 0];
	const node = report.nodes.find(
		({ digest, checks }) => digest === params.digest && checks.some(({ outcome }) => outcome === "fail"),
	);
	const named = reason === "compared-digest-failed" && node ? { ...params, what: nameWithin(node) } : params;
	return reasonWords({ reason, params: named }) ?? visible(message, 600);
}

/** @type {Record<Checked["state"], import("../marks.js").Mark>} */
const MARKS = {
	verified: "pass",
	open: "not-checked",
	none: "not-checked",
	unread: "not-checked",
	faulty: "fail",
	failed: "fail",
};

/** @param {import("../marks.js").Mark} shape @param {string} words */
const row = (shape, words) => html`<div class="fact-row">${mark(shape)}<p>${words}</p></div>`;

/** @param {import("../../elements/compare/compare.js").StowCompare} view @param {import("../../engine/compare/compare-images.js").Comparison} comparison */
export function checkedRows(view, comparison) {
	const [a, b] = [comparison.a.checked, comparison.b.checked];
	const others = otherPlatforms(view).map((words) => row("warn", words));
	return html`${isMatched(a) && isMatched(b) ? together(a, b) : SIDES.map((side) => alone(side, comparison[side].checked))}${others}`;
}

/** True if nothing but layers is open. @param {Checked} checked */
const isMatched = ({ state }) => state === "verified" || state === "open";

/** @param {Checked} a @param {Checked} b */
function together(a, b) {
	const n = a.layers.of + b.layers.of;
	const isWhole = a.state === "verified" && b.state === "verified";
	if (isWhole) return row("pass", n > 0 ? t("compare.checked.both", { n }) : t("compare.checked.both.documents"));
	const counts = { a: a.layers.verified, ofA: a.layers.of, b: b.layers.verified, ofB: b.layers.of };
	return row("not-checked", [t("compare.checked.layers", counts), ...remembered(a, b)].join(" "));
}

/** @param {"a" | "b"} side @param {Checked} checked */
function alone(side, checked) {
	const { state, check = "", layers } = checked;
	const of = { n: layers.verified, all: layers.of, check: visible(first(`check.${check}`, check), 60) };
	const words = t(`compare.checked.${state}`, of);
	const name = t(side === "a" ? "compare.first" : "compare.second");
	return row(MARKS[state], [`${name}${t("list.colon")}${words}`, ...remembered(checked)].join(" "));
}

/** Layers that an earlier visit verified: they were not read again, so nothing passes by them. @param {Checked[]} sides */
function remembered(...sides) {
	const n = sides.reduce((sum, { layers }) => sum + layers.remembered, 0);
	return n > 0 ? [t("compare.checked.remembered", { n })] : [];
}
