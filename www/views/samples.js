// Line: www, the first visit: samples to click and the line that nothing is uploaded.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { shortDigest } from "../format.js";
import { first, has, t } from "../strings.js";
import { digestBar } from "./marks.js";

/** @typedef {import("../samples.js").Sample} Sample */

/**
 * The first sample from its index down to one layer's tar: what each is called, its digest, and which tool prints it as what.
 * @type {[string, string, string][]}
 */
export const CHAIN = [
	["kind.index", "sha256:91baa03b68e3b83b059de053d465194f1e7e2686db040c796a49c04a1a38d580", "docker pull: Digest"],
	[
		"kind.manifest",
		"sha256:7442efd3643c23d0d93644d3fceac45b3a69a29bdabb0d445d761188ae7cb28e",
		"crane digest --platform",
	],
	["kind.config", "sha256:71eb5ae373bd7d3edcda40db78a2ee289b397172bf8e8fdca4734b23e8e7a6d0", "docker images: IMAGE ID"],
	[
		"kind.layer",
		"sha256:dd1e8a9511839d7fe35cd3d22c6b912859ce71ba68e9d1aeb69d5e946a7a75fe",
		"docker pull: Pull complete",
	],
	["chain.tar", "sha256:fa58aacd8527998fcb4426d60e78df1381e62e00ca15de3a60fcdac370d162ee", "docker inspect: RootFS"],
];

/** @param {Sample[]} samples */
export function welcome(samples) {
	return html`<section class="welcome">
		<div><p class="intro">${t("app.intro")}</p>
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
		<p class="private">${t("app.private")}</p></div>
		<figure class="chain"><figcaption><a href="how.html">${t("app.how.more")}</a></figcaption>
		<ul>${CHAIN.map(
			([name, digest, printed]) =>
				html`<li>${digestBar(digest)}<span><strong>${t(name)}</strong> <code>${shortDigest(digest)}</code><br><code class="note">${printed}</code></span></li>`,
		)}</ul></figure>
	</section>`;
}
