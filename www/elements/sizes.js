// Line: FilesHandle -> www. `<stow-sizes>`: what takes the space: layers as a bar and a table, the waste, a map to go down in.

import { html } from "lit";
import { visible } from "../format.js";
import { t } from "../strings.js";
import { efficiency, layerBar, layerTable, linesOf } from "../views/sizes/layers.js";
import { Part } from "./part.js";

/** @typedef {import("../views/files/contract.js").FilesHandle} FilesHandle */

/** `<stow-sizes .handle .layers>`; tells `stow-files-path` {path} when a path is wanted in the list of files. */
export class StowSizes extends Part {
	static properties = {
		handle: {},
		layers: {},
		measure: { state: true },
		at: { state: true },
		sizes: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		/** @type {FilesHandle | undefined} */
		this.handle = undefined;
		/** @type {import("../views/files/contract.js").LayerRef[]} */
		this.layers = [];
		/** @type {import("../views/sizes/layers.js").Measure} */
		this.measure = "compressed";
		this.at = 0;
		/** @type {import("../views/files/contract.js").Sizes | undefined} */
		this.sizes = undefined;
		this.failure = "";
		this.known = "";
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const known = (this.handle?.layers ?? []).map(({ position }) => position).join();
		if (this.handle && (changed.has("handle") || known !== this.known)) void this.load(this.handle);
		this.known = known;
	}

	/** @param {FilesHandle} handle */
	async load(handle) {
		try {
			const sizes = await handle.sizes();
			if (handle !== this.handle) return;
			this.sizes = sizes;
			this.failure = "";
		} catch (error) {
			this.failure = t("sizes.failed", { why: visible(/** @type {Error} */ (error)?.message, 300) });
		}
	}

	render() {
		const { sizes, handle, measure, at } = this;
		if (this.failure) return html`<p class="note">${this.failure}</p>`;
		if (handle?.layers.length === 0) return html`<p class="note">${t("files.noLayers")}</p>`;
		if (!sizes || !handle) return html`<p class="note">${t("sizes.loading")}</p>`;
		const lines = linesOf(this.layers, sizes);
		const choose = (/** @type {typeof measure} */ one) => {
			this.measure = one;
		};
		const go = (/** @type {number} */ index) => {
			this.at = index;
		};
		const bar = { measure, at, choose, go, keydown: this.keydown.bind(this) };
		return html`<div class="sizes"><h3>${t("sizes.layers")}</h3>${layerBar(lines, bar)}${layerTable(lines, at)}
			<h3>${t("sizes.efficiency")}</h3>${efficiency(sizes)}
			<h3>${t("sizes.map")}</h3><stow-map .handle=${handle} .known=${this.known}></stow-map></div>`;
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		const last = this.layers.length - 1;
		const to = { ArrowRight: Math.min(last, this.at + 1), ArrowLeft: Math.max(0, this.at - 1), Home: 0, End: last }[
			event.key
		];
		if (to === undefined) return;
		event.preventDefault();
		/** @type {HTMLElement | null} */ (this.querySelector(`[data-segment="${to}"]`))?.focus();
	}
}
