// Report -> others' pages. `<stow-embed>`: the dialog with what an author copies, and what it will look like.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { first, t } from "../../i18n/strings.js";
import { save } from "../../lib/download.js";
import { badgeAlt, badgeMarkdown, badgeSvg, elementSnippet, frameSnippet } from "../../model/embedding.js";
import { failureOf } from "../../page/state.js";
import { errorText } from "../../views/core-words.js";
import { Part } from "../part.js";
import { tabs } from "../tab-list.js";

const VIEWS = ["anatomy", "layers", "identity", "history"];
const FILE = "app.stowplan.json";

export class StowEmbed extends Part {
	static properties = {
		api: {},
		model: {},
		settings: {},
		tab: { state: true },
		view: { state: true },
		pinned: { state: true },
		fixed: { state: true },
		build: { state: true },
		snapshot: { state: true },
		problem: { state: true },
	};

	constructor() {
		super();
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		this.tab = "element";
		this.view = "anatomy";
		this.pinned = true;
		this.fixed = false;
		/** @type {{ file: string, integrity: string } | undefined} the script of this build; unknown if it was not built */
		this.build = undefined;
		/** @type {import("../../types.js").Snapshot | undefined} */
		this.snapshot = undefined;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.problem = undefined;
	}

	/** @param {{ file: string, integrity: string }} [build] */
	async show(build) {
		if (!this.model) return;
		this.build = build;
		[this.snapshot, this.problem] = [undefined, undefined];
		this.tab = this.model.report.source.reference ? "element" : "snapshot";
		this.requestUpdate();
		await this.updateComplete;
		this.dialog()?.showModal();
		try {
			this.snapshot = await this.api?.makeSnapshot(this.model.report);
		} catch (error) {
			this.problem = failureOf(error);
		}
	}

	dialog() {
		return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
	}

	/** Of what is embedded. */
	digest() {
		return this.snapshot?.digest ?? this.model?.roots[0]?.digest ?? "";
	}

	/** @param {"reference" | "src"} by @returns {import("../../model/embedding.js").Chosen} */
	chosen(by) {
		const { reference } = this.model?.report.source ?? {};
		const digest = (this.pinned && this.digest()) || undefined;
		const host = new URL("./", document.baseURI).href;
		const view = this.view === "anatomy" ? undefined : this.view;
		const from = by === "src" ? { src: FILE } : { reference, proxy: this.settings?.proxy || undefined };
		return { host, ...from, digest, view, fixed: this.fixed ? this.build : undefined };
	}

	render() {
		const { model } = this;
		if (!model) return nothing;
		const { reference } = model.report.source;
		/** @param {string} key @param {() => unknown} panel */
		const tab = (key, panel) => ({ key, label: t(`embed.${key}`), panel });
		const all = [
			...(reference ? [tab("element", () => this.code("element", elementSnippet(this.chosen("reference"))))] : []),
			tab("snapshot", () => this.file()),
			...(reference ? [tab("frame", () => this.code("frame", frameSnippet(this.chosen("reference"))))] : []),
			...(reference && this.digest() ? [tab("badge", () => this.badge(reference, this.digest()))] : []),
		];
		return html`<dialog class="wide-dialog" aria-labelledby="embed-title">
			<h2 id="embed-title">${t("embed.title")}</h2>
			<div class="actions choices">
				<label>${t("embed.view")} <select @change=${(/** @type {Event} */ event) => {
					this.view = /** @type {HTMLSelectElement} */ (event.currentTarget).value;
				}}>${VIEWS.map((view) => html`<option value=${view} .selected=${view === this.view}>${t(`embed.view.${view}`)}</option>`)}</select></label>
				<label><input type="checkbox" .checked=${this.pinned} @change=${(/** @type {Event} */ event) => {
					this.pinned = /** @type {HTMLInputElement} */ (event.currentTarget).checked;
				}}> ${t("embed.pin")}</label>
				${
					this.build
						? html`<label><input type="checkbox" name="fixed" .checked=${this.fixed} @change=${(
								/** @type {Event} */ event,
							) => {
								this.fixed = /** @type {HTMLInputElement} */ (event.currentTarget).checked;
							}}> ${t("embed.fixed")}</label>`
						: nothing
				}
			</div>
			${this.problem ? failed(this.problem) : nothing}
			<div class="embed-parts"><div>${tabs({
				id: "embed",
				label: t("embed.title"),
				selected: this.tab,
				choose: (key) => {
					this.tab = key;
				},
				tabs: all,
			})}</div>
			<div><h3>${t("embed.preview")}</h3>
			${this.tab === "badge" ? this.picture() : this.snapshot ? html`<stow-plan .snapshot=${this.snapshot} .view=${this.view} .theme=${this.settings?.theme ?? "auto"}></stow-plan>` : nothing}</div></div>
			<form method="dialog" class="close"><button class="primary">${t("embed.close")}</button></form>
		</dialog>`;
	}

	/** @param {string} key @param {string} text */
	code(key, text) {
		return html`<p class="note">${t(`embed.${key}.hint`)}</p>
			<div class="recipe"><h3>${t(`embed.${key}`)} <stow-copy .text=${text} what=${t(`embed.${key}`)}></stow-copy></h3>
			<pre tabindex="0"><code>${visible(text)}</code></pre></div>`;
	}

	file() {
		const text = this.snapshot && JSON.stringify(this.snapshot, null, "\t");
		return html`<div class="actions"><button type="button" ?disabled=${!text} @click=${() => save(new Blob([text ?? ""], { type: "application/json" }), FILE)}>
			${t("embed.snapshot.save", { name: FILE })}</button></div>
			${this.code("snapshot", elementSnippet(this.chosen("src")))}`;
	}

	/** @param {string} reference @param {string} digest */
	badge(reference, digest) {
		const markdown = badgeMarkdown({ host: new URL("./", document.baseURI).href, reference, digest });
		const svg = badgeSvg(digest);
		const picture = () => save(new Blob([svg], { type: "image/svg+xml" }), "stowplan-badge.svg");
		return html`<div class="actions"><button type="button" @click=${picture}>${t("embed.badge.save")}</button>
			<stow-copy plain .text=${svg} label=${t("embed.badge.copy")}></stow-copy></div>${this.code("badge", markdown)}`;
	}

	/** The bytes of the badge as a browser shows them: those that are copied and saved. */
	picture() {
		const digest = this.digest();
		return html`<img class="badge" src=${`data:image/svg+xml,${encodeURIComponent(badgeSvg(digest))}`} alt=${badgeAlt(digest)}>`;
	}
}

/** @param {import("../../views/status.js").Failure} failure */
const failed = (failure) => html`<section class="error" role="alert">
	<h3>${first(`error.${failure.code}`, "error.unknown")}</h3><p>${errorText(failure, 300)}</p></section>`;
