// Line: FilesHandle -> www. `<stow-map>`: the treemap of a directory, with the way back up and a table as its equal.

import { html, nothing } from "lit";
import { exactBytes, size, visible } from "../format.js";
import { t } from "../strings.js";
import { shownName } from "../views/files/text.js";
import { grown } from "../views/sizes/grow.js";
import { cellMove, cellsOf, mapView, share } from "../views/sizes/treemap.js";
import { emit, Part } from "./part.js";

/**
 * @typedef {import("../views/files/contract.js").TreemapNode} TreemapNode
 * @typedef {{ name: string, path: string }} Place a directory that the map went through
 */

/** How many rows the table has. */
const LISTED = 200;
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
		boxes: { state: true },
		width: { state: true },
		at: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../views/files/contract.js").FilesHandle | undefined} */
		this.handle = undefined;
		this.known = "";
		/** @type {import("../views/sizes/treemap.js").Box[] | undefined} */
		this.boxes = undefined;
		/** @type {import("../views/sizes/treemap.js").Cell[]} */
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
			const boxes = handle && (await grown(handle, trail.at(-1)?.path ?? ROOT));
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
		const map = { ...this.area(), at, whole, press, keydown: this.keydown.bind(this) };
		return html`${this.crumbs(whole)}
			${cells.length === 0 ? html`<p class="note">${t("sizes.map.empty")}</p>` : mapView(cells, map)}
			${this.table(nodes, whole)}`;
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
				<td class="wide"><button type="button" class="link" @click=${() => this.open(node, [], false)}><code>${shownName(node.name)}${node.kind === "dir" ? "/" : ""}</code></button></td></tr>`,
			)}</tbody></table></div>
			${sorted.length > LISTED ? html`<p class="note">${t("sizes.map.others", { n: sorted.length - LISTED })}</p>` : nothing}</details>`;
	}
}
