// The first visit: examples as chips, and which ID is which: one image's digests beside what tools print.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { shortDigest } from "../i18n/format.js";
import { first, t } from "../i18n/strings.js";
import { digestBar, mark } from "./marks.js";

/** @typedef {import("../page/samples.js").Sample} Sample */
/** @typedef {typeof CHAIN[number][0]} Id */
/** @typedef {{ digests: Partial<Record<Id, string>>, busy?: boolean, failed?: boolean }} Changed what became of the digests after a byte was changed */

/** The first example from its index down to one layer's tar. */
export const CHAIN = /** @type {const} */ ([
	["index", "sha256:91baa03b68e3b83b059de053d465194f1e7e2686db040c796a49c04a1a38d580"],
	["manifest", "sha256:7442efd3643c23d0d93644d3fceac45b3a69a29bdabb0d445d761188ae7cb28e"],
	["config", "sha256:71eb5ae373bd7d3edcda40db78a2ee289b397172bf8e8fdca4734b23e8e7a6d0"],
	["layer", "sha256:dd1e8a9511839d7fe35cd3d22c6b912859ce71ba68e9d1aeb69d5e946a7a75fe"],
	["diffId", "sha256:fa58aacd8527998fcb4426d60e78df1381e62e00ca15de3a60fcdac370d162ee"],
]);

/** The output of tools: a command, or the text before a digest, the kind of the digest, the number of its digits, and the text behind it. @type {(string | [string, Id, number, string])[]} */
const PRINTED = [
	"$ docker pull stowplan/hello",
	["", "layer", 12, ": Pull complete"],
	["Digest: ", "index", -16, ""],
	"$ docker images",
	["stowplan/hello   latest   ", "config", 12, ""],
	"$ docker inspect -f '{{.RootFS.Layers}}' stowplan/hello",
	["[… ", "diffId", -16, ""],
	"$ crane digest --platform linux/amd64 stowplan/hello",
	["", "manifest", -16, ""],
];

/** The verdict of each example, as its mark. @type {Record<string, import("../types.js").Outcome>} */
const MARKS = { hello: "pass", broken: "fail", article: "warn" };

/** @param {Sample[]} samples @param {Changed} [changed] */
export function welcome(samples, changed) {
	return html`<div class="welcome">
		${samples.length === 0 ? nothing : examples(samples)}
		<section class="which" aria-labelledby="which-title">
			<div class="which-head"><h2 id="which-title">${t("which.title")}</h2>
				<p class="note" role="status">${t(changed?.failed ? "which.failed" : changed?.digests.index ? "which.changed" : "which.note")}</p>
				<button type="button" ?disabled=${!!changed?.busy}
					@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-byte")}>${t(changed?.digests.index ? "which.undo" : "which.change")}</button></div>
			<ol class="chain">${CHAIN.map(([id, own]) => link(id, own, changed?.digests[id]))}</ol>
			<div class="printed" tabindex="0" role="group" aria-label=${t("which.printed")}>${PRINTED.map((line) => printed(line, changed))}</div>
		</section>
	</div>`;
}

/** @param {Sample[]} samples */
const examples = (samples) => html`<div class="examples"><h2 id="samples-title">${t("samples.title")}</h2>
	<ul class="samples" aria-labelledby="samples-title">${samples.map(
		(sample) => html`<li><button type="button" class="sample" data-sample=${sample.id}
		@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-sample", { id: sample.id })}>
		${mark(MARKS[sample.id] ?? "not-checked")}<span>${first(`sample.${sample.id}.title`, sample.name)}</span></button></li>`,
	)}</ul></div>`;

/** A line lights its digest on both sides: the style sheet does it, also for the keyboard. @param {Id} id @param {string} own @param {string} [now] */
const link = (id, own, now) => html`<li class="step" data-id=${id} tabindex="0">${digestBar(now ?? own)}
	<span><strong>${t(`which.${id}`)}</strong><span class="note">${t(`which.${id}.about`)}</span></span>
	${now ? html`<mark><code>${shortDigest(now)}</code></mark>` : html`<code>${shortDigest(own)}</code>`}</li>`;

/** @param {typeof PRINTED[number]} line @param {Changed} [changed] */
function printed(line, changed) {
	if (typeof line === "string") return html`<p class="command"><code>${line}</code></p>`;
	const [before, id, length, after] = line;
	const digest = changed?.digests[id] ?? CHAIN.find(([one]) => one === id)?.[1] ?? "";
	const text = length > 0 ? digest.slice(7, 7 + length) : `${digest.slice(0, 7 - length)}…`;
	return html`<p class="line" data-id=${id}><code>${before}<em>${text}</em>${after}</code><span class="owner">${digestBar(digest)}${t(`which.${id}`)}</span></p>`;
}
