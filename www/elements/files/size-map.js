// FilesHandle -> www. `<stow-map>`: the treemap of a directory, with the way back up and a table as its equal.

import { html, nothing } from "lit";
import { tint } from "../../anatomy/node-row.js";
import { exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { shownName } from "../../views/files/file-text.js";
import { grown } from "../../views/sizes/grow.js";
import { toneOf } from "../../views/sizes/layer-sizes.js";
import { cellMove, cellsOf, mapView, share } from "../../views/sizes/treemap.js";
import { emit, Part, vars } from "../part.js";

/**
 * @typedef {import("../../views/files/contract.js").TreemapNode} TreemapNode
 * @typedef {{ name: string, path: string }} Place a directory that the map went through
 */

/** The number of rows in the table. */
const LISTED = 200;
/** The most layers that the legend names. */
const NAMED = 12;
/** The path of the root, as the list of files takes it. */
const ROOT = "";
/** Pixels of width in which the map grows and shrinks; the bounds of its height. */
const STEP = 16;
const LOW = 280;
const HIGH = 480;

/** `<stow-map .handle .known>`; another `known` says that the handle has taken in more layers. */
export class StowMap extends Part {
	static properties = {
		handle: {},
		known: {},
		layers: {},
		waste: { state: true },
		boxes: { state: true },
		width: { state: true },
		at: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../views/files/contract.js").FilesHandle | undefined} */
		this.handle = undefined;
		this.known = "";
		/** The layers of the image, for their colours. @type {import("../../views/files/contract.js").LayerRef[]} */
		this.layers = [];
		/** True if wasted bytes of lower layers have boxes too. */
		this.waste = true;
		/** @type {import("../../views/sizes/treemap.js").Box[] | undefined} */
		this.boxes = undefined;
		/** @type {import("../../views/sizes/treemap.js").Cell[]} */
		this.cells = [];
		/** @type {Place[]} */
		this.trail = [];
		this.at = 0;
		this.width = 640;
		this.failure = "";
		this.resized = new ResizeObserver(() => this.fit());
	}

	connectedCallback() {
		super.connectedCallback();
		this.resized.observe(this);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
	}

	/** In steps, so that a window that is being dragged does not lay the map out at every pixel. */
	fit() {
		this.width = Math.max(STEP, Math.floor(this.clientWidth / STEP) * STEP);
	}

	area() {
		return { width: this.width, height: Math.round(Math.min(HIGH, Math.max(LOW, this.width / 2))) };
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("handle") || changed.has("known")) void this.go([], false);
		if (changed.has("boxes") || changed.has("width")) this.cells = cellsOf(this.boxes ?? [], this.area());
	}

	/** @param {Place[]} trail @param {boolean} focus whether the keyboard goes with it */
	async go(trail, focus) {
		const { handle } = this;
		try {
			const boxes = handle && (await grown(handle, trail.at(-1)?.path ?? ROOT, this.waste));
			if (handle !== this.handle) return;
			// Up again: on the directory that was left.
			const left = this.trail[trail.length]?.path;
			this.trail = trail;
			this.boxes = boxes;
			await this.updateComplete;
			this.at = Math.max(0, left === undefined ? 0 : this.cells.findIndex(({ node }) => node?.path === left));
			await this.updateComplete;
			if (focus) this.cell(this.at)?.focus();
		} catch (error) {
			this.failure = t("sizes.failed", { why: visible(/** @type {Error} */ (error)?.message, 300) });
		}
	}

	/** @param {number} at */
	cell(at) {
		return /** @type {HTMLElement | null} */ (this.querySelector(`[data-cell="${at}"]`));
	}

	render() {
		const { boxes, cells, at } = this;
		if (this.failure) return html`<p class="note">${this.failure}</p>`;
		if (!boxes) return html`<p class="note">${t("sizes.loading")}</p>`;
		const nodes = boxes.map(({ node }) => node);
		const whole = nodes.reduce((sum, node) => sum + node.size, 0);
		const press = (/** @type {number} */ index) => this.press(index);
		const tone = (/** @type {number} */ layer) => toneOf(this.layers, layer);
		const map = { ...this.area(), at, whole, press, tone, keydown: this.keydown.bind(this) };
		return html`<div class="files-line"><h3>${t("sizes.map")}</h3><span class="note">${t("sizes.map.by")}</span>${this.choice()}</div>${this.crumbs(whole)}
			${cells.length === 0 ? html`<p class="note">${t("sizes.map.empty")}</p>` : mapView(cells, map)}
			${this.legend(cells, tone)}${this.table(nodes, whole)}`;
	}

	/** The choice if the map counts files that no container sees. */
	choice() {
		const choose = (/** @type {boolean} */ waste) => () => {
			this.waste = waste;
			void this.go(this.trail, false);
		};
		return html`<div role="group" aria-label=${t("sizes.map.waste")} class="switch">${[false, true].map(
			(one) =>
				html`<button type="button" aria-pressed=${this.waste === one} @click=${choose(one)}>${t(one ? "sizes.map.with" : "sizes.map.without")}</button>`,
		)}</div>`;
	}

	/** @param {import("../../views/sizes/treemap.js").Cell[]} cells @param {(layer: number) => number} tone */
	legend(cells, tone) {
		const seen = cells.filter(({ node, outer }) => node && !outer).map(({ node }) => /** @type {TreemapNode} */ (node));
		const layers = [...new Set(seen.map(({ layer }) => layer))].sort((a, b) => a - b).slice(0, NAMED);
		const sample = (/** @type {number} */ layer, kind = "") =>
			html`<i class="swatch ${kind}" ${vars({ "--tone": tint(tone(layer)) })}></i>`;
		const wasted = seen.find((node) => node.wasted);
		return html`<p class="note map-legend">${layers.map((layer) => html`<span>${sample(layer)}${t("sizes.map.named", { n: layer + 1 })}</span>`)}
			${wasted ? html`<span>${sample(wasted.layer, "is-wasted")}${t("sizes.map.hatched")}</span>` : nothing}</p>`;
	}

	/** @param {number} whole */
	crumbs(whole) {
		const all = [{ name: t("sizes.map.root"), path: ROOT }, ...this.trail];
		const last = all.length - 1;
		return html`<nav class="crumbs" aria-label=${t("sizes.map.crumbs")}>${all.map(({ name }, index) =>
			index === last
				? html`<span aria-current="location">${shownName(name)}</span>`
				: html`<button type="button" class="link" @click=${() => this.go(this.trail.slice(0, index), false)}>${shownName(name)}</button><span aria-hidden="true">/</span>`,
		)}<span class="note" title=${exactBytes(whole)}>${size(whole)}</span></nav>`;
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		if (event.key === "Backspace" && this.trail.length > 0) {
			event.preventDefault();
			void this.go(this.trail.slice(0, -1), true);
			return;
		}
		const to = cellMove(event.key, this.cells, this.at);
		if (to === undefined) return;
		event.preventDefault();
		this.at = to;
		this.cell(to)?.focus();
	}

	/** @param {number} at */
	press(at) {
		this.at = at;
		const { node, trail = [] } = this.cells[at] ?? {};
		if (node) this.open(node, trail, true);
	}

	/** @param {TreemapNode} node @param {Place[]} trail what lies between @param {boolean} focus */
	open({ kind, name, path, children }, trail, focus) {
		if (kind === "dir" && children > 0) void this.go([...this.trail, ...trail, { name, path }], focus);
		else emit(this, "stow-files-path", { path });
	}

	/** @param {TreemapNode[]} nodes @param {number} whole */
	table(nodes, whole) {
		const sorted = [...nodes].sort((a, b) => b.size - a.size);
		return html`<details class="map-table"><summary>${t("sizes.map.table")}</summary>
			<div class="scroll" tabindex="0" role="region" aria-label=${t("sizes.map.table")}><table class="list"><thead><tr><th scope="col" class="number">${t("sizes.map.size")}</th><th scope="col" class="number">${t("sizes.column.share")}</th><th scope="col">${t("sizes.map.name")}</th></tr></thead>
			<tbody>${sorted.slice(0, LISTED).map(
				(
					node,
				) => html`<tr><td class="number" title=${exactBytes(node.size)}>${size(node.size)}</td><td class="number">${share(node.size, whole)}</td>
				<td class="wide"><button type="button" class="link" @click=${() => this.open(node, [], false)}><code>${shownName(node.name)}${node.kind === "dir" ? "/" : ""}</code></button>${node.wasted ? html` <span class="note">${t("sizes.map.wasted", { n: node.layer + 1 })}</span>` : nothing}</td></tr>`,
			)}</tbody></table></div>
			${sorted.length > LISTED ? html`<p class="note">${t("sizes.map.others", { n: sorted.length - LISTED })}</p>` : nothing}</details>`;
	}
}
