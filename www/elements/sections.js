// Line: Report -> www. `<stow-sections>`: history, config, layers, identities, requests of the image in view.

import { html } from "lit";
import { visible } from "../format.js";
import { nameOf } from "../model.js";
import { t } from "../strings.js";
import { history } from "../views/sections.js";
import { Part } from "./part.js";
import { tabs } from "./tabs.js";

export class StowSections extends Part {
	static properties = {
		model: {},
		node: {},
		requests: {},
		bytesOf: {},
		lookup: {},
		tab: { state: true },
		newest: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.node = undefined;
		/** @type {import("../views/tables.js").Request[]} */
		this.requests = [];
		/** @type {((digest: string) => Promise<Uint8Array | undefined>) | undefined} */
		this.bytesOf = undefined;
		/** @type {import("../state.js").State["lookup"]} */
		this.lookup = undefined;
		this.tab = "history";
		this.newest = false;
		this.addEventListener("stow-newest", () => {
			this.newest = !this.newest;
		});
	}

	render() {
		const { model } = this;
		const image = model?.imageOf(this.node);
		/** @param {string} key @param {() => unknown} panel */
		const tab = (key, panel) => ({ key, label: t(`section.${key}`), panel });
		const about = model
			? [
					tab("history", () => history(model, image, this.newest)),
					tab("config", () => this.table("config", image)),
					tab("layers", () => this.table("layers", image)),
					tab("identities", () => this.identities(image)),
				]
			: [];
		return html`<div class="of">${image ? t("section.of", { kind: t(`kind.${image.kind}`), name: visible(nameOf(image), 80) }) : ""}</div>
			${tabs({
				id: "sections",
				label: t("sections.label"),
				selected: this.tab,
				choose: (key) => {
					this.tab = key;
				},
				tabs: [...about, tab("requests", () => this.table("requests", image))],
			})}`;
	}

	/** @param {"config" | "layers" | "requests"} kind @param {import("../types.js").Node | undefined} image */
	table(kind, image) {
		return html`<stow-table kind=${kind} .model=${this.model} .image=${image} .requests=${this.requests}></stow-table>`;
	}

	/** @param {import("../types.js").Node | undefined} image */
	identities(image) {
		return html`<stow-identities .model=${this.model} .image=${image} .bytesOf=${this.bytesOf} .lookup=${this.lookup}></stow-identities>`;
	}
}
