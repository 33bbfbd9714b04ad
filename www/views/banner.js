// Line: Report -> www. The verdict in words: what passed, what failed and why, what was never looked at.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { platformKey, platformName, shortDigest, size, visible } from "../format.js";
import { pinLine } from "../model.js";
import { listed, shown, t } from "../strings.js";
import { mark } from "./marks.js";

/**
 * @typedef {import("../model.js").Model} Model
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Node} Node
 */

/** The order in which kinds are counted in a sentence. */
const KINDS = [
	"index",
	"manifest",
	"schema1",
	"config",
	"layer",
	"artifact",
	"attestation",
	"signature",
	"blob",
	"unknown",
];
export const OUTCOMES = /** @type {const} */ ({ verified: "pass", failed: "fail", incomplete: "not-checked" });

/**
 * The banner's sentence: `12 checks passed; 3 layers not downloaded, so not checked`.
 * @param {Model} model
 */
export function verdictWords(model) {
	const known = said.get(model);
	if (known?.[0] === shown()) return known[1];
	const words = counted(model);
	said.set(model, [shown(), words]);
	return words;
}

/** A sentence is made once a report and language: ten thousand nodes are counted for it. @type {WeakMap<Model, [string, string]>} */
const said = new WeakMap();

/** @param {Model} model */
function counted(model) {
	const { pass, fail, warn } = model.report.summary;
	const fetched = model.report.source.kind === "registry";
	const unread = model.report.nodes.filter((node) => !node.read);
	if (model.report.nodes.length === 0 && model.report.pasted?.length) return t("verdict.nodocument");
	const missed = model.report.nodes.filter((node) => node.read).flatMap((node) => node.checks);
	const open = missed.filter(({ outcome }) => outcome === "not-checked").length;
	const parts = [];
	if (fail > 0) parts.push(t("verdict.failed", { n: fail }));
	if (pass > 0)
		parts.push(t(fail + warn > 0 || unread.length > 0 ? "verdict.passed" : "verdict.passed.here", { n: pass }));
	if (warn > 0) parts.push(t("verdict.warned", { n: warn }));
	if (unread.length > 0) parts.push(t(fetched ? "verdict.unread" : "verdict.absent", { what: kinds(unread) }));
	if (open > 0) parts.push(t("verdict.unchecked", { n: open }));
	return parts.join(t("list.semicolon")) || t("verdict.nothing");
}

/** What leads the banner, for the live region: found bytes before counts. @param {Model} model */
export const headline = (model) =>
	[model.report.recovered ? t("verdict.recovered") : "", verdictWords(model)].filter(Boolean).join(t("list.sentence"));

/** @param {Node[]} nodes */
function kinds(nodes) {
	/** @type {Map<string, number>} */
	const counts = new Map();
	for (const { kind } of nodes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return listed(
		KINDS.filter((kind) => counts.has(kind)).map((kind) => t(`kinds.${kind}`, { n: counts.get(kind) ?? 0 })),
	);
}

/** @param {Model} model */
export function banner(model) {
	const { summary, source, recovered } = model.report;
	const subject = source.reference ?? source.name ?? t(`app.source.${source.kind}`);
	return html`<section class="banner verdict-${summary.verdict}" tabindex="-1" aria-label=${t("verdict.label")}>
		${
			recovered
				? html`<h2>${mark("pass")}<span>${t("verdict.recovered")}</span></h2><p class="words">${verdictWords(model)}</p>`
				: html`<h2>${mark(OUTCOMES[summary.verdict])}<span class="words">${verdictWords(model)}</span></h2>`
		}
		<p class="subject"><code>${visible(subject, 300)}</code></p>
		${model.firstFailure() ? html`<stow-failure .model=${model}></stow-failure>` : nothing}
		${pinAdvice(model)}
		<div class="actions">
			${platformChoice(model)}
			${unreadLayers(model)}
			<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-export")}>
				${t("verdict.export")}</button>
			${model.report.nodes.length > 0 ? ["save", "embed"].map(way) : nothing}
		</div>
	</section>`;
}

/** A dialog about what is in view. @param {string} name */
const way = (name) => html`<button type="button" class="quiet"
	@click=${(/** @type {Event} */ event) => emit(event.currentTarget, `stow-${name}`)}>${t(`verdict.${name}`)}</button>`;

/** @param {Model} model */
export function pinAdvice(model) {
	const line = pinLine(model);
	// A digest of something broken is not worth pinning.
	if (!line || model.report.summary.verdict === "failed") return nothing;
	return html`<p class="pin">${t("pin.text")}<br><code>${visible(line, 400)}</code>
		<stow-copy .text=${line} what=${t("pin.copy")}></stow-copy></p>`;
}

/** The layers of the image in view, where they can be fetched and have not been read. @param {Model} model */
export function unreadLayers(model) {
	const layers = model.layers(model.chosen()).filter((node) => !node.read && model.reaches(node));
	if (layers.length === 0) return nothing;
	// Schema 1 names no sizes.
	const bytes = layers.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
	return html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-layers", { layers: layers.map(({ id }) => id) })}>
		${t(bytes ? "layers.verify" : "layers.verify.unsized", { n: layers.length, size: size(bytes) })}</button>`;
}

/** @param {Model} model */
export function platformChoice(model) {
	const all = model.platforms();
	if (all.length < 2 || all.length > 200 || model.report.source.kind !== "registry") return nothing;
	const chosen = model.chosen();
	return html`<label class="platform">${t("verdict.platform")}
		<select @change=${(/** @type {Event} */ event) => {
			const node = all[/** @type {HTMLSelectElement} */ (event.currentTarget).selectedIndex];
			if (node) emit(event.currentTarget, "stow-platform", { platform: platformKey(node.platform), id: node.id });
		}}>${all.map(
			(node) => html`<option .selected=${node === chosen}>
			${visible(platformName(node.platform), 60)} · ${shortDigest(node.digest)}</option>`,
		)}</select></label>`;
}
