// Report -> www. The result: the title and the verdict, cards about what was given, tabs; the first of them is the structure.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { tabs } from "../elements/tab-list.js";
import { t } from "../i18n/strings.js";
import { foundAbout, TABS } from "../model/tabs.js";
import { banner } from "./banner.js";
import { digestBar, mark } from "./marks.js";

/**
 * @typedef {import("../page/state.js").State} State
 * @typedef {import("./page-view.js").Parts} Parts
 * @typedef {import("../model/model.js").Model} Model
 */

/** @param {State} state @param {Parts} parts */
export function resultView(state, parts) {
	const { model, requests, progress, failure } = state;
	if (!model)
		return requests.length > 0
			? html`<section class="sections" aria-label=${t("sections.label")}>${sections(state, parts, "raw")}</section>`
			: nothing;
	const { report } = model;
	return html`<div class="result ${failure ? "is-stale" : ""}">
		${state.pins && report.nodes.length === 0 ? html`<stow-pins .pins=${state.pins}></stow-pins>` : banner(model, progress)}
		${report.recovered ? html`<stow-recovered .model=${model} .bytesOf=${parts.api.bytesOf}></stow-recovered>` : nothing}
		${report.pasted && (model.given.texts.length > 0 || model.given.files) ? html`<stow-pasted .model=${model} .linked=${state.linked}></stow-pasted>` : nothing}
		${report.statement || report.certificate ? html`<stow-alone .model=${model}></stow-alone>` : nothing}
		${state.pins && report.nodes.length > 0 ? html`<stow-pins .pins=${state.pins}></stow-pins>` : nothing}
		${report.forms ? html`<stow-forms .model=${model}></stow-forms>` : nothing}
		${report.nodes.length > 0 || requests.length > 0 ? tabbed(state, parts, model) : nothing}
		${state.printing && state.tab !== "checks" && report.nodes.length > 0 ? html`<section class="paper"><h2>${t("tab.checks")}</h2><stow-all-checks .model=${model}></stow-all-checks></section>` : nothing}
	</div>`;
}

/** @param {State} state @param {Parts} parts @param {Model} model */
function tabbed(state, parts, model) {
	const { pass, fail, warn, notChecked } = model.report.summary;
	// A digest alone, or what a pull printed, makes no picture.
	const shown = model.report.nodes.length > 0 ? TABS : /** @type {const} */ (["raw"]);
	/** @type {Record<string, number | undefined>} */
	const counts = { checks: pass + fail + warn + notChecked, signatures: foundAbout(model.report) };
	/** @param {string} key */
	const label = (key) =>
		counts[key] === undefined ? t(`tab.${key}`) : html`${t(`tab.${key}`)} <span class="pill">${counts[key]}</span>`;
	return html`<section class="sections" aria-label=${t("sections.label")}>${tabs({
		id: "result",
		label: t("sections.label"),
		selected: state.tab,
		choose: (tab, from) => emit(from, "stow-tab", { tab }),
		tabs: shown.map((key) => ({
			key,
			label: label(key),
			panel: () => (key === "overview" ? overview(state, parts, model) : sections(state, parts, key)),
		})),
	})}</section>`;
}

/** @param {State} state @param {Parts} parts @param {Model} model */
function overview(state, { api }, model) {
	const node = model.node(state.selected);
	return html`<div class="columns">
		<section class="anatomy" aria-label=${t("anatomy.title")}>
			<stow-anatomy .model=${model} .selected=${state.selected} .lit=${state.lookup} .reading=${state.progress?.reading}></stow-anatomy>
			<p class="note legend">${(/** @type {const} */ (["not-checked", "pass"])).map((one) => html`<span>${mark(one, false, "")}${t(`legend.${one}`)}</span>`)}<span>${digestBar(model.roots[0]?.digest)}${t("legend.same")}</span></p></section>
		<section class="details" aria-label=${t("details.title")} tabindex="-1">
			<stow-details .model=${model} .node=${node} .bytesOf=${api.bytesOf} .tab=${state.pane}></stow-details></section>
	</div><stow-lineage .model=${model} .image=${model.imageOf(node)} .api=${api} .settings=${state.settings}></stow-lineage>`;
}

/** @param {State} state @param {Parts} parts @param {string} tab */
function sections(state, { api }, tab) {
	const { model, requests, lookup, settings } = state;
	return html`<stow-sections .tab=${tab} .model=${model} .node=${model?.node(state.selected)} .requests=${requests}
		.lookup=${lookup} .api=${api} .settings=${settings} .path=${state.path} .filter=${state.filter} .outcome=${state.outcome} .line=${state.line} .named=${state.named}></stow-sections>`;
}
