// Report -> www/plan. The element's one line of status, what has to be said below it, and the foot with the layers.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { pinLine } from "../model/model.js";
import { platformChoice, subject, unreadLayers } from "../views/banner.js";
import { warningsIn } from "../views/fact-rows.js";
import { failureLead } from "../views/failure.js";
import { headlineOf } from "../views/headline.js";
import { mark } from "../views/marks.js";
import { signerLine } from "./signer.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../views/status.js").Progress} Progress
 * @typedef {import("./element-view.js").Look} Look
 */

/** The headline and the counts are the page's own. @param {Model} model @param {Look} look */
export function status(model, look) {
	const { mark: shape, tint = "none" } = headlineOf(model);
	const { snapshot, source } = model.report;
	return html`<div class="banner is-${tint}" part="verdict" role="group" aria-label=${t("verdict.label")}>
		<div class="plan-line">${mark(shape)}<h2 class="subject" title=${visible(source.reference ?? source.name ?? "", 300)}>${subject(model)}</h2>${words(model, look)}${pin(model)}
			${look.link ? html`<a part="link" href=${look.link} target="_blank" rel="noopener noreferrer">${t("plan.open")}</a>` : nothing}</div>
		${failureLead(model)}
		${snapshot ? html`<div class="fact-row">${mark("info")}<p>${taken(snapshot)}</p></div>` : nothing}
		${signerLine(model.report)}
	</div>`;
}

/** `Every digest matches · 156.7 MiB · 3 platforms` @param {Model} model @param {Look} look */
function words(model, { view }) {
	const { mark: shape, title, note } = headlineOf(model);
	const image = model.chosen();
	const [layers, platforms] = [model.layers(image).length, model.platforms().length];
	const facts = [
		shape === "pass" || shape === "fail" ? "" : note,
		isPinned(model) ? t("plan.pinned") : "",
		size(image && model.download(image)),
		view === "layers" || platforms < 2 ? (layers > 0 ? t("kinds.layer", { n: layers }) : "") : "",
		view !== "layers" && platforms > 1 ? t("anatomy.platforms", { n: platforms }) : "",
	].filter(Boolean);
	return html`<p class="said"><span class="words">${title}</span>${facts.map(beside)}${warnings(model)}</p>`;
}

/** @param {unknown} fact */
const beside = (fact) => html`<span aria-hidden="true"> · </span><span class="fact">${fact}</span>`;

/** The number of warnings; a click shows the first. @param {Model} model */
function warnings(model) {
	const warned = model.own.filter(({ checks }) => checks.some(({ outcome }) => outcome === "warn"));
	const n = warningsIn(model);
	if (n === 0) return nothing;
	const show = (/** @type {Event} */ event) =>
		emit(event.currentTarget, "stow-goto", { id: warned[0]?.id, pane: "checks" });
	return beside(html`<button type="button" class="link is-warn" @click=${show}>${t("plan.warnings", { n })}</button>`);
}

/** @param {Model} model */
const isPinned = ({ report }) => report.summary.facts?.pinned === true;

/** Copies the name with its digest; a digest of something broken is not worth pinning. @param {Model} model */
function pin(model) {
	const { source, summary } = model.report;
	const line = pinLine(model) ?? (isPinned(model) ? source.reference : undefined);
	if (!line || summary.verdict === "failed") return nothing;
	return html`<stow-copy class="pin" .text=${line} what=${t("pin.copy")} label=${t("plan.pin")} title=${t("copy.label", { what: visible(line, 400) })}></stow-copy>`;
}

/** @param {{ reference?: string, taken?: string }} snapshot */
function taken({ reference, taken }) {
	if (!reference || !taken) return t("plan.snapshot.plain");
	return t("plan.snapshot", { when: visible(taken.slice(0, 10), 10), reference: visible(reference, 300) });
}

/** The layers as the page counts them, and the one next step: it turns into what goes on. @param {Model} model @param {Progress | undefined} progress */
export function foot(model, progress) {
	const { verified, of } = model.report.summary.facts?.layers ?? { verified: 0, of: 0 };
	const choice = platformChoice(model);
	if (of === 0 && choice === nothing) return nothing;
	const cancel = (/** @type {Event} */ event) => emit(event.currentTarget, "stow-cancel");
	const told = progress
		? html`<p part="progress"><span class="stage">${visible(progress.text, 200)}</span>${progress.note ? beside(progress.note) : nothing}</p>`
		: html`<p>${of > 0 ? html`${t("meter.layers")} <span class="count">${t("meter.count", { n: verified, all: of })}</span>` : nothing}</p>`;
	return html`<div class="plan-foot">${told}<div class="actions">${choice}${
		progress
			? html`<button type="button" class="quiet" @click=${cancel}>${t("box.cancel")}</button>`
			: unreadLayers(model, "quiet")
	}</div></div>`;
}
