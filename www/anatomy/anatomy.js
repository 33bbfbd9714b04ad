// Report -> www. `<stow-anatomy>`: draws the rows that are in view; the tree is the picture and the picture is the tree.

import { html, nothing } from "lit";
import { emit, Part, vars } from "../elements/part.js";
import { t } from "../i18n/strings.js";
import { labelOf, rowHead, rowView } from "./node-row.js";
import { openAtFirst, rowsOf, windowOf } from "./rows.js";
import { actionOf, typeAhead } from "./tree-keys.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("./rows.js").Row} Row
 */

/** A tree of fewer nodes has no filter; how many rows are printed. */
const [FILTER_FROM, ON_PAPER] = [25, 1000];
const TYPING_PAUSE = 700;

export class StowAnatomy extends Part {
	static properties = {
		model: {},
		selected: {},
		lit: {},
		printing: {},
		reading: {},
		filter: { state: true },
		top: { state: true },
	};

	constructor() {
		super();
		/** @type {Model | undefined} */
		this.model = undefined;
		/** @type {string | undefined} the id of the selected node */
		this.selected = undefined;
		/** @type {import("../model/lookup.js").Lookup | undefined} the places of a digest that was asked for light up */
		this.lit = undefined;
		/** The share of each layer that has been read, while layers are. @type {Map<string, number> | undefined} */
		this.reading = undefined;
		/** @type {Set<string>} */
		this.litIds = new Set();
		this.filter = "";
		this.top = 0;
		/** @type {Set<string>} */
		this.open = new Set();
		/** @type {Row[]} */
		this.rows = [];
		this.rowHeight = 36;
		this.typed = "";
		this.typedAt = 0;
		this.reveal = false;
		this.stale = false;
		/** Paper does not scroll: open parts are drawn whole, within reason. */
		this.printing = false;
	}

	/** Rows are laid out anew only if what is open, filtered or shown has changed. @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("model")) {
			// Layers that were read make another report of the same image: what is open stays so.
			const before = /** @type {Model | undefined} */ (changed.get("model"));
			if (!before || before.given !== this.model?.given) {
				this.open = this.model ? openAtFirst(this.model) : new Set();
				this.filter = "";
			}
			this.stale = true;
		}
		if (changed.has("lit")) this.light();
		if (changed.has("selected") || changed.has("model")) this.openTo(this.model?.node(this.selected));
		if (!this.stale && !changed.has("filter")) return;
		this.stale = false;
		this.rows = this.model ? rowsOf(this.model, { open: this.open, filter: this.filter }) : [];
	}

	/** The rows hold words. */
	reword() {
		this.stale = true;
		super.reword();
	}

	light() {
		const nodes = this.lit?.hits.flatMap(({ node }) => node ?? []) ?? [];
		this.litIds = new Set(nodes.map(({ id }) => id));
		if (nodes.length > 0) this.filter = "";
		for (const node of nodes) this.openTo(node);
	}

	/** @param {import("../types.js").Node | undefined} node */
	openTo(node) {
		for (const { id } of (node && this.model?.ancestors(node)) ?? []) {
			this.stale ||= !this.open.has(id);
			this.open.add(id);
		}
		this.reveal = true;
	}

	render() {
		if (!this.model) return nothing;
		const count = this.rows.length;
		const [top, height] = this.printing ? [0, ON_PAPER * this.rowHeight] : [this.top, this.viewHeight()];
		const view = windowOf({ count, rowHeight: this.rowHeight, top, height });
		const active = this.rows.findIndex(({ node }) => node.id === this.selected);
		const digest = this.model.node(this.selected)?.digest;
		return html`
			${this.model.report.nodes.length < FILTER_FROM ? nothing : this.filterBox(count)}
			${rowHead()}
			<div role="tree" tabindex="0" aria-label=${t("anatomy.title")} class="tree" @keydown=${this.keydown} @click=${this.pressed}
				@scroll=${this.scrolled} aria-activedescendant=${active >= view.first && active < view.last ? `row-${active}` : nothing}>
				<div role="presentation" class="space" ${vars({ "--height": `${view.before}px` })}></div>
				${this.rows.slice(view.first, view.last).map((row, index) =>
					rowView(row, {
						id: `row-${view.first + index}`,
						active: view.first + index === active,
						selected: row.node.id === this.selected,
						filled: this.reading?.get(row.node.id),
						lit: this.litIds.has(row.node.id),
						same: row.node.id !== this.selected && !!digest && row.node.digest === digest,
					}),
				)}
				<div role="presentation" class="space" ${vars({ "--height": `${this.printing ? 0 : view.after}px` })}></div>
			</div>
			${this.printing && count > view.last ? html`<p class="note">${t("requests.more", { n: count - view.last })}</p>` : nothing}
			${count === 0 ? html`<p class="note">${t("anatomy.none")}</p>` : nothing}`;
	}

	/** @param {number} count */
	filterBox(count) {
		const words = this.filter
			? t("anatomy.matches", { n: count })
			: t("anatomy.count", { n: this.model?.report.nodes.length ?? 0 });
		return html`<div class="filter"><input type="search" .value=${this.filter} aria-label=${t("anatomy.filter")}
			placeholder=${t("anatomy.filter")} spellcheck="false" autocomplete="off" @input=${this.filtered}>
			<span class="note" aria-live="polite">${words}</span></div>`;
	}

	updated() {
		const row = /** @type {HTMLElement | null} */ (this.querySelector("[role=treeitem]"));
		if (row && row.offsetHeight > 0 && row.offsetHeight !== this.rowHeight) {
			this.rowHeight = row.offsetHeight;
			this.requestUpdate("top");
		}
		if (!this.reveal) return;
		this.reveal = false;
		this.show(this.rows.findIndex(({ node }) => node.id === this.selected));
	}

	tree = () => /** @type {HTMLElement | null} */ (this.querySelector("[role=tree]"));
	viewHeight = () => this.tree()?.clientHeight || globalThis.innerHeight || 800;

	/** Scrolls the tree, never the page, so that the row is in view. @param {number} index */
	show(index) {
		const tree = this.tree();
		if (!tree || index < 0) return;
		const from = index * this.rowHeight;
		if (from < tree.scrollTop) tree.scrollTop = from;
		else if (from + this.rowHeight > tree.scrollTop + tree.clientHeight) {
			tree.scrollTop = from + this.rowHeight - tree.clientHeight;
		}
		this.top = tree.scrollTop;
	}

	scrolled() {
		this.top = this.tree()?.scrollTop ?? 0;
	}

	/** @param {InputEvent} event */
	filtered(event) {
		this.filter = /** @type {HTMLInputElement} */ (event.currentTarget).value;
	}

	/** @param {MouseEvent} event */
	pressed(event) {
		const target = /** @type {Element} */ (event.target);
		const id = target.closest("[data-id]")?.getAttribute("data-id");
		if (!id) return;
		if (target.closest("[data-twisty]")) this.toggle(id);
		else emit(this, "stow-select", { id });
	}

	/** @param {string} id */
	toggle(id) {
		if (!this.open.delete(id)) this.open.add(id);
		this.stale = true;
		this.requestUpdate();
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const at = this.rows.findIndex(({ node }) => node.id === this.selected);
		const action =
			actionOf(event.key, this.rows, at, Math.floor(this.viewHeight() / this.rowHeight)) ?? this.typing(event, at);
		if (!action) return;
		event.preventDefault();
		if (action.toggle) this.toggle(action.toggle);
		const row = action.move === undefined ? undefined : this.rows[action.move];
		if (row) emit(this, "stow-select", { id: row.node.id, keys: true });
		if (action.select) emit(this, "stow-enter", { id: this.selected });
	}

	/** @param {KeyboardEvent} event @param {number} at @returns {import("./tree-keys.js").Action | undefined} */
	typing(event, at) {
		if (event.key.length !== 1) return undefined;
		this.typed = event.timeStamp - this.typedAt > TYPING_PAUSE ? event.key : this.typed + event.key;
		this.typedAt = event.timeStamp;
		return { move: typeAhead(this.rows.map(labelOf), this.typed, at) };
	}
}
