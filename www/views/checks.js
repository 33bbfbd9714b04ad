// Line: Report -> www. The checks of one node: outcome, both values, where the expected one came from.

import { html, nothing } from "lit";
import { visible } from "../format.js";
import { first, has, t } from "../strings.js";
import { values } from "./failure.js";
import { mark } from "./marks.js";
import { checkTold } from "./told.js";

/**
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Node} Node
 */

/** What needs a look comes first. */
const ORDER = { fail: 0, warn: 1, "not-checked": 2, pass: 3 };

/** @param {Node} node */
export function checks(node) {
	if (node.checks.length === 0) return html`<p class="note">${t("details.nochecks")}</p>`;
	const sorted = [...node.checks].sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
	return html`<ul class="checks">${sorted.map(one)}</ul>`;
}

/** @param {Check} check */
function one(check) {
	const from =
		check.source && check.expected !== null
			? t("checks.from", { source: first(`source.${check.source}`, check.source) })
			: "";
	return html`<li class="check is-${check.outcome}">
		<h4>${mark(check.outcome)} ${first(`check.${check.id}`, check.id)} <code class="note">${check.id}</code></h4>
		<p>${checkTold(check)}${check.path ? html` <span class="note">${t("checks.at", { path: "" })}<code>${visible(check.path, 300)}</code></span>` : nothing}</p>
		${values(check)}
		${from ? html`<p class="note">${from}</p>` : nothing}
		${check.outcome === "fail" && has(`cause.${check.id}`) ? html`<p>${t("verdict.cause")}${t("list.colon")}${t(`cause.${check.id}`)}</p>` : nothing}
	</li>`;
}
