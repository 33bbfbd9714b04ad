// Report -> www/plan. The element as one template over its state, drawn by the page's own renderers.

import { html, nothing } from "lit";
import { duration, visible } from "../i18n/format.js";
import { first, t } from "../i18n/strings.js";
import { errorText } from "../views/core-words.js";
import { history } from "../views/history.js";
import { mark } from "../views/marks.js";
import { progressView } from "../views/status.js";
import { layersView } from "./layers-view.js";
import { foot, status } from "./status-line.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {object} State
 * @property {Model | undefined} model
 * @property {string} name what is asked for, in words
 * @property {string | undefined} selected the id of a node
 * @property {boolean} open whether its details are shown
 * @property {string} pane the tab of the details
 * @property {import("../views/history.js").Look} history how it is listed
 * @property {(import("../model/lookup.js").Lookup & { from: "box" | "card" }) | undefined} lookup
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
		${
			model || progress
				? html`<div class="plan-frame">
			${model ? status(model, look) : nothing}
			${progress && !model ? html`<div part="progress">${progressView(progress)}</div>` : nothing}
			${model && model.report.nodes.length > 0 ? body(model, state, look) : nothing}
			${model ? foot(model, progress) : nothing}</div>`
				: nothing
		}
		<p class="sr" role="status">${state.said}</p>
	</div>`;
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
			<stow-details .model=${model} .node=${node} .bytesOf=${look.bytesOf} .tab=${state.pane}></stow-details>
			<button type="button" class="quiet close" aria-label=${t("plan.close")} @click=${look.close}>✕</button></div>`
				: nothing
		}
	</div>`;
}

const titles = {
	anatomy: "anatomy.title",
	layers: "section.layers",
	identity: "tab.ids",
	history: "section.history",
};

/** @type {Record<import("./wish.js").View, (model: Model, state: State, look: Look) => unknown>} */
const pictures = {
	anatomy: (model, { selected, lookup, progress }) =>
		html`<stow-anatomy .model=${model} .selected=${selected} .lit=${lookup} .reading=${progress?.reading}></stow-anatomy>`,
	layers: (model, { selected, open, progress }) => layersView(model, open ? selected : undefined, progress?.reading),
	identity: (model, { lookup }, { bytesOf }) =>
		html`<stow-identities .model=${model} .image=${model.chosen()} .bytesOf=${bytesOf} .lookup=${lookup}></stow-identities>`,
	history: (model, { history: look }) => history(model, model.chosen(), look),
};

/** A failure before or after the image was there; the reader of a page cannot change its settings. @param {import("../views/status.js").Failure} failure @param {Look} look */
function failureView({ code, message, retryAfter, reason, params }, { retry }) {
	return html`<section class="error" part="error" role="alert">
		<p class="plan-line">${mark("fail", false, "")} ${t("plan.failed.load")}: ${first(`error.${code}`, "error.unknown")}</p>
		<p class="message">${errorText({ message, reason, params }, 600)}${retryAfter === undefined ? nothing : html` ${t("error.retryAfter", { time: duration(retryAfter) })}`}</p>
		<div class="actions"><button type="button" @click=${retry}>${t("error.retry")}</button>
			<code class="note">${t("error.code", { code: visible(code, 60) })}</code></div>
	</section>`;
}
