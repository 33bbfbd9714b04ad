// Line: Report -> www. What was pasted: what it is, what can be proved from it, what it mentions; and its digest in the known forms.

import { html, nothing } from "lit";
import { expectedDigest } from "../digest-text.js";
import { emit } from "../elements/part.js";
import { exactBytes, visible } from "../format.js";
import { t } from "../strings.js";
import { digestBar, digestLink, fullDigest } from "./marks.js";
import { english, named, namedText } from "./told.js";

/**
 * @typedef {import("../model.js").Model} Model
 * @typedef {import("../types.js").PastedText} PastedText
 */

/** How many mentions are listed; a log may hold thousands. */
const LISTED = 100;

/** @param {Model} model */
export function pastedCard(model) {
	const { pasted = [] } = model.report;
	if (pasted.length === 0) return nothing;
	return html`<section class="card pasted" aria-labelledby="pasted-title">
		<h2 id="pasted-title">${t("pasted.title")}</h2>
		${
			pasted.length === 1
				? pasted.map((text) => one(text, model))
				: html`<ol class="texts">${pasted.map((text) => html`<li>${one(text, model)}</li>`)}</ol>`
		}
		${model.report.recovered ? html`<p>${t("pasted.changed")}</p>` : nothing}
		<div class="actions">${inspectable(pasted).map(
			(
				text,
			) => html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-inspect", { text })}>
				${t("pasted.inspect", { reference: visible(text.replace(/(@sha256:.{12}).*/, "$1…"), 120) })}</button>`,
		)}<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-panel", { more: true })}>
			${t("pasted.more")}</button></div>
	</section>`;
}

/** The images that a text without a document names, to go on with. @param {PastedText[]} pasted */
const inspectable = (pasted) =>
	[
		...new Set(
			pasted.flatMap(({ documents, mentions, expected }) =>
				documents > 0 ? [] : mentions.flatMap(({ reference }) => pinned(reference, expected)),
			),
		),
	].slice(0, 3);

/** @param {string | undefined} reference @param {string | undefined} expected */
const pinned = (reference, expected) =>
	!reference ? [] : [expected && !reference.includes("@") ? `${reference}@${expected}` : reference];

/** @param {PastedText} text @param {Model} model */
function one({ form, what, proof, exact, documents, expected, expectedFrom, mentions, notes }, model) {
	const rest = notes.filter((note) => note !== proof);
	return html`<div class="one"><p><strong>${named(`core.form.${form}.what`, what)}</strong></p>
		<p>${named(`core.form.${form}.proof`, proof)}</p>
		${documents > 0 && !exact ? html`<p class="note">${t("pasted.inexact")}</p>` : nothing}
		${
			expected
				? html`<p>${t("pasted.expected")} ${fullDigest(expected, t("fact.digest"))}
			${expectedFrom ? html`<span class="note">${t("pasted.from", { place: "" })}${english(expectedFrom, 200)}</span>` : nothing}</p>`
				: nothing
		}
		${rest.length > 0 ? html`<ul class="notes">${rest.map((note) => html`<li>${english(note, 400)}</li>`)}</ul>` : nothing}
		${mentions.length > 0 ? mentioned(mentions, model) : nothing}</div>`;
}

/** @param {PastedText["mentions"]} all @param {Model} model */
const mentioned = (all, model) => html`<h3>${t("pasted.mentions")}</h3>
	<table class="list mentions"><thead class="sr"><tr><th scope="col">${t("fact.digest")}</th><th scope="col">${t("pasted.what")}</th></tr></thead>
	<tbody>${all.slice(0, LISTED).map(
		({ digest, what, reference }) => html`<tr>
		<td>${digestLink(digest, model.withDigest(digest).length > 0)}</td>
		<td>${english(what, 300)}${reference ? html`<br><code class="note">${visible(reference, 200)}</code>` : nothing}</td></tr>`,
	)}</tbody></table>
	${all.length > LISTED ? html`<p class="note">${t("requests.more", { n: all.length - LISTED })}</p>` : nothing}`;

/** The digests that the document would have as tools write it, where nobody said which is meant. @param {Model} model */
export function formsCard(model) {
	const { forms = [] } = model.report;
	if (forms.length === 0) return nothing;
	const canAsk = model.given.texts.length > 0;
	return html`<section class="card forms" aria-labelledby="forms-title">
		<h2 id="forms-title">${t("forms.title")}</h2>
		<p>${t("forms.intro")}</p>
		${canAsk ? ask(model) : nothing}
		<div class="scroll" tabindex="0" role="group" aria-label=${t("forms.title")}>
		<table class="list flow"><thead><tr><th scope="col">${t("forms.name")}</th><th scope="col">${t("fact.digest")}</th><th scope="col" class="number">${t("fact.size")}</th></tr></thead>
		<tbody>${forms.map(
			({ name, code, digest, size }) => html`<tr><th scope="row">${named(`core.step.${code}`, name)}</th>
			<td class="value"><span class="full-digest">${digestBar(digest)}<code>${visible(digest, 200)}</code>
				<stow-copy .text=${digest} what=${namedText(`core.step.${code}`, name)}></stow-copy></span></td>
			<td class="number">${exactBytes(size)}</td></tr>`,
		)}</tbody></table></div></section>`;
}

/** @param {Model} model */
const ask = (model) => html`<form class="lookup" @submit=${(/** @type {SubmitEvent} */ event) => again(event, model)}>
	<label for="forms-expected">${t("forms.expected")}</label>
	<div class="fields"><input id="forms-expected" name="expected" type="text" required spellcheck="false" autocomplete="off" autocapitalize="off" placeholder="sha256:…">
	<button type="submit">${t("paste.verify")}</button></div></form>`;

/** @param {SubmitEvent} event @param {Model} model */
function again(event, model) {
	event.preventDefault();
	const form = /** @type {HTMLFormElement} */ (event.currentTarget);
	const expected = expectedDigest(String(new FormData(form).get("expected") ?? ""));
	emit(form, "stow-verify", { texts: model.given.texts, expected });
}
