// FilesHandle -> www. `<stow-sizes>`: the use of space: layers as a bar and a table, the waste, a map to go down in.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import {
	efficiency,
	figures,
	layerBar,
	layerTable,
	linesOf,
	toneOf,
	worstTable,
} from "../../views/sizes/layer-sizes.js";
import { wasteTable } from "../../views/sizes/waste.js";
import { Part } from "../part.js";

/** @typedef {import("../../views/files/contract.js").FilesHandle} FilesHandle */

/** `<stow-sizes .handle .layers>`; tells `stow-files-path` {path} when a path is wanted in the list of files. */
export class StowSizes extends Part {
	static properties = {
		handle: {},
		layers: {},
		measure: { state: true },
		at: { state: true },
		sizes: { state: true },
		explained: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		/** @type {FilesHandle | undefined} */
		this.handle = undefined;
		/** @type {import("../../views/files/contract.js").LayerRef[]} */
		this.layers = [];
		/** The measure that the reader chose. @type {import("../../views/sizes/layer-sizes.js").Measure | undefined} */
		this.measure = undefined;
		this.at = 0;
		/** @type {import("../../views/files/contract.js").Sizes | undefined} */
		this.sizes = undefined;
		/** True if the efficiency is explained. */
		this.explained = false;
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
		const { sizes, handle, at } = this;
		if (this.failure) return html`<p class="note">${this.failure}</p>`;
		if (this.layers.length === 0) return html`<p class="note">${t("layers.none")}</p>`;
		// The bytes to download are known before any layer is read.
		const lines = linesOf(this.layers, sizes ?? { layers: [] });
		// Waste is of all layers together: of some of them nothing is known.
		const whole = sizes && lines.every(({ found }) => found) ? sizes : undefined;
		const bar = {
			...{ measure: this.measure ?? (whole ? "unpacked" : "compressed"), whole: !!whole, at },
			choose: (/** @type {import("../../views/sizes/layer-sizes.js").Measure} */ one) => {
				this.measure = one;
			},
			go: (/** @type {number} */ index) => {
				this.at = index;
			},
			keydown: this.keydown.bind(this),
		};
		const explain = () => {
			this.explained = !this.explained;
		};
		return html`<div class="sizes">${figures(lines, whole, this.explained, explain)}${whole && this.explained ? efficiency(whole) : nothing}
			${layerBar(lines, /** @type {any} */ (bar))}${layerTable(lines, at, !!whole)}
			${whole ? this.waste(whole) : html`<p class="note">${t("sizes.partial")}</p>`}
			${handle && handle.layers.length > 0 ? html`<stow-map .handle=${handle} .known=${this.known} .layers=${this.layers}></stow-map>` : nothing}</div>`;
	}

	/** @param {import("../../views/files/contract.js").Sizes} sizes */
	waste({ waste, worst }) {
		const { layers } = this;
		const tone = (/** @type {number} */ position) => toneOf(layers, position);
		return html`<div class="files-line"><h3>${t("sizes.worst")}</h3><span class="note">${t(waste.length > 0 ? "sizes.waste.note" : "sizes.worst.none")}</span></div>
			${waste.length > 0 ? wasteTable(waste, layers, tone) : nothing}
			${worst.length > 0 ? html`<details class="paths"><summary>${t("sizes.worst.paths")}</summary>${worstTable(worst)}</details>` : nothing}`;
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
