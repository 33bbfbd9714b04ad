// Report -> www. The title row and the head of the facts block: the image, the verdict, its layers, the one next step.

import { html, nothing } from "lit";
import { emit, vars } from "../elements/part.js";
import { day, platformKey, platformName, shortDigest, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { referenceParts } from "../model/model.js";
import { headlineOf } from "./headline.js";
import { mark } from "./marks.js";

export { headline, OUTCOMES, verdictWords } from "./headline.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./status.js").Progress} Progress
 */

/** @param {EventTarget | null} target @param {string} name @param {object} [detail] */
const send = (target, name, detail) => emit(target, name, detail);

/** @param {Model} model @param {Progress | undefined} progress of layers that are being read */
export function banner(model, progress) {
	const { tint } = headlineOf(model);
	return html`<section class="banner" tabindex="-1" aria-label=${t("verdict.label")}>
		${titleRow(model)}
		<div class="block ${tint ? `is-${tint}` : ""}">${head(model, progress)}
			<stow-facts .model=${model}></stow-facts></div>
	</section>`;
}

/** @param {Model} model */
export function titleRow(model) {
	const image = model.chosen();
	const config = model.config(image);
	const created = Date.parse(config?.image?.created ?? "");
	const n = model.layers(image).length;
	const facts = [
		size(image && model.download(image)),
		n > 0 ? t("kinds.layer", { n }) : "",
		created > 0 ? t("title.created", { date: day(created) }) : "",
	].filter(Boolean);
	return html`<div class="title-row"><p class="subject">${subject(model)}</p>${platformChoice(model)}
		<p class="note title-facts">${facts.map((fact, at) => html`${at > 0 ? html`<span aria-hidden="true"> · </span>` : nothing}<span>${fact}</span>`)}</p>
		<stow-actions .model=${model}></stow-actions></div>`;
}

/** The registry quiet, the repository and the tag loud. @param {Model} model */
export function subject(model) {
	const { source } = model.report;
	const parts = referenceParts(source.reference);
	const name = visible(source.reference ?? source.name ?? t(`app.source.${source.kind}`), 300);
	if (!parts?.registry || !name.startsWith(`${parts.registry}/`)) return html`<code>${name}</code>`;
	const start = parts.registry.length + 1;
	return html`<code><span class="registry">${name.slice(0, start)}</span><wbr><strong>${name.slice(start)}</strong></code>`;
}

/** @param {Model} model @param {Progress | undefined} progress */
export function head(model, progress) {
	const { mark: shape, title, note } = headlineOf(model);
	return html`<div class="facts-head">
		<h2>${mark(shape)}<span class="words">${title}</span></h2>
		${progress ? reading(progress) : note ? html`<p class="note">${note}</p>` : nothing}
		<div class="next">${shape === "fail" && !progress ? nothing : meter(model, progress)}${progress ? cancel() : unreadLayers(model)}</div></div>
		${shape === "fail" ? html`<stow-failure .model=${model}></stow-failure>` : nothing}`;
}

/** @param {Progress} progress */
const reading = ({ text, note, more }) =>
	html`<section class="note progress" aria-label=${t("progress.label")}>${visible(text, 200)}${note ? html` · ${note}` : nothing}${more}</section>`;

const cancel = () =>
	html`<button type="button" @click=${(/** @type {Event} */ event) => send(event.currentTarget, "stow-cancel")}>${t("box.cancel")}</button>`;

/** The layers of the image in view, each as wide as it is large, full as far as it is read. @param {Model} model @param {Progress} [progress] */
function meter(model, progress) {
	const { verified, of } = model.report.summary.facts?.layers ?? { verified: 0, of: 0 };
	if (of === 0) return nothing;
	const layers = model.layers(model.chosen()).slice(0, 128);
	const done = (/** @type {Node} */ { id, read, checks }) =>
		progress?.reading?.get(id) ?? (read && !checks.some(({ outcome }) => outcome === "fail") ? 1 : 0);
	return html`<div class="meter"><p><span>${t("meter.layers")}</span> <span>${t("meter.count", { n: verified, all: of })}</span></p>
		<div class="meter-bar" aria-hidden="true">${layers.map(
			(layer) =>
				html`<i ${vars({ "--grow": String(Math.max(1, layer.size ?? 1)), "--done": `${done(layer) * 100}%` })}></i>`,
		)}</div></div>`;
}

/** The layers of the image in view, if they can be fetched and have not been read. @param {Model} model @param {string} [look] */
export function unreadLayers(model, look = "primary") {
	const layers = model.leaves(model.chosen()).filter((node) => !node.read && model.reaches(node));
	if (layers.length === 0) return nothing;
	// Schema 1 names no sizes.
	const bytes = layers.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
	const sized = layers.every(({ kind }) => kind === "layer") ? "layers.verify" : "blobs.verify";
	const unsized = sized === "layers.verify" ? "layers.verify.unsized" : "blobs.verify.unsized";
	return html`<button type="button" class=${look} @click=${(/** @type {Event} */ event) => send(event.currentTarget, "stow-layers", { layers: layers.map(({ id }) => id) })}>
		${t(bytes ? sized : unsized, { n: layers.length, size: size(bytes) })}</button>`;
}

/** @param {Model} model */
export function platformChoice(model) {
	const all = model.platforms();
	if (all.length < 2 || all.length > 200 || model.report.source.kind !== "registry") return nothing;
	const chosen = model.chosen();
	const names = all.map((node) => platformName(node.platform));
	const label = (/** @type {Node} */ { digest }, /** @type {number} */ at) =>
		names.indexOf(names[at] ?? "") === names.lastIndexOf(names[at] ?? "") ? "" : ` · ${shortDigest(digest)}`;
	return html`<label class="platform"><span class="sr">${t("verdict.platform")}</span>
		<select @change=${(/** @type {Event} */ event) => {
			const node = all[/** @type {HTMLSelectElement} */ (event.currentTarget).selectedIndex];
			if (node) send(event.currentTarget, "stow-platform", { platform: platformKey(node.platform), id: node.id });
		}}>${all.map((node, at) => html`<option .selected=${node === chosen}>${visible(names[at], 60)}${label(node, at)}</option>`)}</select>
		<span class="note" aria-hidden="true">${t("title.platforms", { n: all.length })}</span></label>`;
}
