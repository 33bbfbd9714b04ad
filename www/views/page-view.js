// Report -> www. The whole page as one template over the controller's state.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { titleName } from "../model/names.js";
import { box, otherProxy, ways } from "./box.js";
import { languages, themes } from "./chrome.js";
import { resultView } from "./result.js";
import { errorView, skeleton } from "./status.js";
import { welcome } from "./welcome.js";

/**
 * @typedef {import("../page/state.js").State} State
 * @typedef {{ api: typeof import("../api.js"), defaultProxy: string, isOwn?: boolean }} Parts `isOwn`: the server is the reader's own
 */

/** @param {State} state @param {Parts} parts */
export function pageView(state, parts) {
	const { api, defaultProxy } = parts;
	const { model, progress, failure, lookup } = state;
	const loading = progress && !progress.goesOn;
	const isHome = !model && !loading && !state.aside;
	return html`<a class="skip" href="#main" @click=${skip}>${t("app.skip")}</a>${header(state, isHome)}
		<main id="main" tabindex="-1">
			${state.settings.proxy === defaultProxy ? nothing : otherProxy(state.settings.proxy)}
			${state.readAs ? html`<p class="read-as note">${t("box.readAs", { reference: visible(state.readAs, 300) })}</p>` : nothing}
			${failure ? errorView(failure, parts.isOwn) : nothing}
			${failure && model ? html`<p class="note stale-name">${t("result.stale", { name: titleName(model.report) })}</p>` : nothing}
			<stow-paste .model=${model}></stow-paste>
			${lookup?.from === "box" ? html`<stow-answer .lookup=${lookup}></stow-answer>` : nothing}
			${loading ? skeleton(progress) : nothing}
			${loading ? nothing : resultView(state, parts)}
			${isHome ? welcome(state.samples, state.which) : nothing}
		</main>
		<footer class="foot"><p>${t("app.private")}</p><a href="how.html">${t("app.how.more")}</a></footer>
		<p class="sr" role="status">${state.said}</p>
		<stow-embed .api=${api} .model=${model} .settings=${state.settings}></stow-embed>
		<stow-save .api=${api} .model=${model} .settings=${state.settings}></stow-save>
		<stow-settings .cache=${api.layerCache} .settings=${state.settings} .defaultProxy=${defaultProxy}></stow-settings>`;
}

/** @param {State} state @param {boolean} isHome */
function header({ input, settings }, isHome) {
	return html`<header class="top ${isHome ? "is-home" : "is-result"}">
		<h1 class="brand"><a href="#" @click=${home}>Stowplan</a></h1>
		<p class="tagline">${t("app.tagline")}</p>
		${isHome ? html`<p class="intro">${t("app.intro")}</p>` : nothing}
		<button type="button" class="quiet tools-open" popovertarget="tools" aria-label=${t("app.menu")}></button>
		<div class="tools" id="tools" popover>
			<a class="how-link" href="how.html">${t("app.how")}</a>
			${languages(settings)}${themes(settings)}
			<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-settings")}>${t("settings.open")}</button>
		</div>
		${box({ value: input })}${isHome ? ways() : nothing}
	</header>`;
}

/** @param {Event} event */
function home(event) {
	event.preventDefault();
	emit(event.currentTarget, "stow-home");
}

/** The fragment is the page's address: it stays. @param {Event} event */
function skip(event) {
	event.preventDefault();
	/** @type {HTMLElement | null} */
	const aside = document.querySelector("#app > [role=main]");
	(aside ?? document.getElementById("main"))?.focus();
}
