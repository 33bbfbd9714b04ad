// FilesHandle -> www. `<stow-files>`: the files of the image or of a layer: the filter, the tree table, all about one file.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { has, t } from "../../i18n/strings.js";
import { asked, fileDetail } from "../../views/files/detail.js";
import { exportBar } from "../../views/files/export-bar.js";
import { hasContent } from "../../views/files/file-text.js";
import { filterBar } from "../../views/files/filter.js";
import { everything, patternFault, queryOf } from "../../views/files/query.js";
import { RowStore } from "../../views/files/store.js";
import { emit, Part } from "../part.js";

/**
 * @typedef {import("../../views/files/contract.js").FileRow} FileRow
 * @typedef {import("../../views/files/contract.js").FilesView} FilesView
 * @typedef {import("../../views/files/contract.js").FilesHandle} FilesHandle
 */

/** Milliseconds before a pattern that is being typed is asked for, and before the row that is passed is read up. */
const TYPING = 200;
const PASSING = 80;

/** `<stow-files .handle .layers .selected=${path}>`; `selected` is a path to go to. */
export class StowFiles extends Part {
	static properties = {
		handle: {},
		layers: {},
		selected: {},
		text: {},
		bare: {},
		filter: { state: true },
		detail: { state: true },
		counts: { state: true },
		fault: { state: true },
	};

	constructor() {
		super();
		/** @type {FilesHandle | undefined} */
		this.handle = undefined;
		/** @type {import("../../views/files/contract.js").LayerRef[]} */
		this.layers = [];
		/** @type {string | undefined} */
		this.selected = undefined;
		/** The first filter of the paths, by the address. @type {string | undefined} */
		this.text = undefined;
		/** True if nothing of it can be saved as a tar. */
		this.bare = false;
		/** @type {import("../../views/files/query.js").Filter} */
		this.filter = everything();
		/** @type {import("../../views/files/contract.js").FileDetail | undefined} */
		this.detail = undefined;
		/** @type {Map<string, number>} */
		this.counts = new Map();
		this.fault = "";
		/** @type {RowStore | undefined} */
		this.store = undefined;
		this.known = "";
		/** @type {FileRow | undefined} */
		this.row = undefined;
		/** @type {Record<string, ReturnType<typeof setTimeout>>} */
		this.timers = {};
		this.addEventListener("stow-file-row", (event) => this.chosen(/** @type {CustomEvent} */ (event).detail.row));
		this.addEventListener("stow-file-enter", (event) => this.entered(/** @type {CustomEvent} */ (event).detail.row));
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const renewed = changed.has("handle");
		if (changed.has("text") && (this.text ?? "") !== this.filter.text) {
			this.filter = { ...this.filter, text: this.text ?? "" };
			if (!renewed && this.store) void this.ask();
		}
		const known = (this.handle?.layers ?? []).map(({ position }) => position).join();
		if (renewed) {
			if (this.store) this.store.closed = true;
			this.store = this.handle && new RowStore(this.handle, () => this.redraw());
		}
		if (this.store && (renewed || known !== this.known)) {
			void this.ask();
			void this.countFindings(this.store);
		}
		this.known = known;
		const isOther = this.selected !== undefined && this.selected !== this.row?.path;
		if (isOther && (renewed || changed.has("selected"))) void this.reveal(/** @type {string} */ (this.selected));
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		for (const timer of Object.values(this.timers)) clearTimeout(timer);
	}

	redraw() {
		this.requestUpdate();
		this.rows()?.requestUpdate();
	}

	rows() {
		return /** @type {import("./file-rows.js").StowFileRows | null} */ (this.querySelector("stow-file-rows"));
	}

	render() {
		const { store, layers, filter, counts, fault } = this;
		if (!store) return html`<p class="note">${t("files.loading")}</p>`;
		const read = new Set(store.handle.layers.map(({ position }) => position));
		if (read.size === 0) return html`<p class="note">${t("files.noLayers")}</p>`;
		return html`${read.size < layers.length ? html`<p class="note">${t("files.partial", { n: read.size, all: layers.length })}</p>` : nothing}
			${filterBar({ filter, layers, read, findings: counts, fault, set: this.set.bind(this), openAll: this.openAll.bind(this) })}
			<stow-file-rows .store=${store} .step=${this.step.bind(this)}></stow-file-rows>
			<p class="note" aria-live="polite">${status(store)}</p>
			${this.bare ? nothing : exportBar({ filter, layers, matched: store.view.matched, read })}
			${fileDetail(this.detail, layers, this.bare ? "all" : filter.view)}`;
	}

	/** @param {boolean} open */
	async openAll(open) {
		if (await this.step((handle) => handle.openAll(open))) this.rows()?.reset();
	}

	/** @param {Partial<import("../../views/files/query.js").Filter>} change */
	set(change) {
		this.filter = { ...this.filter, ...change };
		if (change.text !== undefined) emit(this, "stow-place", { filter: change.text || undefined });
		this.later("pattern", () => this.ask(), change.text ? TYPING : 0);
	}

	/** @param {string} what @param {() => unknown} act @param {number} milliseconds */
	later(what, act, milliseconds) {
		clearTimeout(this.timers[what]);
		this.timers[what] = setTimeout(act, milliseconds);
	}

	/** Asks for the list anew; what is wrong with the pattern stands beside it, and the list stays. */
	async ask() {
		const wrong = patternFault(this.filter);
		this.fault = wrong ? t(`files.pattern.${wrong.key}`, { ...wrong }) : "";
		if (wrong) return;
		const question = queryOf(this.filter);
		const view = await this.step((handle) => handle.query(question), true);
		if (view) this.rows()?.reset();
	}

	/**
	 * Changes what is visible; a failure is shown, and the list stays as it is.
	 * @param {(handle: FilesHandle) => Promise<FilesView>} action @param {boolean} [fromTop]
	 */
	async step(action, fromTop = false) {
		const inView = () => (fromTop ? undefined : this.rows()?.inView()) ?? { first: 0, last: 60 };
		try {
			return await this.store?.step(action, inView);
		} catch (error) {
			const { code = "", message = "" } = /** @type {{ code?: string, message?: string }} */ (error ?? {});
			const known = has(`files.error.${code}`);
			this.fault = known ? t(`files.error.${code}`) : t("files.failed", { why: visible(message, 300) });
			return undefined;
		}
	}

	/** Goes to a path; what filters it out is taken off. @param {string} path */
	async reveal(path) {
		await this.updateComplete;
		if (await this.rows()?.reveal(path)) return;
		this.filter = { ...everything(), view: "all" };
		await this.ask();
		if (!(await this.rows()?.reveal(path))) emit(this, "stow-say", { text: t("files.none") });
	}

	/** @param {FileRow | undefined} row */
	chosen(row) {
		this.row = row;
		this.later("row", () => this.readUp(row), PASSING);
	}

	/** @param {FileRow | undefined} row */
	async readUp(row) {
		const detail = row && (await this.handle?.detail(row.id).catch(() => undefined));
		if (row !== this.row) return;
		this.detail = detail;
		if (row && row.path !== this.selected) emit(this, "stow-place", { file: row.path, keys: this.rows()?.byKeys });
	}

	/** @param {FileRow} row */
	entered(row) {
		if (hasContent(row)) emit(this, "stow-open-file", asked(row, this.layers));
	}

	/** @param {RowStore} store */
	async countFindings(store) {
		const all = await store.handle.findings().catch(() => []);
		if (store !== this.store) return;
		const counts = new Map();
		for (const { id } of all) counts.set(id, (counts.get(id) ?? 0) + 1);
		this.counts = counts;
	}
}

/** @param {RowStore} store */
function status({ view, busy, failure }) {
	if (failure) return t("files.failed", { why: visible(/** @type {Error} */ (failure).message, 300) });
	if (view.total === 0) return t(busy ? "files.loading" : "files.none");
	return t("files.matched", { n: view.matched, all: view.entries });
}
