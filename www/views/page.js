// Line: Report -> www. The whole page as one template over the controller's state.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { t } from "../strings.js";
import { banner } from "./banner.js";
import { box } from "./box.js";
import { languages, themes } from "./chrome.js";
import { welcome } from "./samples.js";
import { errorView, progressView } from "./status.js";

/** @typedef {import("../state.js").State} State */

/** @param {State} state @param {{ api: typeof import("../api.js"), defaultProxy: string }} parts */
export function pageView(state, { api, defaultProxy }) {
	const { bytesOf } = api;
	const { model, progress, failure, requests, lookup } = state;
	const node = model?.node(state.selected);
	// A digest alone, or what a pull printed, makes no picture.
	const some = (model?.report.nodes.length ?? 0) > 0;
	return html`${header(state)}
		<main id="main" tabindex="-1">
			${box({ value: state.input, loading: !!progress })}
			${progress ? progressView(progress) : nothing}
			${failure ? errorView(failure) : nothing}
			<stow-paste .model=${model}></stow-paste>
			${lookup?.from === "box" ? html`<stow-answer .lookup=${lookup}></stow-answer>` : nothing}
			${model ? banner(model) : nothing}
			${model?.report.recovered ? html`<stow-recovered .model=${model} .bytesOf=${bytesOf}></stow-recovered>` : nothing}
			${model?.report.pasted ? html`<stow-pasted .model=${model}></stow-pasted>` : nothing}
			${!model && !progress ? welcome(state.samples) : nothing}
			${
				model && some
					? html`<div class="columns">
					<section class="anatomy" aria-label=${t("anatomy.title")}><h2>${t("anatomy.title")}</h2>
						<stow-anatomy .model=${model} .selected=${state.selected} .lit=${lookup}></stow-anatomy>
						<p class="note legend">${t("anatomy.legend")}</p></section>
					<section class="details" aria-label=${t("details.title")}>
						<stow-details .model=${model} .node=${node} .bytesOf=${bytesOf}></stow-details></section>
				</div>`
					: nothing
			}
			${model?.report.forms ? html`<stow-forms .model=${model}></stow-forms>` : nothing}
			${
				some || requests.length > 0
					? html`<section class="sections" aria-label=${t("sections.label")}>
					<stow-sections .model=${model} .node=${node} .requests=${requests} .bytesOf=${bytesOf} .lookup=${lookup} .api=${api} .settings=${state.settings}></stow-sections></section>`
					: nothing
			}
		</main>
		<p class="sr" role="status">${state.said}</p>
		<stow-embed .api=${api} .model=${model} .settings=${state.settings}></stow-embed>
		<stow-save .api=${api} .model=${model} .settings=${state.settings}></stow-save>
		<stow-settings .cache=${api.layerCache} .settings=${state.settings} .defaultProxy=${defaultProxy}></stow-settings>`;
}

/** @param {State} state */
function header({ settings }) {
	return html`<header>
		<h1 class="brand"><a href="#" @click=${home}>Stowplan</a></h1>
		<p class="tagline">${t("app.tagline")}</p>
		<div class="tools">
			<a class="how-link" href="how.html">${t("app.how")}</a>
			${languages(settings)}${themes(settings)}
			<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-settings")}>${t("settings.open")}</button>
		</div>
	</header>`;
}

/** @param {Event} event */
function home(event) {
	event.preventDefault();
	emit(event.currentTarget, "stow-home");
}
