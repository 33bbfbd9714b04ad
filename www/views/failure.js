// Line: Report -> www. What leads where something failed: the node, both values, the likely cause.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { visible } from "../format.js";
import { nameOf } from "../model.js";
import { first, has, t } from "../strings.js";
import { checkTold } from "./told.js";

/**
 * @typedef {import("../model.js").Model} Model
 * @typedef {import("../types.js").Check} Check
 */

/** A failure leads: the node, both values, the likely cause. @param {Model} model */
export function failureLead(model) {
	const found = model.firstFailure();
	if (!found) return nothing;
	const { node, check } = found;
	const where = t("verdict.in", {
		check: first(`check.${check.id}`, check.id),
		kind: t(`kind.${node.kind}`),
		name: visible(nameOf(node), 80),
	});
	return html`<div class="failure">
		<p><strong>${where}</strong>${t("list.colon")}${checkTold(check, 400)}</p>
		${values(check)}
		${has(`cause.${check.id}`) ? html`<p>${t("verdict.cause")}${t("list.colon")}${t(`cause.${check.id}`)}</p>` : nothing}
		<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-select", { id: node.id, focus: true })}>
			${t("verdict.show")}</button>
	</div>`;
}

/** @param {Check} check */
export function values({ expected, actual }) {
	if (expected === null && actual === null) return nothing;
	return html`<dl class="values">
		${expected === null ? nothing : html`<dt>${t("verdict.expected")}</dt><dd><code>${visible(expected, 400)}</code></dd>`}
		${actual === null ? nothing : html`<dt>${t("verdict.actual")}</dt><dd><code>${visible(actual, 400)}</code></dd>`}
	</dl>`;
}
