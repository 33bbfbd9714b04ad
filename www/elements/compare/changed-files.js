// Comparison -> www. `<stow-changed-files .files .rows .total .texts>`: the files that differ, by growth or as a tree with sums on both sides.

import { html, nothing } from "lit";
import { t } from "../../i18n/strings.js";
import { branches, changedRow, columnHeads, hasText, openDown, parentOf } from "../../views/compare/changed-rows.js";
import { gridAction } from "../../views/files/grid-keys.js";
import { RowStore } from "../../views/files/store.js";
import { windowIn } from "../../views/window.js";
import { emit, vars } from "../part.js";
import { Printing } from "../printing.js";
import { RowList } from "../row-list.js";

/**
 * @typedef {import("../../engine/compare/compare-images.js").ComparedRow} ComparedRow
 * @typedef {import("../../engine/compare/compare-images.js").ComparedFilesHandle} Files
 * @typedef {import("../../views/compare/changed-rows.js").Line} Line
 * @typedef {{ rows: (from: number, to: number) => Promise<Line[]> }} Source
 * @typedef {RowStore<Line, { total: number }, Source>} Rows
 */

/** The most rows of one directory that are listed: rows beyond are found by their path. COMPARED_ROWS in src/limits.rs. */
const MOST = 10_000;
/** The most rows that are printed: those that came with the comparison. */
const PRINTED = 100;
/** The rest after typing, in milliseconds. */
const REST = 120;
/** @extends {RowList<Rows>} */
export class StowChangedFiles extends RowList {
	static properties = {
		files: {},
		rows: {},
		total: {},
		texts: {},
		names: {},
		order: { state: true },
		path: { state: true },
	};

	constructor() {
		super();
		/** @type {Files | undefined} */
		this.files = undefined;
		/** The first rows, which came with the comparison, and how many there are. @type {ComparedRow[]} */
		this.rows = [];
		this.total = 0;
		/** True if the text of a file can be read on both sides. */
		this.texts = false;
		/** The short names of both sides. @type {[string, string] | undefined} */
		this.names = undefined;
		/** @type {"growth" | "tree"} */
		this.order = "growth";
		this.path = "";
		/** The rows of each directory that is open. @type {import("../../views/compare/changed-rows.js").Tree} */
		this.tree = new Map();
		this.turn = 0;
		this.printing = new Printing(this, () => this.performUpdate());
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("files")) return;
		const { files, rows, total } = this;
		if (this.store) this.store.closed = true;
		Object.assign(this, { order: "growth", path: "", tree: new Map(), top: 0, at: -1 });
		/** @type {Rows | undefined} */
		const store = files && new RowStore({ rows: this.byGrowth() }, () => this.requestUpdate());
		store?.begin({ total }, rows);
		this.store = store;
	}

	/** The rows of a question. */
	query() {
		return { ignoreTimes: true, ...(this.path && { path: this.path }) };
	}

	/** @returns {Source["rows"]} */
	byGrowth() {
		const [{ files }, query] = [this, this.query()];
		return async (from, to) => (await files?.rows({ ...query, from, to })) ?? [];
	}

	/** Lists by growth, or as a tree, from the top. */
	async ask() {
		const { order, store } = this;
		const done = await this.step(async (handle) => {
			if (order === "tree") return this.listTree(handle);
			const total = (await this.files?.count(this.query())) ?? 0;
			handle.rows = this.byGrowth();
			return { total };
		}, true);
		if (done && store === this.store) this.reset();
	}

	/** @param {(handle: Source) => Promise<{ total: number }>} action @param {boolean} [fromTop] */
	async step(action, fromTop = false) {
		const inView = () => (fromTop ? { first: 0, last: 60 } : this.inView());
		// Files that were closed meanwhile give no answer: the rows in view stay.
		return this.store?.step(action, inView).catch(() => undefined);
	}

	/** @param {Source} handle */
	async listTree(handle) {
		if (!this.tree.has("")) this.tree.set("", (await this.files?.tree("", MOST + 1)) ?? []);
		const lines = branches(this.tree, MOST);
		handle.rows = async (from, to) => lines.slice(from, to);
		return { total: lines.length };
	}

	/** @param {Line | undefined} line */
	toggle(line) {
		if (!line || !("open" in line)) return;
		void this.step(async (handle) => {
			const { path } = line;
			if (!this.tree.delete(path)) this.tree.set(path, (await this.files?.tree(path, MOST + 1)) ?? []);
			return this.listTree(handle);
		});
	}

	/** Opens the tree down to a path, and gives the keyboard its row; a path that the tree cuts off is searched for. @param {string} path */
	async goTo(path) {
		this.turn++;
		this.order = "tree";
		let found = 0;
		const done = await this.step(async (handle) => {
			found = await openDown(this.tree, path, MOST, (one) => this.files?.tree(one, MOST + 1));
			return this.listTree(handle);
		});
		if (done && found >= 0) this.go(found);
		else if (done) this.set({ order: "growth", path });
		this.scrollIntoView({ block: "nearest" });
		this.grid()?.focus({ preventScroll: true });
	}

	render() {
		const { order, store } = this;
		if (!store) return nothing;
		const choice = (/** @type {"growth" | "tree"} */ one) =>
			html`<button type="button" aria-pressed=${order === one} @click=${() => this.set({ order: one })}>${t(`compare.order.${one}`)}</button>`;
		const typed = (/** @type {Event} */ { currentTarget }) =>
			this.set({ path: /** @type {HTMLInputElement} */ (currentTarget).value.trim() }, REST);
		return html`<div class="compare-files-bar"><div role="group" aria-label=${t("compare.order")} class="switch">${choice("growth")}${choice("tree")}</div>
			${order === "growth" ? html`<input type="search" .value=${this.path} aria-label=${t("compare.filter")} placeholder=${t("compare.filter")} spellcheck="false" autocomplete="off" autocapitalize="off" @input=${typed}>` : nothing}</div>
			${this.list(store)}
			<p class="note" role="status">${store.view.total === 0 && store.busy === 0 ? t("compare.files.none") : nothing}</p>`;
	}

	/** @param {{ order?: "growth" | "tree", path?: string }} change @param {number} [rest] */
	set(change, rest = 0) {
		Object.assign(this, change);
		const mine = ++this.turn;
		setTimeout(() => mine === this.turn && this.ask(), rest);
	}

	/** @param {Rows} store */
	list(store) {
		const { at, names, printing } = this;
		const { total } = store.view;
		const { first, last, before, after } = printing.active
			? { first: 0, last: Math.min(total, PRINTED), before: 0, after: 0 }
			: windowIn(this.place());
		store.want(first, last);
		const space = (/** @type {number} */ pixels) =>
			html`<div role="presentation" class="space" ${vars({ "--height": `${pixels}px` })}></div>`;
		return html`<div class="changed-grid" role="treegrid" tabindex="0" aria-label=${t("compare.files")} aria-rowcount=${total + 1} aria-busy=${store.busy > 0}
			aria-activedescendant=${at >= first && at < last ? `changed-${at}` : nothing} @keydown=${this.keydown} @click=${this.pressed} @scroll=${this.scrolled}>
			<div role="row" class="changed-row head" aria-rowindex="1">${columnHeads(names)}</div>
			${space(before)}${store.known(first, last).map((line, index) => changedRow(first + index, line, first + index === at, this.texts))}${space(after)}</div>`;
	}

	/** @param {MouseEvent} event */
	pressed({ target }) {
		const pressed = /** @type {Element} */ (target);
		const index = pressed.closest("[data-row]")?.getAttribute("data-row");
		if (!index) return;
		this.at = Number(index);
		if (pressed.closest("button")) this.enter();
	}

	/** The text of a file, or what is in a directory. */
	enter() {
		const line = this.store?.row(this.at);
		if (line && hasText(line, this.texts)) emit(this, "stow-compare-text", line);
		else this.toggle(line);
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || !this.store) return;
		const { at, store } = this;
		const line = store.row(at);
		const row = line && { open: false, depth: 0, ...line, children: "open" in line ? 1 : 0 };
		const { total } = store.view;
		const action = gridAction(event.key, { row: /** @type {any} */ (row), at, total, page: this.page() });
		if (!action) return;
		event.preventDefault();
		if (action.move !== undefined) this.go(action.move);
		if (action.toggle !== undefined) this.toggle(line);
		if (action.open) this.enter();
		if (action.parent) void this.up();
	}

	/** To the directory of the row. */
	async up() {
		const parent = parentOf((await this.store?.handle.rows(0, this.at + 1)) ?? []);
		if (parent >= 0) this.go(parent);
	}
}
