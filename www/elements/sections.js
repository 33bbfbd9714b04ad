// Report -> www. `<stow-sections .tab=…>`: the tabs of the result: files, sizes, IDs, config and history, checks, bytes.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { nameOf } from "../model/model.js";
import { history } from "../views/history.js";
import { emit, Part } from "./part.js";

/** @typedef {import("../types.js").Node} Node */

/** Layers that are no tars. */
const LAYERS = ["encrypted-layer", "nydus-blob"];

export class StowSections extends Part {
	static properties = {
		tab: {},
		model: {},
		node: {},
		requests: {},
		lookup: {},
		api: {},
		settings: {},
		path: {},
		filter: {},
		outcome: {},
		line: {},
		named: {},
		look: { state: true },
	};

	constructor() {
		super();
		this.tab = "files";
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {Node | undefined} */
		this.node = undefined;
		/** @type {import("../views/tables.js").Request[]} */
		this.requests = [];
		/** @type {import("../page/state.js").State["lookup"]} */
		this.lookup = undefined;
		/** @type {typeof import("../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		/** A file to go to. @type {string | undefined} */
		this.path = undefined;
		/** The filter of the files. @type {string | undefined} */
		this.filter = undefined;
		/** The outcome of the checks that are listed. @type {string | undefined} */
		this.outcome = undefined;
		/** @type {import("../views/history.js").Look} */
		this.look = { newest: false, all: true, text: "" };
		/** The line of the bytes that is marked, from 1. @type {number | undefined} */
		this.line = undefined;
		/** The required signer. @type {import("../page/signing.js").Named | undefined} */
		this.named = undefined;
		this.addEventListener("stow-history", (event) => {
			this.look = { ...this.look, .../** @type {CustomEvent} */ (event).detail };
		});
	}

	render() {
		const { model } = this;
		const image = model?.imageOf(this.node);
		return html`${image && model && model.platforms().length > 1 && this.tab !== "checks" && this.tab !== "raw" ? html`<p class="note of">${visible(nameOf(image), 80)}</p>` : nothing}
			${this.panel(image)}`;
	}

	/** @param {Node | undefined} image */
	panel(image) {
		const { model, lookup } = this;
		switch (this.tab) {
			case "files":
				return this.files(image);
			case "size":
				return this.explorer("sizes", image);
			case "ids":
				return html`<stow-identities .model=${model} .image=${image} .bytesOf=${this.api?.bytesOf} .lookup=${lookup}></stow-identities>`;
			case "config":
				return html`<h3>${t("section.config")}</h3>${this.table("config", image)}
					<h3>${t("section.history")}</h3>${model ? history(model, image, this.look) : nothing}`;
			case "checks":
				return html`<stow-all-checks .model=${model} .outcome=${this.outcome}></stow-all-checks>`;
			case "signatures":
				return html`<stow-signatures .model=${model} .api=${this.api} .named=${this.named}></stow-signatures>`;
			default:
				return html`${model ? this.bytes(model) : nothing}<h3>${t("section.requests")}</h3>${this.table("requests", image)}`;
		}
	}

	/** @param {"config" | "layers" | "requests"} kind @param {Node | undefined} image */
	table(kind, image) {
		return html`<stow-table kind=${kind} .model=${this.model} .image=${image} .requests=${this.requests}></stow-table>`;
	}

	/** Of an artifact what is in it; of its layers, if it has some, the files. @param {Node | undefined} image */
	files(image) {
		const { model, api, settings } = this;
		const leaves = model?.leaves(image) ?? [];
		const others = leaves.filter(({ tar, blobKind = "" }) => tar === false && !LAYERS.includes(blobKind));
		if (others.length === 0)
			return html`<stow-peek .model=${model} .image=${image} .api=${api} .settings=${settings}></stow-peek>
				<stow-first-file .model=${model} .image=${image} .api=${api} .settings=${settings}></stow-first-file>${this.explorer("files", image)}`;
		return html`<stow-artifact .model=${model} .image=${image} .api=${api} .settings=${settings}></stow-artifact>
			${others.length < leaves.length ? this.explorer("files", image) : nothing}`;
	}

	/** @param {"files" | "sizes"} kind @param {Node | undefined} image */
	explorer(kind, image) {
		const { model, api, settings, path, filter } = this;
		return html`<stow-explorer kind=${kind} .model=${model} .image=${image} .api=${api} .settings=${settings} .selected=${path} .filter=${filter}></stow-explorer>`;
	}

	/** The exact bytes of a document, to be chosen. @param {import("../model/model.js").Model} model */
	bytes(model) {
		const documents = model.report.nodes
			.filter(({ read, digest, kind }) => read && digest && kind !== "layer")
			.slice(0, 500);
		const node = documents.find((one) => one === this.node) ?? documents[0];
		if (!node) return nothing;
		const choose = (/** @type {Event} */ { currentTarget }) => {
			emit(this, "stow-select", { id: documents[/** @type {HTMLSelectElement} */ (currentTarget).selectedIndex]?.id });
		};
		return html`<label class="choice">${t("raw.document")} <select @change=${choose}>${documents.map(
			(one) => html`<option .selected=${one === node}>${t(`kind.${one.kind}`)} ${visible(nameOf(one), 80)}</option>`,
		)}</select></label>
			<stow-bytes .node=${node} .digest=${node.digest} .bytesOf=${this.api?.bytesOf} .known=${model.digests} .line=${this.line} numbered></stow-bytes>`;
	}
}
