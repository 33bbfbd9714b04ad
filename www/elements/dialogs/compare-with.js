// `<stow-compare-with .model .image>`: the dialog that asks what an image is compared with.

import { html, nothing } from "lit";
import { platformKey, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { failureOf } from "../../page/state.js";
import { classicCost } from "../../views/compare/compare-cost.js";
import { errorText } from "../../views/core-words.js";
import { emit, Part } from "../part.js";

/** True if a text is JSON, and no reference: the output of `docker inspect`, or a document. @param {string} text */
const isJson = (text) => /^\s*[[{]/.test(text);

/** True for the text of a manifest or an index. @param {string} text */
const isDocument = (text) => /^\s*\{/.test(text) && /"schemaVersion"/i.test(text);

export class StowCompareWith extends Part {
	static properties = { model: {}, image: {}, cost: { state: true }, problem: { state: true } };

	constructor() {
		super();
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../../engine/compare/lineage-facts.js").Cost | undefined} */
		this.cost = undefined;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.problem = undefined;
	}

	async show() {
		await this.updateComplete;
		const dialog = /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
		dialog?.addEventListener("close", () => this.remove());
		dialog?.showModal();
	}

	/** @param {object} chosen */
	choose(chosen) {
		emit(this, "stow-compare-chosen", chosen);
		/** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"))?.close();
	}

	/** @param {SubmitEvent} event */
	async submit(event) {
		event.preventDefault();
		const { value } = /** @type {HTMLTextAreaElement} */ (this.querySelector("#compare-other"));
		const text = value.trim();
		if (!text || !this.model) return;
		if (!isJson(text)) return this.choose({ text });
		// Its bytes are what is compared: no white space is taken from them.
		if (isDocument(text)) return this.choose({ file: new File([value], t("compare.with.pasted")) });
		[this.cost, this.problem] = [undefined, undefined];
		try {
			this.cost = await this.api?.updateCost(text, this.model.report, { image: this.image?.id });
		} catch (error) {
			this.problem = failureOf(error);
		}
	}

	/** @param {DragEvent} event */
	dropped(event) {
		const [file] = event.dataTransfer?.files ?? [];
		event.preventDefault();
		event.stopPropagation();
		if (file) this.choose({ file });
	}

	render() {
		if (!this.model) return nothing;
		const picked = (/** @type {Event} */ { currentTarget }) => {
			const [file] = /** @type {HTMLInputElement} */ (currentTarget).files ?? [];
			if (file) this.choose({ file });
		};
		return html`<dialog class="compare-with" aria-labelledby="compare-with-title" @drop=${this.dropped} @dragover=${(/** @type {Event} */ event) => event.preventDefault()}>
			<h2 id="compare-with-title">${t("compare.with.title")}</h2>
			<form @submit=${this.submit}>
				<label for="compare-other">${t("compare.with.other")}</label>
				<textarea id="compare-other" name="other" rows="2" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="compare-other-hint" @keydown=${this.keydown}></textarea>
				<p class="note" id="compare-other-hint">${t("compare.with.hint")}</p>
				${this.answer()}
				<div class="actions"><button type="submit" class="primary">${t("compare.go")}</button>
				<label class="way">${t("compare.with.file")}<input type="file" class="sr" @change=${picked}></label></div>
			</form>
			${this.platforms()}
			<form method="dialog" class="close"><button>${t("compare.close")}</button></form>
		</dialog>`;
	}

	/** Enter asks; Shift+Enter and what is pasted make lines. @param {KeyboardEvent} event */
	keydown(event) {
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		/** @type {HTMLTextAreaElement} */ (event.currentTarget).form?.requestSubmit();
	}

	answer() {
		const { cost, problem } = this;
		if (problem) return html`<p class="compare-failure" role="alert">${errorText(problem, 600)}</p>`;
		if (!cost) return nothing;
		const { pull, of, layers, ofLayers, complete, classic } = cost;
		const words = { pull: size(pull), all: size(of), n: layers, of: ofLayers };
		return html`<p class="compare-cost" role="status"><strong>${t("compare.cost", words)}</strong>${classicCost(classic, pull)}${complete ? nothing : html` <span class="note">${t("compare.cost.most")}</span>`}</p>`;
	}

	/** The other platforms of the index in view. */
	platforms() {
		const { model, image } = this;
		const own = image && platformKey(image.platform);
		const others = (model?.platforms() ?? []).flatMap(({ platform }) => platformKey(platform) ?? []);
		const rest = [...new Set(others)].filter((name) => name && name !== own).slice(0, 100);
		if (!own || rest.length === 0) return nothing;
		const choose = (/** @type {string} */ name) => () => this.choose({ platforms: [own, name] });
		return html`<section><h3>${t("compare.with.platform", { platform: visible(own, 60) })}</h3>
			<ul class="platform-choices">${rest.map((name) => html`<li><button type="button" @click=${choose(name)}>${visible(name, 60)}</button></li>`)}</ul></section>`;
	}
}
