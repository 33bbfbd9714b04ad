// FileRow -> www. `<stow-file-rows>`: the tree table of files by the ARIA treegrid pattern; only the rows in view are drawn.

import { html, nothing } from "lit";
import { t } from "../../i18n/strings.js";
import { COLUMNS, fileRow } from "../../views/files/file-row.js";
import { gridAction, parentPath, parentRow, typedTo } from "../../views/files/grid-keys.js";
import { windowIn } from "../../views/window.js";
import { emit, vars } from "../part.js";
import { RowList } from "../row-list.js";

/**
 * @typedef {import("../../views/files/contract.js").FileRow} FileRow
 * @typedef {import("../../views/files/contract.js").FilesView} FilesView
 * @typedef {import("../../views/files/contract.js").FilesHandle} FilesHandle
 * @typedef {(action: (handle: FilesHandle) => Promise<FilesView>) => Promise<FilesView | undefined>} Step
 */

/** Milliseconds after which typing starts a new name. */
const TYPING_PAUSE = 700;
/** The number of rows around the active one that are searched for its directory, and by typing. */
const NEAR = 500;

/**
 * `<stow-file-rows .store .step>`; tells `stow-file-row` {row} when another row is active, `stow-file-enter` {row} for its content.
 * @extends {RowList<import("../../views/files/store.js").RowStore>}
 */
export class StowFileRows extends RowList {
	static properties = { step: {} };

	constructor() {
		super();
		/** Changes what is visible. @type {Step} */
		this.step = async () => undefined;
		/** True if the row was reached with the keyboard: the way back has no step for each. */
		this.byKeys = false;
		this.typed = "";
		this.typedAt = 0;
		/** @type {FileRow | undefined} the row that was told last */
		this.told = undefined;
	}

	render() {
		const { store } = this;
		if (!store) return nothing;
		const { first, last, before, after } = windowIn(this.place());
		store.want(first, last);
		const seen = this.at >= first && this.at < last;
		return html`<div class="files-grid" role="treegrid" tabindex="0" aria-label=${t("files.label")} aria-rowcount=${store.view.total + 1}
			aria-busy=${store.busy > 0} aria-activedescendant=${seen ? `file-${this.at}` : nothing}
			@keydown=${this.keydown} @click=${this.pressed} @dblclick=${this.entered} @scroll=${this.scrolled}>
			<div role="row" class="file-row head" aria-rowindex="1">${COLUMNS.map((key) => html`<span role="columnheader" class=${key}>${t(`files.column.${key}`)}</span>`)}</div>
			<div role="presentation" class="space" ${vars({ "--height": `${before}px` })}></div>
			${store.known(first, last).map((row, index) => fileRow(first + index, row, first + index === this.at))}
			<div role="presentation" class="space" ${vars({ "--height": `${after}px` })}></div>
		</div>`;
	}

	/** @param {Map<string, unknown>} changed */
	updated(changed) {
		super.updated(changed);
		const active = this.store?.row(this.at);
		if (active === this.told || (!active && this.at >= 0)) return;
		this.told = active;
		emit(this, "stow-file-row", { row: active });
	}

	/** Goes to a path, opening what it is in. @param {string} path @returns {Promise<boolean>} whether it is listed */
	async reveal(path) {
		let at = -1;
		await this.step(async (handle) => {
			at = await handle.find(path);
			const [row] = at < 0 ? [] : await handle.rows(at, at + 1);
			// Setting a directory to what it is gives the view without a change.
			return row ? handle.toggle(row.id, row.open) : /** @type {FilesView} */ (this.store?.view);
		});
		if (at >= 0) this.go(at);
		return at >= 0;
	}

	/** @param {MouseEvent} event */
	pressed(event) {
		const target = /** @type {Element} */ (event.target);
		const index = target.closest("[data-row]")?.getAttribute("data-row");
		if (!index) return;
		this.at = Number(index);
		this.byKeys = false;
		const row = this.store?.row(this.at);
		if (row && target.closest("[data-twisty]")) void this.step((handle) => handle.toggle(row.id, !row.open));
	}

	entered() {
		const row = this.store?.row(this.at);
		if (row?.children) void this.step((handle) => handle.toggle(row.id, !row.open));
		else if (row) emit(this, "stow-file-enter", { row });
	}

	/** @param {KeyboardEvent} event */
	keydown(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || !this.store) return;
		const { at, store } = this;
		const row = store.row(at);
		const action = gridAction(event.key, { row, at, total: store.view.total, page: this.page() }) ?? this.typing(event);
		if (!action) return;
		event.preventDefault();
		this.byKeys = true;
		if (action.move !== undefined) this.go(action.move);
		if (!row) return;
		if (action.toggle !== undefined) void this.step((handle) => handle.toggle(row.id, action.toggle === true));
		if (action.parent) void this.up(row);
		if (action.open) this.entered();
	}

	/** To the directory of a row, however far above it lies. @param {FileRow} row */
	async up(row) {
		const first = Math.max(0, this.at - NEAR);
		const near = parentRow(this.store?.known(first, this.at + 1) ?? [], first, this.at);
		const found = near >= 0 ? near : await this.store?.handle.find(parentPath(row.path));
		if (found !== undefined && found >= 0) this.go(found);
	}

	/** @param {KeyboardEvent} event @returns {import("../../views/files/grid-keys.js").Action | undefined} */
	typing(event) {
		if (event.key.length !== 1 || !this.store) return undefined;
		this.typed = event.timeStamp - this.typedAt > TYPING_PAUSE ? event.key : this.typed + event.key;
		this.typedAt = event.timeStamp;
		const first = Math.max(0, this.at - NEAR);
		const rows = this.store.known(first, Math.min(this.store.view.total, Math.max(0, this.at) + NEAR));
		return { move: typedTo(rows, first, Math.max(0, this.at), this.typed) };
	}
}
