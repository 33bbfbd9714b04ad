// Report -> www. The pasted text: its kind, the proofs from it, its mentions, and its digest in the known forms.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { exactBytes, visible } from "../../i18n/format.js";
import { has, t } from "../../i18n/strings.js";
import { expectedDigest } from "../../model/digest-text.js";
import { english, named, namedText } from "../core-words.js";
import { digestLink, fullDigest } from "../marks.js";
import { markedText } from "./marked.js";

/**
 * @typedef {import("../../model/model.js").Model} Model
 * @typedef {import("../../types.js").PastedText} PastedText
 */

/** The most mentions that are listed; a log may hold thousands. */
const LISTED = 100;

/** @param {Model} model @param {string} [linked] what came of a link to the text */
export function pastedCard(model, linked) {
	const { pasted = [] } = model.report;
	if (pasted.length === 0) return nothing;
	return html`<section class="card pasted" aria-labelledby="pasted-title">
		<h2 id="pasted-title">${t("pasted.title")}</h2>
		${
			pasted.length === 1
				? pasted.map((text) => one(text, model, 0))
				: html`<ol class="texts">${pasted.map((text, at) => html`<li>${one(text, model, at)}</li>`)}</ol>`
		}
		${model.report.recovered ? html`<p>${t("pasted.changed")}</p>` : nothing}
		<div class="actions">${inspectable(pasted).map(
			(
				text,
			) => html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-inspect", { text })}>
				${t("pasted.inspect", { reference: visible(text.replace(/(@sha256:.{12}).*/, "$1…"), 120) })}</button>`,
		)}<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-panel", { more: true })}>
			${t("pasted.more")}</button>${
				model.given.texts.length === 1
					? html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-doc-link")}>${t("pasted.link")}</button>`
					: nothing
			}</div>
		${linked ? html`<p class="note">${linked}</p>` : nothing}
	</section>`;
}

/** The images that the texts without a document name, to go on with. @param {PastedText[]} pasted */
const inspectable = (pasted) => [...new Set(pasted.flatMap(({ offers }) => offers ?? []))].slice(0, 3);

/** @param {PastedText} text @param {Model} model @param {number} at */
function one(text, model, at) {
	const { form, kind, title, proof, exact, documents, expected, expectedFrom, expectedCode } = text;
	const { digests, references, notes, noteCodes } = text;
	const rest = notes.map((note, at) => ({ note, told: noteCodes[at] })).filter(({ note }) => note !== proof);
	const key = `core.kind.${kind}`;
	return html`<div class="one"><p><strong>${named(has(key) ? key : `core.form.${form}.what`, title)}</strong></p>
		<p>${named(proofKey(form, noteCodes[notes.indexOf(proof)]), proof)}</p>
		${documents > 0 && !exact ? html`<p class="note">${t("pasted.inexact")}</p>` : nothing}
		${
			expected
				? html`<p>${t("pasted.expected")} ${fullDigest(expected, t("fact.digest"))}
			${expectedFrom ? html`<span class="note">${t("pasted.from", { place: "" })}${note(expectedCode, expectedFrom)}</span>` : nothing}</p>`
				: nothing
		}
		${rest.length > 0 ? html`<ul class="notes">${rest.map(({ note: own, told }) => html`<li>${note(told, own, expectedCode)}</li>`)}</ul>` : nothing}
		${markedText(model.given.texts[at], text)}
		${references.length > 0 ? images(references) : nothing}
		${digests.length > 0 ? mentioned(digests, model) : nothing}</div>`;
}

/** @param {string} form @param {import("../../types.js").Told | undefined} told */
const proofKey = (form, told) =>
	told?.code === `${form}-proof` || !told ? `core.form.${form}.proof` : `core.note.${told.code}`;

/**
 * A sentence of the core in the page's language. The place of a digest in it has a code of its own.
 * @param {import("../../types.js").Told | undefined} told @param {string} own @param {import("../../types.js").Told} [from]
 */
function note(told, own, from) {
	const { from: place, ...params } = told?.params ?? {};
	const key = `core.note.${from?.code}`;
	const words = has(key) ? t(key, from?.params) : place;
	return named(`core.note.${told?.code}`, own, words === undefined ? params : { ...params, from: words });
}

/** @param {PastedText["references"]} all */
const images = (all) => html`<h3>${t("pasted.references")}</h3>
	<ul class="images">${all.slice(0, LISTED).map(
		({
			text,
			reference,
			line,
			pinned,
		}) => html`<li><button type="button" class="link" title=${t("pasted.readAs", { reference })}
			@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-inspect", { text })}><code>${visible(text, 200)}</code></button>
			<span class="note">${line ? t("pasted.line", { n: line }) : nothing}${pinned ? ` · ${t("pasted.pinned")}` : nothing}</span></li>`,
	)}</ul>
	${all.length > LISTED ? html`<p class="note">${t("requests.more", { n: all.length - LISTED })}</p>` : nothing}`;

/** @param {PastedText["digests"]} all @param {Model} model */
const mentioned = (all, model) => html`<h3>${t("pasted.mentions")}</h3>
	<table class="list mentions"><thead class="sr"><tr><th scope="col">${t("fact.digest")}</th><th scope="col">${t("pasted.what")}</th></tr></thead>
	<tbody>${all.slice(0, LISTED).map(
		({ digest, what, code, label, prefix, reference, path, line }) => html`<tr>
		<td>${digestLink(digest, model.withDigest(digest).length > 0)}</td>
		<td>${meaning(code, what, label, prefix)}${place(path, line)}${reference ? html`<br><code class="note">${visible(reference, 200)}</code>` : nothing}</td></tr>`,
	)}</tbody></table>
	${all.length > LISTED ? html`<p class="note">${t("requests.more", { n: all.length - LISTED })}</p>` : nothing}`;

/** @param {string} code @param {string} own @param {string} [label] @param {boolean} [prefix] */
function meaning(code, own, label, prefix) {
	const key = `core.meaning.${code}`;
	if (!has(key)) return english(own, 300);
	const what = prefix ? t("pasted.beginning", { what: t(key) }) : t(key);
	return visible(label ? `${label}${t("list.colon")}${what}` : what, 300);
}

/** @param {string | undefined} path @param {number | undefined} line */
const place = (path, line) =>
	path || line
		? html` <span class="note">${path ? html`<code>${visible(path, 120)}</code>` : t("pasted.line", { n: line ?? 0 })}</span>`
		: nothing;

/** The digests that the document would have as tools write it, if none was given. @param {Model} model */
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
			<td class="value">${fullDigest(digest, namedText(`core.step.${code}`, name))}</td>
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
