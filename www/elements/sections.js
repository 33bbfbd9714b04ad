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
		api: {},
		settings: {},
		tab: { state: true },
		newest: { state: true },
		path: { state: true },
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
		/** @type {typeof import("../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {string | undefined} */
		this.path = undefined;
		this.addEventListener("stow-files-path", (event) => {
			this.path = /** @type {CustomEvent} */ (event).detail.path;
			this.tab = "files";
		});
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
					tab("files", () => this.explorer("files", image)),
					tab("sizes", () => this.explorer("sizes", image)),
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

	/** @param {"files" | "sizes"} kind @param {import("../types.js").Node | undefined} image */
	explorer(kind, image) {
		const { model, api, settings, path } = this;
		return html`<stow-explorer kind=${kind} .model=${model} .image=${image} .api=${api} .settings=${settings} .selected=${path}></stow-explorer>`;
	}

	/** @param {import("../types.js").Node | undefined} image */
	identities(image) {
		return html`<stow-identities .model=${this.model} .image=${image} .bytesOf=${this.bytesOf} .lookup=${this.lookup}></stow-identities>`;
	}
}
