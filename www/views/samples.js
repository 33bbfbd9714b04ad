// Line: www, the first visit: samples to click and the line that nothing is uploaded.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { first, has, t } from "../strings.js";
import { digestBar } from "./marks.js";

/** @typedef {import("../samples.js").Sample} Sample */

/** @param {Sample[]} samples */
export function welcome(samples) {
	return html`<section class="welcome">
		<p class="intro">${t("app.intro")}</p>
		${
			samples.length === 0
				? nothing
				: html`<h2>${t("samples.title")}</h2>
		<ul class="samples">${samples.map(
			(sample) => html`<li><button type="button" class="sample" data-sample=${sample.id}
			@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-sample", { id: sample.id })}>
			${digestBar(sample.expected ?? sample.id)}<strong>${first(`sample.${sample.id}.title`, sample.name)}</strong><span>${has(`sample.${sample.id}.description`) ? t(`sample.${sample.id}.description`) : nothing}</span></button></li>`,
		)}</ul>`
		}
		<p><a href="how.html">${t("app.how.more")}</a></p>
		<p class="private">${t("app.private")}</p>
	</section>`;
}
