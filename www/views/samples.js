// Line: www, the first visit: samples to click and the line that nothing is uploaded.

import { html, nothing } from "lit";
import { visible } from "../format.js";
import { t } from "../strings.js";
import { emit } from "../elements/part.js";

/** @typedef {import("../samples.js").Sample} Sample */

/** @param {Sample[]} samples */
export function welcome(samples) {
	return html`<section class="welcome">
		<p class="intro">${t("app.intro")}</p>
		${samples.length === 0 ? nothing : html`<h2>${t("samples.title")}</h2>
		<ul class="samples">${samples.map((sample) => html`<li><button type="button" class="sample" data-sample=${sample.id}
			@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-sample", { id: sample.id })}>
			<strong>${visible(sample.title, 100)}</strong><span>${visible(sample.description, 300)}</span></button></li>`)}</ul>`}
		<p class="private">${t("app.private")}</p>
	</section>`;
}
