// The filter bar of the list: by view, layer, changes, paths and findings.

import { html, nothing } from "lit";
import { shortDigest, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { findingName } from "./file-row.js";
import { CHANGES, HOWS, isNarrowed, SORTS, VIEWS } from "./query.js";

/**
 * @typedef {import("./query.js").Filter} Filter
 * @typedef {import("./contract.js").LayerRef} LayerRef
 * @typedef {object} Bar
 * @property {Filter} filter
 * @property {LayerRef[]} layers
 * @property {ReadonlySet<number>} read positions of the layers whose files are known
 * @property {Map<string, number>} findings how many of each kind
 * @property {string} fault what is wrong with the pattern
 * @property {(change: Partial<Filter>) => void} set
 * @property {(open: boolean) => void} openAll
 */

/** @param {Bar} bar */
export function filterBar(bar) {
	const { filter, set, openAll } = bar;
	return html`<div class="files-bar" role="search" aria-label=${t("files.filter")}>
		<div class="files-line">
			<div role="group" aria-label=${t("files.view")} class="switch">${VIEWS.map(
				(view) =>
					html`<button type="button" aria-pressed=${filter.view === view} @click=${() => set(inView(view, bar))}>${t(`files.view.${view}`)}</button>`,
			)}</div>
			${filter.view === "all" ? nothing : layerChoice(bar)}
			<label class="choice">${t("files.sort")} <select @change=${(/** @type {Event} */ event) => set({ sort: /** @type {Filter["sort"]} */ (chosen(event)) })}>
				${SORTS.map((sort) => html`<option value=${sort} .selected=${filter.sort === sort}>${t(`files.sort.${sort}`)}</option>`)}</select></label>
			<span class="files-fold"><button type="button" class="quiet" @click=${() => openAll(true)}>${t("files.openAll")}</button>
			<button type="button" class="quiet" @click=${() => openAll(false)}>${t("files.closeAll")}</button></span>
		</div>
		<p class="note">${t(`files.view.${filter.view}.note`)} ${history(bar)}</p>
		<div class="files-line">${pathField(bar)}${changeChoice(bar)}</div>
		${findings(bar)}
	</div>`;
}

/** One layer must be chosen if one is shown: the last that was read. @param {Filter["view"]} view @param {Bar} bar @returns {Partial<Filter>} */
function inView(view, { filter, layers, read }) {
	const last = layers.filter(({ position }) => read.has(position)).at(-1)?.position;
	return { view, layer: view === "layer" ? (filter.layer ?? last) : undefined };
}

/** @param {Bar} bar */
function layerChoice({ filter, layers, read, set }) {
	return html`<label class="choice">${t("files.layer")} <select @change=${(/** @type {Event} */ event) => {
		const value = chosen(event);
		set({ layer: value === "" ? undefined : Number(value) });
	}}>
		${filter.view === "image" ? html`<option value="" .selected=${filter.layer === undefined}>${t("files.layer.top", { n: layers.length })}</option>` : nothing}
		${layers.map(
			({
				position,
				digest,
			}) => html`<option value=${position} .selected=${filter.layer === position} ?disabled=${!read.has(position)}>
			${t("files.layer.option", { n: position + 1, digest: shortDigest(digest) })}${read.has(position) ? "" : ` (${t("files.layer.unread")})`}</option>`,
		)}</select></label>`;
}

/** @param {Bar} bar */
function history({ filter, layers }) {
	const made = layers.find(({ position }) => position === filter.layer)?.history;
	return made && filter.view !== "all" ? html`${t("files.madeBy")}: <code>${visible(made, 300)}</code>` : nothing;
}

/** @param {Bar} bar */
function pathField({ filter, fault, set }) {
	return html`<div class="files-path">
		<label class="choice"><span class="sr">${t("files.how")}</span><select @change=${(/** @type {Event} */ event) => set({ how: /** @type {Filter["how"]} */ (chosen(event)) })}>
			${HOWS.map((how) => html`<option value=${how} .selected=${filter.how === how}>${t(`files.how.${how}`)}</option>`)}</select></label>
		<input type="search" aria-label=${t("files.path")} placeholder=${t(`files.path.hint.${filter.how}`)} .value=${filter.text} spellcheck="false"
			autocomplete="off" autocapitalize="off" aria-invalid=${fault ? "true" : nothing} aria-describedby=${fault ? "files-fault" : nothing}
			@input=${(/** @type {Event} */ event) => set({ text: chosen(event) })}>
		<label class="toggle"><input type="checkbox" .checked=${filter.matchCase}
			@change=${(/** @type {Event} */ event) => set({ matchCase: checked(event) })}>${t("files.matchCase")}</label>
		${fault ? html`<p id="files-fault" role="alert" class="fault">${fault}</p>` : nothing}
	</div>`;
}

/** @param {Bar} bar */
function changeChoice({ filter, set }) {
	const toggled = (/** @type {import("./contract.js").Change} */ change, /** @type {boolean} */ on) =>
		on ? [...filter.changes, change] : filter.changes.filter((one) => one !== change);
	return html`<fieldset class="files-changes"><legend class="sr">${t("files.changes")}</legend>${CHANGES.map(
		(change) => html`<label class="toggle"><input type="checkbox" .checked=${filter.changes.includes(change)}
			@change=${(/** @type {Event} */ event) => set({ changes: toggled(change, checked(event)) })}>${t(`files.change.${change}`)}</label>`,
	)}</fieldset>`;
}

/** @param {Bar} bar */
function findings({ filter, findings: counts, set }) {
	const reset = isNarrowed(filter)
		? html`<button type="button" class="quiet" @click=${() => set({ changes: [], text: "", finding: "" })}>${t("files.reset")}</button>`
		: nothing;
	if (counts.size === 0)
		return html`<div class="files-line"><span class="note">${t("files.findings.none")}</span>${reset}</div>`;
	return html`<div class="files-line" role="group" aria-label=${t("files.findings")}><span class="note">${t("files.findings")}</span>
		${[...counts].map(
			([id, n]) => html`<button type="button" class="chip" aria-pressed=${filter.finding === id}
			@click=${() => set(filter.finding === id ? { finding: "" } : { finding: id, view: "all", layer: undefined })}>${t("files.findings.chip", { name: findingName(id), n })}</button>`,
		)}${reset}</div>`;
}

/** @param {Event} event */
const chosen = ({ currentTarget }) => /** @type {HTMLInputElement | HTMLSelectElement} */ (currentTarget).value;

/** @param {Event} event */
const checked = ({ currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget).checked;
