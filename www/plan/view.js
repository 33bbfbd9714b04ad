// Line: Report -> www/plan. The element as one template over its state, drawn by the page's own renderers.

import { html, nothing } from "lit";
import { duration, visible } from "../format.js";
import { first, t } from "../strings.js";
import { OUTCOMES, pinAdvice, platformChoice, unreadLayers, verdictWords } from "../views/banner.js";
import { failureLead } from "../views/failure.js";
import { mark } from "../views/marks.js";
import { history } from "../views/sections.js";
import { progressView } from "../views/status.js";
import { english } from "../views/told.js";

/**
 * @typedef {import("../model.js").Model} Model
 * @typedef {object} State
 * @property {Model | undefined} model
 * @property {string} name what is asked for, in words
 * @property {string | undefined} selected the id of a node
 * @property {boolean} open whether its details are shown
 * @property {boolean} newest history, newest first
 * @property {(import("../lookup.js").Lookup & { from: "box" | "card" }) | undefined} lookup
 * @property {import("../views/status.js").Progress | undefined} progress
 * @property {import("../views/status.js").Failure | undefined} failure
 * @property {string} said what the live region says
 *
 * @typedef {object} Look
 * @property {import("./wish.js").View} view
 * @property {"light" | "dark"} scheme
 * @property {string} lang
 * @property {string} proxy
 * @property {string | undefined} link to the same view in a page of Stowplan
 * @property {(digest: string) => Promise<Uint8Array | undefined>} bytesOf
 * @property {() => void} retry
 * @property {() => void} close
 */

/**
 * Groups and no landmarks: those of a page are its author's, and several elements would have the same.
 * @param {State} state @param {Look} look
 */
export function planView(state, look) {
	const { model, progress, failure } = state;
	return html`<div class="plan" part="plan" data-scheme=${look.scheme} lang=${look.lang} role="group"
		aria-label=${t("plan.label", { reference: visible(state.name, 200) })}>
		${model ? nothing : html`<slot class="fallback"></slot>`}
		${failure ? failureView(failure, look) : nothing}
		${progress ? html`<div part="progress">${progressView(progress)}</div>` : nothing}
		${model ? verdict(model, state, look) : nothing}
		${model && model.report.nodes.length > 0 ? body(model, state, look) : nothing}
		<p class="sr" role="status">${state.said}</p>
	</div>`;
}

/** @param {Model} model @param {State} state @param {Look} look */
function verdict(model, state, { link }) {
	const { summary, source, snapshot } = model.report;
	return html`<div class="banner verdict-${summary.verdict}" part="verdict" role="group" aria-label=${t("verdict.label")}>
		<h2 class="plan-line">${mark(OUTCOMES[summary.verdict])}<span class="words">${verdictWords(model)}</span></h2>
		<p class="subject"><code>${visible(source.reference ?? state.name, 300)}</code></p>
		${snapshot ? html`<p class="note">${taken(snapshot)}</p>` : nothing}
		${failureLead(model)}
		${isPinned(model) ? html`<p class="note">${t("plan.pinned")}</p>` : pinAdvice(model)}
		<div class="actions">${platformChoice(model)}${unreadLayers(model)}
			${link ? html`<a part="link" href=${link} target="_blank" rel="noopener noreferrer">${t("plan.open")}</a>` : nothing}</div>
	</div>`;
}

/** Whether the root has a digest that the page's author gave. @param {Model} model */
const isPinned = (model) =>
	!!model.roots[0]?.checks.some(
		({ id, source, outcome }) => id === "digest" && source === "user" && outcome === "pass",
	);

/** @param {{ reference?: string, taken?: string }} snapshot */
function taken({ reference, taken }) {
	if (!reference || !taken) return t("plan.snapshot.plain");
	return t("plan.snapshot", { when: visible(taken.slice(0, 10), 10), reference: visible(reference, 300) });
}

/** @param {Model} model @param {State} state @param {Look} look */
function body(model, state, look) {
	const node = state.open ? model.node(state.selected) : undefined;
	return html`<div class=${node ? "columns" : "columns single"} part="body">
		<div class=${look.view === "anatomy" ? "anatomy" : "sections"} part=${look.view} role="group" aria-label=${t(titles[look.view])}>
			${pictures[look.view](model, state, look)}</div>
		${
			node
				? html`<div class="details" part="details" role="group" aria-label=${t("details.title")}>
			<stow-details .model=${model} .node=${node} .bytesOf=${look.bytesOf}></stow-details>
			<button type="button" class="quiet close" aria-label=${t("plan.close")} @click=${look.close}>✕</button></div>`
				: nothing
		}
	</div>`;
}

const titles = {
	anatomy: "anatomy.title",
	layers: "section.layers",
	identity: "section.identities",
	history: "section.history",
};

/** @type {Record<import("./wish.js").View, (model: Model, state: State, look: Look) => unknown>} */
const pictures = {
	anatomy: (model, { selected, lookup }) =>
		html`<stow-anatomy .model=${model} .selected=${selected} .lit=${lookup}></stow-anatomy>`,
	layers: (model) => html`<stow-table kind="layers" .model=${model} .image=${model.chosen()}></stow-table>`,
	identity: (model, { lookup }, { bytesOf }) =>
		html`<stow-identities .model=${model} .image=${model.chosen()} .bytesOf=${bytesOf} .lookup=${lookup}></stow-identities>`,
	history: (model, { newest }) => history(model, model.chosen(), newest),
};

/** What went wrong before or after something was there; the reader of a page cannot change its settings. @param {import("../views/status.js").Failure} failure @param {Look} look */
function failureView({ code, message, retryAfter }, { retry }) {
	return html`<section class="error" part="error" role="alert">
		<p class="plan-line"><span class="mark mark-fail" aria-hidden="true"><span class="shape">✗</span></span> ${t("plan.failed.load")}: ${first(`error.${code}`, "error.unknown")}</p>
		<p class="message">${english(message, 600)}${retryAfter === undefined ? nothing : html` ${t("error.retryAfter", { time: duration(retryAfter) })}`}</p>
		<div class="actions"><button type="button" @click=${retry}>${t("error.retry")}</button>
			<code class="note">${t("error.code", { code: visible(code, 60) })}</code></div>
	</section>`;
}
