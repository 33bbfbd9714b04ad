// Report -> www. The checks of one node: outcome, both values, and the source of the expected one.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { first, t } from "../i18n/strings.js";
import { checkText } from "./core-words.js";
import { causeOf, values } from "./failure.js";
import { mark } from "./marks.js";

/**
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Node} Node
 */

/** Checks that need a look come first. */
const ORDER = { fail: 0, warn: 1, "not-checked": 2, pass: 3 };

/** @param {Node} node */
export function checks(node) {
	if (node.checks.length === 0) return html`<p class="note">${t("details.nochecks")}</p>`;
	const sorted = [...node.checks].sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
	return html`<ul class="checks">${sorted.map((check) => checkRow(check, node))}</ul>`;
}

/** @param {Check} check @param {Node} [node] for the cause of a failure */
export function checkRow(check, node) {
	const from =
		check.source && check.expected !== null
			? t("checks.from", { source: first(`source.${check.source}`, check.source) })
			: "";
	const cause = node && check.outcome === "fail" ? causeOf(node, check) : "";
	return html`<li class="check is-${check.outcome}">
		<h4>${mark(check.outcome)} ${first(`check.${check.id}`, check.id)} <code class="note">${check.id}</code></h4>
		<p>${checkText(check)}${check.path ? html` <span class="note">${t("checks.at", { path: "" })}<code>${visible(check.path, 300)}</code></span>` : nothing}</p>
		${check.outcome === "pass" && check.expected === check.actual ? one(check) : values(check)}
		${from ? html`<p class="note">${from}</p>` : nothing}
		${cause ? html`<p>${t("verdict.cause")}${t("list.colon")}${cause}</p>` : nothing}
	</li>`;
}

/** Equal values are written once. @param {Check} check */
const one = ({ actual }) => (actual ? html`<p class="value"><code>${visible(actual, 400)}</code></p>` : nothing);
