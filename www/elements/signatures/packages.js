// Report -> www. `<stow-packages>`: the packages of a list as a table; only the rows in view are drawn.

import { html, nothing } from "lit";
import { count, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { mark } from "../../views/marks.js";
import { windowIn } from "../../views/window.js";
import { Part, vars } from "../part.js";

/** In pixels: the style sheet's `--package-row`. */
const ROW = 32;
/** The most types that are offered as buttons. */
const TYPES = 8;
const COLUMNS = ["name", "version", "licence", "type", "supplier"];

/** @typedef {import("../../types.js").Package} Package */
/** @typedef {import("../../types.js").HeldPackage} HeldPackage */

export class StowPackages extends Part {
	static properties = {
		table: {},
		held: {},
		text: { state: true },
		type: { state: true },
		differing: { state: true },
		top: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../types.js").PackageTable | undefined} */
		this.table = undefined;
		/** The outcome for the files of each row, if they were held against the image's. @type {(HeldPackage | null)[] | undefined} */
		this.held = undefined;
		this.text = "";
		/** @type {string | undefined} */
		this.type = undefined;
		/** Only packages with files that differ. */
		this.differing = false;
		this.top = 0;
		/** The last question, and the rows for it. @type {unknown[]} */
		this.asked = [];
		/** @type {Package[]} */
		this.found = [];
		/** @type {Map<Package, HeldPackage>} */
		this.fits = new Map();
		/** The number of packages with files that differ. */
		this.wrongs = 0;
	}

	/** @override @param {import("lit").PropertyValues} changed */
	willUpdate(changed) {
		if (changed.has("table")) this.differing = false;
		if (!changed.has("table") && !changed.has("held")) return;
		this.fits = new Map();
		this.held?.forEach((one, at) => {
			const row = this.table?.rows[at];
			if (row && one) this.fits.set(row, one);
		});
		this.wrongs = [...this.fits.values()].filter(({ outcome }) => outcome === "fail").length;
	}

	/** @returns {Package[]} */
	rows() {
		const { table, text, type, differing, fits } = this;
		const asked = [table, text, type, differing, fits];
		if (!table || asked.every((one, at) => one === this.asked[at])) return this.found;
		const isWanted = (/** @type {Package} */ row) =>
			(type === undefined || row.type === type) && (!differing || fits.get(row)?.outcome === "fail");
		[this.asked, this.found] = [asked, table.query(text).filter(isWanted)];
		return this.found;
	}

	render() {
		const { table } = this;
		if (!table) return nothing;
		const rows = this.rows();
		const height = Math.min(rows.length, 16) * ROW + ROW;
		const { first, last, before, after } = windowIn({ count: rows.length, rowHeight: ROW, top: this.top, height });
		return html`<h3>${t("trust.packages")} <span class="note">${t("trust.packages.shown", { n: rows.length, total: table.total })}</span></h3>
			<div class="package-tools">
				<input type="search" .value=${this.text} placeholder=${t("trust.filter")} aria-label=${t("trust.filter")} @input=${this.typed}>
				${this.types(table)}${this.wrong()}
				${table.withoutLicence ? html`<span class="note">${t("trust.unlicensed", { n: table.withoutLicence })}</span>` : nothing}
			</div>
			<div class="packages ${this.fits.size > 0 ? "held" : ""}" role="table" tabindex="0" aria-label=${t("trust.packages")} aria-rowcount=${rows.length + 1}
				@scroll=${this.scrolled} ${vars({ "--height": `${height}px` })}>
				<div role="row" class="package head">${[...COLUMNS, ...(this.fits.size > 0 ? ["layer", "match"] : [])].map(
					(name) => html`<span role="columnheader">${t(`trust.column.${name}`)}</span>`,
				)}</div>
				<div role="presentation" ${vars({ "--blank": `${before}px` })} class="gap"></div>
				${rows.slice(first, last).map((row, at) => this.row(row, first + at))}
				<div role="presentation" ${vars({ "--blank": `${after}px` })} class="gap"></div>
			</div>`;
	}

	/** @param {import("../../types.js").Package} row @param {number} at */
	row(row, at) {
		const cell = (/** @type {string} */ text) =>
			html`<span role="cell" title=${visible(text, 300)}>${visible(text, 200)}</span>`;
		return html`<div role="row" class="package" aria-rowindex=${at + 2}>${cell(row.name)}${cell(row.version)}
			${row.licence ? cell(row.licence) : html`<span role="cell" class="note">${t("trust.nolicence")}</span>`}${cell(row.type)}${cell(row.supplier)}${this.fits.size > 0 ? this.files(this.fits.get(row)) : nothing}</div>`;
	}

	/** The layers that brought the files of a package, and the number of files that match. @param {HeldPackage} [held] */
	files(held) {
		if (!held) return html`<span role="cell"></span><span role="cell"></span>`;
		const { outcome, count: all, fits, differ, absent } = held;
		const layers = held.layers.map((position) => position + 1).join(", ");
		const n = outcome === "fail" ? differ : outcome === "warn" ? absent : fits;
		return html`<span role="cell" title=${layers}>${layers}</span>
			<span role="cell" class="match is-${outcome}">${mark(outcome)} ${t(`trust.match.${outcome}`, { n, all })}</span>`;
	}

	/** The way to the packages whose files differ. */
	wrong() {
		const n = this.wrongs;
		if (n === 0) return nothing;
		const turn = () => {
			this.differing = !this.differing;
			this.top = 0;
		};
		return html`<button type="button" class="differing" aria-pressed=${this.differing} @click=${turn}>${t("trust.differing", { n })}</button>`;
	}

	/** @param {import("../../types.js").PackageTable} table */
	types({ types }) {
		if (types.length < 2) return nothing;
		const button = (/** @type {string | undefined} */ type, /** @type {string} */ label, /** @type {number} */ n) =>
			html`<button type="button" aria-pressed=${this.type === type} @click=${() => this.choose(type)}>${label} <span class="note">${count(n)}</span></button>`;
		const all = types.reduce((sum, [, n]) => sum + n, 0);
		return html`<span class="types" role="group" aria-label=${t("trust.column.type")}>${button(undefined, t("trust.all"), all)}
			${types.slice(0, TYPES).map(([type, n]) => button(type, visible(type, 40) || t("trust.untyped"), n))}</span>`;
	}

	/** @param {string | undefined} type */
	choose(type) {
		this.type = type;
		this.top = 0;
	}

	/** @param {Event} event */
	typed(event) {
		this.text = /** @type {HTMLInputElement} */ (event.currentTarget).value;
		this.top = 0;
	}

	/** @param {Event} event */
	scrolled(event) {
		this.top = /** @type {HTMLElement} */ (event.currentTarget).scrollTop;
	}
}
