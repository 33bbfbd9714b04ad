// Report -> www. The answer to "what is this sha256?": in words, with the places to click.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { shortDigest, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { hitWords, lookupWords } from "../model/lookup.js";
import { digestBar } from "./marks.js";

/** The most places that are told. */
const PLACES = 20;

/** As a card of its own, for what was typed in the box. @param {import("../model/lookup.js").Lookup} lookup */
export function lookupCard(lookup) {
	return html`<section class="card answer" aria-labelledby="answer">
		${lookupAnswer(lookup, "h2")}
		<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-lookup-close")}>${t("error.close")}</button>
	</section>`;
}

/** @param {import("../model/lookup.js").Lookup} lookup @param {"h2" | "h3"} level */
export function lookupAnswer(lookup, level) {
	const { hits, query } = lookup;
	const digest = hits[0]?.digest ?? query;
	const words = html`${query ? digestBar(digest) : nothing}<code>${visible(digest, 140)}</code>`;
	const title = query ? words : t("lookup.none");
	return html`<div class="found ${hits.length > 0 ? "" : "missed"}">
		${level === "h2" ? html`<h2 id="answer">${title}</h2>` : html`<h3>${title}</h3>`}
		${lookupWords(lookup).map((sentence) => html`<p>${sentence}</p>`)}
		${hits.length === 0 ? nothing : html`<ul class="places">${hits.slice(0, PLACES).map((hit) => place(hit, lookup.digests > 1))}</ul>`}
		${hits.length > PLACES ? html`<p class="note">${t("requests.more", { n: hits.length - PLACES })}</p>` : nothing}
	</div>`;
}

/** @param {import("../model/lookup.js").Hit} hit @param {boolean} several */
function place(hit, several) {
	const { node, digest } = hit;
	return html`<li>${several ? html`${digestBar(digest)} <code>${shortDigest(digest)}</code> ` : nothing}${hitWords(hit)}
		${
			node
				? html`<button type="button" class="link" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-select", { id: node.id, focus: true })}>
			${t("facts.show")}</button>`
				: nothing
		}</li>`;
}
