// Report -> www. `<stow-actions>`: share, download or embed the image in view; `<stow-menu>` holds a list of ways.

import { html, nothing } from "lit";
import { t } from "../i18n/strings.js";
import { referenceParts } from "../model/pin.js";
import { hasSecrets } from "../model/secrets.js";
import { inAddress } from "../page/comparing/compare-address.js";
import { emit, Part } from "./part.js";

/** @typedef {{ key: string, event: string, detail?: object, note?: string }} Item */

/** `<stow-menu label="…" .items=…>`: a button that opens a list of buttons; Escape and a look elsewhere close it. */
export class StowMenu extends Part {
	static properties = { label: {}, items: {}, open: { state: true } };

	constructor() {
		super();
		this.label = "";
		/** @type {Item[]} */
		this.items = [];
		this.open = false;
		this.addEventListener("focusout", (event) => {
			if (!this.contains(/** @type {Node | null} */ (event.relatedTarget))) this.open = false;
		});
		this.addEventListener("keydown", (event) => this.keydown(event));
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		if (event.key === "Escape" && this.open) return this.close();
		if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
		event.preventDefault();
		this.open = true;
		void this.updateComplete.then(() => {
			const all = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("li button")]);
			const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
			all.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % all.length)?.focus();
		});
	}

	close() {
		this.open = false;
		/** @type {HTMLElement | null} */ (this.querySelector("button"))?.focus();
	}

	render() {
		const toggle = () => {
			this.open = !this.open;
		};
		const press = (/** @type {Item} */ { event, detail }) => {
			this.close();
			emit(this, event, detail);
		};
		return html`<button type="button" class="opens" aria-expanded=${this.open} @click=${toggle}>${this.label}</button>
			${
				this.open
					? html`<ul class="menu">${this.items.map(
							(item) =>
								html`<li><button type="button" @click=${() => press(item)}>${t(item.key)}${item.note ? html`<span class="note">${t(item.note)}</span>` : nothing}</button></li>`,
						)}</ul>`
					: nothing
			}`;
	}
}

export class StowActions extends Part {
	static properties = { model: {} };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
	}

	render() {
		const { model } = this;
		if (!model) return nothing;
		const secret = model.report.nodes.some(hasSecrets);
		const isRegistry = model.report.source.kind === "registry";
		const share = [
			...(isRegistry
				? [{ key: "share.pinned", event: "stow-share", detail: { pinned: true }, note: "share.pinned.note" }]
				: []),
			{ key: "share.link", event: "stow-share", detail: {}, note: isRegistry ? "share.link.note" : "share.here.note" },
			{ key: "share.embed", event: "stow-embed" },
		];
		const reports = [
			{ key: "download.text", event: "stow-export", detail: { form: "text" } },
			{
				key: "download.json",
				event: "stow-export",
				detail: { form: "json" },
				...(secret && { note: "download.json.note" }),
			},
		];
		// A pull's output names an image, and holds none: only the findings about it can be kept.
		if (model.report.nodes.length === 0)
			return html`<stow-menu label=${t("download.open")} .items=${reports}></stow-menu>`;
		const download = [
			{ key: "download.image", event: "stow-save", note: "download.image.note" },
			...reports,
			{
				key: "download.snapshot",
				event: "stow-export",
				detail: { form: "snapshot" },
				note: secret ? "download.snapshot.secret" : "download.snapshot.note",
			},
		];
		const { input = [] } = model.given.files ?? {};
		const two = input.length === 2 ? input : undefined;
		const parts = isRegistry ? referenceParts(model.report.source.reference) : undefined;
		return html`<stow-menu label=${t("share.open")} .items=${share}></stow-menu>
			<stow-menu label=${t("download.open")} .items=${download}></stow-menu>
			<button type="button" class="compares" @click=${() => emit(this, "stow-compare-with", {})}>${t("compare.with.open")}</button>
			${two ? html`<button type="button" class="compares" @click=${() => emit(this, "stow-compare-with", { files: two })}>${t("compare.two")}</button>` : nothing}
			${parts ? html`<a class="button tags-open" href="#tags=${inAddress(`${parts.registry}/${parts.repository}`)}">${t("tags.open")}</a>` : nothing}
			<button type="button" class="embeds" @click=${() => emit(this, "stow-embed")}>${t("verdict.embed")}</button>`;
	}
}
