// Report -> www. `<stow-identities>`: what is this sha256? The lookup, every identity with its formula, what each tool prints.

import { html, nothing } from "lit";
import { explainImage } from "../engine/explain.js";
import { platformName, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { titleOf } from "../model/model.js";
import { lookupAnswer } from "../views/lookup-answer.js";
import { digestLink, fullDigest } from "../views/marks.js";
import { Explained } from "./explained.js";
import { emit } from "./part.js";

/** @typedef {import("../engine/explain.js").Identity} Identity */

/** The most values of one tool that are drawn. */
const VALUES = 3;
/** The number of rows that are drawn in one task; the others follow at once, in the next ones. */
const AT_ONCE = 30;

/** @extends {Explained<import("../engine/explain.js").Explanation>} */
export class StowIdentities extends Explained {
	static properties = { bytesOf: {}, lookup: {}, open: { state: true }, drawnRows: { state: true } };

	constructor() {
		super();
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {import("../page/state.js").State["lookup"]} */
		this.lookup = undefined;
		/** @type {Set<string>} the formulas that are open */
		this.open = new Set();
		this.drawnRows = AT_ONCE;
	}

	/** @override */
	question() {
		const { model, image } = this;
		return model && (() => explainImage(model, image));
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		super.willUpdate(changed);
		if (changed.has("image") || changed.has("model")) this.drawnRows = AT_ONCE;
	}

	updated() {
		if (this.drawnRows >= (this.said?.layers.length ?? 0)) return;
		setTimeout(() => {
			this.drawnRows += AT_ONCE;
		});
	}

	render() {
		const { model, said } = this;
		if (!model) return nothing;
		return html`${this.field()}
			${this.lookup?.from === "card" ? lookupAnswer(this.lookup, "h3") : nothing}
			${this.failed()}
			${said ? this.tools(said.printed, model) : nothing}
			${said ? this.cards(said) : nothing}`;
	}

	field() {
		return html`<form class="lookup" @submit=${this.asked}>
			<label for="lookup">${t("lookup.label")}</label>
			<div class="fields"><input id="lookup" name="lookup" type="text" spellcheck="false" autocomplete="off" autocapitalize="off"
				placeholder="sha256:… / 2b8fd9751c4c">
			<button type="submit">${t("lookup.button")}</button></div></form>`;
	}

	/** @param {SubmitEvent} event */
	asked(event) {
		event.preventDefault();
		const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("lookup") ?? "");
		if (text.trim()) emit(this, "stow-lookup", { text, from: "card" });
	}

	/** The documents' IDs, and those of the layers folded until they are wanted or asked for. @param {import("../engine/explain.js").Explanation} said */
	cards({ own, layers, ofLayers, layerCount }) {
		if (own.length + layers.length === 0) return html`<p class="note">${t("section.noImage")}</p>`;
		const asked = layers.some(({ value }) => value && this.lookup?.hits.some(({ digest }) => digest === value));
		return html`<h3>${t("identities.title")}</h3><p class="note">${t("identities.legend")}</p>
			${own.length > 0 ? this.card(own, own.length, "own") : nothing}
			${layers.length === 0 ? nothing : html`<details class="of-layers" .open=${asked || own.length === 0}><summary>${t("identities.layers", { n: layerCount })}</summary>${this.card(layers, ofLayers, "layers")}</details>`}`;
	}

	/** @param {Identity[]} all @param {number} count how many there are in all @param {string} name */
	card(all, count, name) {
		const heads = ["what", "value", "status", "formula", "prints"];
		return html`<div class="scroll" tabindex="0" role="region" aria-label=${t(`identities.of.${name}`)}>
			<table class="list stacked identities"><thead><tr>${heads.map((key) => html`<th scope="col">${t(`identities.${key}`)}</th>`)}</tr></thead>
			<tbody>${all.slice(0, this.drawnRows).map((identity, index) => this.row(identity, `identity-${name}-${index}`))}</tbody></table></div>
			${count > all.length ? html`<p class="note">${t("requests.more", { n: count - all.length })}</p>` : nothing}`;
	}

	/** Of which layer or platform an identity is. @param {Identity} identity */
	of({ what, id, layer }) {
		const node = this.model?.node(id);
		if (layer) return (node?.kind === "layer" && titleOf(node)) || String(layer);
		if (what === "imageId") return this.image ? "" : platformName(node?.platform);
		return node ? titleOf(node) : "";
	}

	/** @param {Identity} identity @param {string} id */
	row(identity, id) {
		const { what, value, known, formula, prints } = identity;
		const of = this.of(identity);
		const key = `${what} ${identity.id} ${value}`;
		const open = this.open.has(key);
		const toggle = () => {
			this.open = new Set(this.open);
			if (!this.open.delete(key)) this.open.add(key);
		};
		const lit = !!value && this.lookup?.hits.some(({ digest }) => digest === value);
		return html`<tr class=${lit ? "lit" : ""}>
			<th scope="row">${t(`identities.${what}`)}${of ? html`<br><span class="note">${visible(of, 80)}</span>` : nothing}</th>
			<td class="value">${value ? fullDigest(value, t(`identities.${what}`)) : html`<span class="note">${t("identities.absent")}</span>`}</td>
			<td><span class="known known-${known}">${t(`identities.${known}`)}</span></td>
			<td><button type="button" class="link formula" aria-expanded=${open} aria-controls=${open ? id : nothing} @click=${toggle}>
				<code>${t(`formula.${formula}`)}</code></button></td>
			<td class="wide">${t(`prints.${prints}`)}</td></tr>
			${
				open
					? html`<tr class="opened" id=${id}><td colspan="5">
				<stow-formula .identity=${identity} .model=${this.model} .bytesOf=${this.bytesOf}></stow-formula></td></tr>`
					: nothing
			}`;
	}

	/** @param {import("../engine/explain.js").Printed[]} lines @param {import("../model/model.js").Model} model */
	tools(lines, model) {
		if (lines.length === 0) return nothing;
		return html`<h3>${t("tools.title")}</h3>
			<div class="scroll" tabindex="0" role="region" aria-label=${t("tools.title")}>
			<table class="list stacked printed"><thead><tr><th scope="col">${t("tools.tool")}</th><th scope="col">${t("tools.prints")}</th>
				<th scope="col">${t("identities.what")}</th><th scope="col">${t("identities.status")}</th></tr></thead>
			<tbody>${lines.map(
				({ tool, values, count, what, known }) => html`<tr><th scope="row">${t(`tool.${tool}`)}</th>
				<td>${values.length > 0 ? printed(values, count, model) : html`<span class="note">${t("identities.absent")}</span>`}</td>
				<td>${t(`identities.${what}`)}</td>
				<td><span class="known known-${known}">${t(`identities.${known}`)}</span></td></tr>`,
			)}</tbody></table></div>`;
	}
}

/** @param {string[]} values @param {number} count @param {import("../model/model.js").Model} model */
const printed = (values, count, model) =>
	html`${values
		.slice(0, VALUES)
		.map((value) =>
			value.includes("@")
				? html`<code class="pinned">${visible(value, 300)}</code>`
				: html`${digestLink(value, model.withDigest(value).length > 0)} `,
		)}${count > VALUES ? html`<span class="note">${t("requests.more", { n: count - VALUES })}</span>` : nothing}`;
