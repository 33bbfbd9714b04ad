// Line: Report -> www. `<stow-packages>`: the packages of a list as a table; only the rows in view are drawn.

import { html, nothing } from "lit";
import { count, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { windowIn } from "../../views/window.js";
import { Part, vars } from "../part.js";

/** In pixels: the style sheet's `--package-row`. */
const ROW = 32;
/** How many types are offered as buttons. */
const TYPES = 8;

export class StowPackages extends Part {
	static properties = { table: {}, text: { state: true }, type: { state: true }, top: { state: true } };

	constructor() {
		super();
		/** @type {import("../../types.js").PackageTable | undefined} */
		this.table = undefined;
		this.text = "";
		/** @type {string | undefined} */
		this.type = undefined;
		this.top = 0;
		/** The rows for the last question. @type {[unknown, string, string | undefined, import("../../types.js").Package[]] | undefined} */
		this.asked = undefined;
	}

	/** @returns {import("../../types.js").Package[]} */
	rows() {
		const { table, text, type } = this;
		if (!table) return [];
		if (this.asked?.[0] === table && this.asked[1] === text && this.asked[2] === type) return this.asked[3];
		const rows = table.query(text).filter((row) => type === undefined || row.type === type);
		this.asked = [table, text, type, rows];
		return rows;
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
				${this.types(table)}
				${table.withoutLicence ? html`<span class="note">${t("trust.unlicensed", { n: table.withoutLicence })}</span>` : nothing}
			</div>
			<div class="packages" role="table" tabindex="0" aria-label=${t("trust.packages")} aria-rowcount=${rows.length + 1}
				@scroll=${this.scrolled} ${vars({ "--height": `${height}px` })}>
				<div role="row" class="package head">${["name", "version", "licence", "type", "supplier"].map(
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
			${row.licence ? cell(row.licence) : html`<span role="cell" class="note">${t("trust.nolicence")}</span>`}${cell(row.type)}${cell(row.supplier)}</div>`;
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
