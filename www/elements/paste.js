// paste -> www. `<stow-paste>`: the panel for pasted texts, several of which are read together.

import { html, nothing } from "lit";
import { count, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { filesIn } from "../intake/given.js";
import { exactText, excerpt, expectedDigest } from "../model/digest-text.js";
import { emit, Part } from "./part.js";

/** The most texts that are read together. */
const MAX_TEXTS = 32;

export class StowPaste extends Part {
	static properties = { model: {}, open: { state: true }, texts: { state: true }, filled: { state: true } };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} the report in view: a new one is the answer */
		this.model = undefined;
		this.sent = false;
		this.open = false;
		/** @type {string[]} those added before the one in the text area */
		this.texts = [];
		/** @type {string | undefined} as the clipboard gave it */
		this.pasted = undefined;
		this.filled = false;
	}

	/** The sent text stays until there is an answer: a refused digest must not cost the text. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("model") || !this.sent) return;
		if (this.contains(document.activeElement)) this.close();
		else this.reset();
	}

	/** @param {{ text?: string, texts?: string[], expected?: string }} [start] without texts what stands in the panel stays */
	async show({ text, texts, expected } = {}) {
		this.open = true;
		if (texts) this.texts = [...texts];
		await this.updateComplete;
		const area = this.area();
		if (!area) return;
		if (texts) this.setExpected(expected ?? "");
		if (text !== undefined) {
			this.keep();
			area.value = text;
			this.pasted = text;
			this.filled = true;
		}
		area.focus();
	}

	area() {
		return /** @type {HTMLTextAreaElement | null} */ (this.querySelector("textarea"));
	}

	/** @param {string} digest */
	setExpected(digest) {
		const field = /** @type {HTMLInputElement | null} */ (this.querySelector("#paste-expected"));
		if (field) field.value = digest;
	}

	render() {
		if (!this.open) return nothing;
		return html`<section class="card panel" aria-labelledby="paste-title">
			<h2 id="paste-title">${t("paste.title")}</h2>
			<form @submit=${this.verify} @keydown=${this.keydown}>
				${this.added()}
				<label for="paste-text">${t(this.texts.length > 0 ? "paste.next" : "paste.text")}</label>
				<textarea id="paste-text" rows="10" spellcheck="false" autocomplete="off" autocapitalize="off"
					aria-describedby="paste-hint" @paste=${this.caught} @input=${this.typed}></textarea>
				<p class="note" id="paste-hint">${t("paste.hint")}</p>
				<label for="paste-expected">${t("paste.expected")}</label>
				<input id="paste-expected" name="expected" type="text" spellcheck="false" autocomplete="off" autocapitalize="off"
					placeholder="sha256:…" aria-describedby="paste-expected-hint">
				<p class="note" id="paste-expected-hint">${t("paste.expected.hint")}</p>
				<div class="actions">
					<button type="submit" class="primary" ?disabled=${!this.filled && this.texts.length === 0}>${t("paste.verify")}</button>
					<button type="button" ?disabled=${!this.filled || this.texts.length + 1 >= MAX_TEXTS} @click=${this.another}>${t("paste.another")}</button>
					<button type="button" class="quiet" @click=${this.close}>${t("paste.close")}</button>
				</div>
			</form></section>`;
	}

	added() {
		if (this.texts.length === 0) return nothing;
		return html`<ol class="texts" aria-label=${t("paste.list")}>${this.texts.map(
			(text, index) => html`<li><code>${visible(excerpt(text), 60)}</code>
			<span class="note">${t("paste.length", { n: text.length })}</span>
			<button type="button" class="quiet" aria-label=${t("paste.remove", { n: count(index + 1) })}
				@click=${() => this.drop(index)}>✕</button></li>`,
		)}</ol>`;
	}

	/** @param {number} index */
	drop(index) {
		this.texts = this.texts.toSpliced(index, 1);
		this.area()?.focus();
	}

	/** A text area turns CRLF into LF; what filled it whole is remembered as it came. @param {ClipboardEvent} event */
	caught(event) {
		const given = filesIn(event.clipboardData);
		const area = this.area();
		if (given.length > 0) {
			event.preventDefault();
			emit(this, "stow-files", { given });
		} else if (area && area.selectionEnd - area.selectionStart === area.value.length)
			this.pasted = event.clipboardData?.getData("text/plain");
	}

	typed() {
		this.filled = (this.area()?.value.trim() ?? "") !== "";
	}

	draft() {
		const value = this.area()?.value ?? "";
		return value.trim() ? exactText(value, this.pasted) : undefined;
	}

	/** Moves the text of the text area to the list. */
	keep() {
		const text = this.draft();
		if (text !== undefined) this.texts = [...this.texts, text].slice(0, MAX_TEXTS);
	}

	another() {
		this.keep();
		const area = this.area();
		if (area) area.value = "";
		this.filled = false;
		emit(this, "stow-say", { text: t("paste.added", { n: this.texts.length }) });
		area?.focus();
	}

	/** @param {Event} event */
	verify(event) {
		event.preventDefault();
		const draft = this.draft();
		const texts = draft === undefined ? this.texts : [...this.texts, draft];
		if (texts.length === 0) return;
		const field = /** @type {HTMLInputElement | null} */ (this.querySelector("#paste-expected"));
		emit(this, "stow-verify", { texts, expected: expectedDigest(field?.value ?? "") });
		this.sent = true;
	}

	/** Escape closes, Ctrl+Enter verifies from anywhere in the panel. @param {KeyboardEvent} event */
	keydown(event) {
		if (event.key === "Escape") this.close();
		else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.verify(event);
		else return;
		event.preventDefault();
	}

	close() {
		this.reset();
		/** @type {HTMLElement | null} */ (document.querySelector(".paste-open"))?.focus();
	}

	reset() {
		this.sent = false;
		this.open = false;
		this.texts = [];
		this.pasted = undefined;
		this.filled = false;
	}
}
