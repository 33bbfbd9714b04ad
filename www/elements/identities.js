// Line: Report -> www. `<stow-identities>`: what is this sha256? The lookup, every identity with its formula, what each tool prints.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { identitiesOf, printedBy } from "../model/image-identities.js";
import { lookupAnswer } from "../views/lookup-answer.js";
import { digestLink, fullDigest } from "../views/marks.js";
import { emit, Part } from "./part.js";

/** How many identities are drawn, and how many values of one tool. */
const ROWS = 500;
const VALUES = 3;
const OF_LAYERS = new Set(["layer", "diffId", "chainId"]);
/** How many rows are drawn in one task; the others follow at once, in the next ones. */
const AT_ONCE = 30;

export class StowIdentities extends Part {
	static properties = { model: {}, image: {}, bytesOf: {}, lookup: {}, open: { state: true }, drawn: { state: true } };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {import("../page/state.js").State["lookup"]} */
		this.lookup = undefined;
		/** @type {Set<string>} the formulas that are open */
		this.open = new Set();
		this.drawn = AT_ONCE;
		this.total = 0;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("image") || changed.has("model")) this.drawn = AT_ONCE;
	}

	updated() {
		if (this.drawn >= this.total) return;
		setTimeout(() => {
			this.drawn += AT_ONCE;
		});
	}

	render() {
		const { model, image } = this;
		if (!model) return nothing;
		const all = identitiesOf(model, image);
		return html`${this.field()}
			${this.lookup?.from === "card" ? lookupAnswer(this.lookup, "h3") : nothing}
			${this.tools(model)}
			${all.length === 0 ? html`<p class="note">${t("section.noImage")}</p>` : this.cards(model, all)}`;
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

	/** The documents' IDs, and those of the layers folded until they are wanted or asked for. @param {import("../model/model.js").Model} model @param {import("../model/image-identities.js").Identity[]} all */
	cards(model, all) {
		const isOfLayer = (/** @type {import("../model/image-identities.js").Identity} */ { what }) => OF_LAYERS.has(what);
		const [own, layers] = [all.filter((one) => !isOfLayer(one)), all.filter(isOfLayer)];
		this.total = Math.min(ROWS, layers.length);
		const asked = layers.some(({ value }) => value && this.lookup?.hits.some(({ digest }) => digest === value));
		const n = new Set(layers.map(({ of }) => of)).size;
		return html`<h3>${t("identities.title")}</h3><p class="note">${t("identities.legend")}</p>
			${own.length > 0 ? this.card(model, own, "own") : nothing}
			${layers.length === 0 ? nothing : html`<details class="of-layers" .open=${asked || own.length === 0}><summary>${t("identities.layers", { n })}</summary>${this.card(model, layers, "layers")}</details>`}`;
	}

	/** @param {import("../model/model.js").Model} model @param {import("../model/image-identities.js").Identity[]} all @param {string} name */
	card(model, all, name) {
		const heads = ["what", "value", "status", "formula", "prints"];
		return html`<div class="scroll" tabindex="0" role="region" aria-label=${t(`identities.of.${name}`)}>
			<table class="list stacked identities"><thead><tr>${heads.map((key) => html`<th scope="col">${t(`identities.${key}`)}</th>`)}</tr></thead>
			<tbody>${all.slice(0, Math.min(ROWS, this.drawn)).map((identity, index) => this.row(model, identity, `identity-${name}-${index}`))}</tbody></table></div>
			${all.length > ROWS ? html`<p class="note">${t("requests.more", { n: all.length - ROWS })}</p>` : nothing}`;
	}

	/** @param {import("../model/model.js").Model} model @param {import("../model/image-identities.js").Identity} identity @param {string} id */
	row(model, identity, id) {
		const { what, of, value, known, formula, prints } = identity;
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
				<stow-formula .identity=${identity} .model=${model} .bytesOf=${this.bytesOf}></stow-formula></td></tr>`
					: nothing
			}`;
	}

	/** @param {import("../model/model.js").Model} model */
	tools(model) {
		const lines = printedBy(model, this.image);
		if (lines.length === 0) return nothing;
		return html`<h3>${t("tools.title")}</h3>
			<div class="scroll" tabindex="0" role="region" aria-label=${t("tools.title")}>
			<table class="list stacked printed"><thead><tr><th scope="col">${t("tools.tool")}</th><th scope="col">${t("tools.prints")}</th>
				<th scope="col">${t("identities.what")}</th><th scope="col">${t("identities.status")}</th></tr></thead>
			<tbody>${lines.map(
				({ tool, values, what, known }) => html`<tr><th scope="row">${t(`tool.${tool}`)}</th>
				<td>${values.length > 0 ? printed(values, model) : html`<span class="note">${t("identities.absent")}</span>`}</td>
				<td>${t(`identities.${what}`)}</td>
				<td><span class="known known-${known}">${t(`identities.${known}`)}</span></td></tr>`,
			)}</tbody></table></div>`;
	}
}

/** @param {string[]} values @param {import("../model/model.js").Model} model */
const printed = (values, model) =>
	html`${values
		.slice(0, VALUES)
		.map((value) =>
			value.includes("@")
				? html`<code class="pinned">${visible(value, 300)}</code>`
				: html`${digestLink(value, model.withDigest(value).length > 0)} `,
		)}${values.length > VALUES ? html`<span class="note">${t("requests.more", { n: values.length - VALUES })}</span>` : nothing}`;
