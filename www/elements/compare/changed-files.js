// Line: Comparison -> www. `<stow-changed-files .files .rows .texts>`: the files that differ, by growth or as a tree with sums on both sides.

import { html, nothing } from "lit";
import { count, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { countsOf, signed } from "../../views/compare/compare-cost.js";
import { emit, Part } from "../part.js";

/**
 * @typedef {import("../../engine/compare/compare-images.js").ComparedRow} ComparedRow
 * @typedef {import("../../engine/compare/compare-images.js").ComparedFilesHandle} Files
 * @typedef {Awaited<ReturnType<Files["tree"]>>[number]} TreeRow
 */

/** How many rows come at a time. */
const PAGE = 200;
/** How many rows are drawn at most: what is beyond is found by its path. */
const MOST = 5000;
/** How long typing rests, in milliseconds. */
const REST = 120;

/** Shape beside the colour. @type {Record<string, string>} */
const SIGNS = { added: "+", removed: "−", changed: "~", renamed: "→", same: "" };

export class StowChangedFiles extends Part {
	static properties = {
		files: {},
		rows: {},
		texts: {},
		order: { state: true },
		path: { state: true },
		total: { state: true },
		shown: { state: true },
		tree: { state: true },
	};

	constructor() {
		super();
		/** @type {Files | undefined} */
		this.files = undefined;
		/** The first rows, which came with the comparison. @type {ComparedRow[]} */
		this.rows = [];
		/** Whether the text of a file can be read on both sides. */
		this.texts = false;
		/** @type {"growth" | "tree"} */
		this.order = "growth";
		this.path = "";
		/** How many rows there are. @type {number | undefined} */
		this.total = undefined;
		/** @type {ComparedRow[] | undefined} */
		this.shown = undefined;
		/** What is in each directory that is open. @type {Map<string, TreeRow[]>} */
		this.tree = new Map();
		this.turn = 0;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("files")) return;
		Object.assign(this, { order: "growth", path: "", total: undefined, shown: undefined, tree: new Map() });
		void this.ask();
	}

	/** Asks for so many rows; a newer question makes an older one void. @param {number} [most] */
	async ask(most = PAGE) {
		const { files } = this;
		const turn = ++this.turn;
		const query = { ignoreTimes: true, ...(this.path && { path: this.path }) };
		const answer = await Promise.all([files?.count(query), files?.rows({ ...query, to: most })]).catch(() => []);
		if (turn === this.turn && answer[1]) [this.total, this.shown] = answer;
	}

	/** @param {string} path */
	async toggle(path) {
		const { files } = this;
		const closed = new Map(this.tree);
		if (closed.delete(path)) {
			this.tree = closed;
			return;
		}
		const rows = await files?.tree(path, PAGE + 1).catch(() => undefined);
		// Others may have been opened meanwhile, or another comparison.
		if (rows && files === this.files) this.tree = new Map(this.tree).set(path, rows);
	}

	render() {
		const { order } = this;
		const choice = (/** @type {"growth" | "tree"} */ one) =>
			html`<button type="button" aria-pressed=${order === one} @click=${() => {
				this.order = one;
				if (one === "tree" && !this.tree.has("")) void this.toggle("");
			}}>${t(`compare.order.${one}`)}</button>`;
		const typed = (/** @type {Event} */ { currentTarget }) => {
			this.path = /** @type {HTMLInputElement} */ (currentTarget).value.trim();
			const mine = ++this.turn;
			setTimeout(() => mine === this.turn && this.ask(), REST);
		};
		return html`<div class="compare-files-bar"><div role="group" aria-label=${t("compare.order")} class="switch">${choice("growth")}${choice("tree")}</div>
			${order === "growth" ? html`<input type="search" .value=${this.path} aria-label=${t("compare.filter")} placeholder=${t("compare.filter")} spellcheck="false" autocomplete="off" autocapitalize="off" @input=${typed}>` : nothing}</div>
			<div class="scroll" tabindex="0" role="group" aria-label=${t("compare.files")}><table class="list"><thead><tr><td></td><th scope="col">${t("compare.path")}</th>
				<th scope="col" class="number">${t("compare.before")}</th><th scope="col" class="number">${t("compare.after")}</th><th scope="col" class="number">${t("compare.growth")}</th></tr></thead>
			<tbody>${order === "growth" ? (this.shown ?? this.rows).map((one) => this.row(one)) : this.branch("", 0)}</tbody></table></div>
			${order === "growth" ? this.more() : nothing}`;
	}

	more() {
		const { total, shown } = this;
		if (total === undefined || !shown) return nothing;
		if (total === 0) return html`<p class="note" role="status">${t("compare.files.none")}</p>`;
		if (shown.length >= total) return nothing;
		const next = Math.min(MOST, shown.length + PAGE);
		return html`<p><span class="note" role="status">${t("compare.files.shown", { n: shown.length, of: count(total) })}</span>
			${shown.length < MOST ? html`<button type="button" @click=${() => this.ask(next)}>${t("compare.files.more")}</button>` : nothing}</p>`;
	}

	/** @param {string} state */
	sign(state) {
		if (state === "same") return nothing;
		const words = t(`compare.state.${state}`);
		return html`<span class="sign" title=${words}>${SIGNS[state]}<span class="sr">${words}</span></span>`;
	}

	/** @param {ComparedRow} one */
	row(one) {
		const { path, state, from, what, kind, a, b, sizeA, sizeB, growth } = one;
		const hasText = this.texts && kind === "file" && what.includes("content") && a && b;
		return html`<tr class="is-${state}"><td>${this.sign(state)}</td>
			<th scope="row"><code>${visible(path, 300)}</code>${from ? html`<br><span class="note">${t("compare.from", { path: visible(from, 300) })}</span>` : nothing}
				${what.length > 0 ? html`<br><span class="note">${what.map((one) => t(`compare.what.${one}`)).join(", ")}</span>` : nothing}
				${hasText ? html` <button type="button" class="quiet" @click=${() => emit(this, "stow-compare-text", one)}>${t("compare.diff")}</button>` : nothing}</th>
			<td class="number">${sizeA === undefined ? "" : size(sizeA)}</td><td class="number">${sizeB === undefined ? "" : size(sizeB)}</td>
			<td class="number"><strong>${signed(growth)}</strong></td></tr>`;
	}

	/** What is in a directory, each with the sums of what is below it. @param {string} path @param {number} depth @returns {unknown} */
	branch(path, depth) {
		const rows = this.tree.get(path) ?? [];
		const drawn = rows.slice(0, PAGE);
		return html`${drawn.map((one) => this.twig(one, depth))}${
			rows.length > drawn.length
				? html`<tr><td></td><td colspan="4" class="note">${t("compare.files.first", { n: drawn.length })}</td></tr>`
				: nothing
		}`;
	}

	/** @param {TreeRow} one @param {number} depth @returns {unknown} */
	twig({ name, path, state, sizeA, sizeB, growth, added, removed, changed, children }, depth) {
		const open = this.tree.has(path);
		const named = html`<code>${visible(name, 200)}${children ? "/" : ""}</code>`;
		return html`<tr class="is-${state}"><td>${this.sign(state)}</td>
			<th scope="row" data-depth=${Math.min(depth, 12)}>${children ? html`<button type="button" class="twig" aria-expanded=${open} @click=${() => this.toggle(path)}>${named}</button>` : named}
				${children ? html`<span class="note">${countsOf({ added, removed, changed })}</span>` : nothing}</th>
			<td class="number">${size(sizeA)}</td><td class="number">${size(sizeB)}</td><td class="number"><strong>${signed(growth)}</strong></td></tr>
			${children && open ? this.branch(path, depth + 1) : nothing}`;
	}
}
