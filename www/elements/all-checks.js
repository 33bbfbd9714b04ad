// Report -> www. `<stow-all-checks .model=…>`: every check of a report in one list, failed first, with a filter.

import { html, nothing } from "lit";

import { first, t } from "../i18n/strings.js";
import { checkRow } from "../views/checks.js";
import { checkWords } from "../views/core-words.js";
import { nameInSentence } from "../views/headline.js";
import { emit, Part } from "./part.js";

/**
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ node: Node, check: Check }} Row
 */

export const OUTCOMES = /** @type {const} */ (["all", "fail", "warn", "not-checked"]);
/** The number of rows that are drawn, and that each wish adds. */
const STEP = 200;
/** Groups with the worst first. */
const ORDER = { fail: 0, warn: 1, "not-checked": 2, pass: 3 };

export class StowAllChecks extends Part {
	static properties = { model: {}, outcome: {}, text: { state: true }, chosen: { state: true }, most: { state: true } };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** The outcomes that are listed at first. @type {string | undefined} */
		this.outcome = undefined;
		this.text = "";
		/** @type {string} */
		this.chosen = "all";
		this.most = STEP;
		/** On paper all are listed. */
		this.onPaper = () => {
			this.most = Number.POSITIVE_INFINITY;
			this.performUpdate();
		};
	}

	connectedCallback() {
		super.connectedCallback();
		addEventListener("beforeprint", this.onPaper);
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		removeEventListener("beforeprint", this.onPaper);
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("outcome") && this.outcome) this.chosen = this.outcome;
		if (changed.has("text") || changed.has("chosen")) this.most = STEP;
	}

	render() {
		const { model } = this;
		if (!model) return nothing;
		const all = model.report.nodes.flatMap((node) => node.checks.map((check) => ({ node, check })));
		const words = this.text.trim().toLowerCase();
		const named = words ? all.filter((row) => haystack(row).includes(words)) : all;
		const kept = this.chosen === "all" ? named : named.filter(({ check }) => check.outcome === this.chosen);
		const sorted = this.chosen === "all" ? ordered(kept) : kept;
		return html`<div class="checks-bar" role="search" aria-label=${t("checks.filter")}>
			<input type="search" .value=${this.text} aria-label=${t("checks.filter")} placeholder=${t("checks.filter")} spellcheck="false" autocomplete="off"
				@input=${(/** @type {Event} */ event) => {
					this.text = /** @type {HTMLInputElement} */ (event.currentTarget).value;
				}}>
			<div class="switch" role="group" aria-label=${t("checks.outcome")}>${OUTCOMES.map((one) => this.segment(one, named))}</div></div>
			${sorted.length === 0 ? html`<p class="note">${t("checks.none")}</p>` : this.list(sorted.slice(0, this.most))}
			${
				sorted.length > this.most
					? html`<p><button type="button" class="quiet" @click=${() => {
							this.most += STEP;
						}}>${t("checks.more", { n: sorted.length - this.most })}</button></p>`
					: nothing
			}`;
	}

	/** @param {string} one @param {Row[]} rows */
	segment(one, rows) {
		const n = one === "all" ? rows.length : rows.filter(({ check }) => check.outcome === one).length;
		return html`<button type="button" aria-pressed=${this.chosen === one} @click=${() => {
			this.chosen = one;
		}}>${t(`checks.${one}`)} <span class="pill">${n}</span></button>`;
	}

	/** A heading for each node, its checks below. @param {Row[]} rows */
	list(rows) {
		return html`<ul class="checks all-checks">${rows.map(
			({ node, check }, at) =>
				html`${
					rows[at - 1]?.node === node
						? nothing
						: html`<li class="check-node"><h3><button type="button" class="link" @click=${() => emit(this, "stow-goto", { id: node.id, pane: "checks" })}>${nameInSentence(node)}</button></h3></li>`
				}${checkRow(check)}`,
		)}</ul>`;
	}
}

/** Nodes with a failure first, then those with a warning; each keeps its checks together. @param {Row[]} rows */
function ordered(rows) {
	/** @type {Map<Node, number>} */
	const worst = new Map();
	for (const { node, check } of rows)
		worst.set(node, Math.min(worst.get(node) ?? 3, ORDER[check.outcome] > 1 ? 3 : ORDER[check.outcome]));
	return rows
		.map((row, at) => ({ row, at }))
		.sort((a, b) => {
			const [one, other] = [worst.get(a.row.node) ?? 3, worst.get(b.row.node) ?? 3];
			if (one !== other) return one - other;
			if (a.row.node !== b.row.node) return a.at - b.at;
			return ORDER[a.row.check.outcome] - ORDER[b.row.check.outcome] || a.at - b.at;
		})
		.map(({ row }) => row);
}

/** @param {Row} row */
const haystack = ({ node, check }) =>
	[
		first(`check.${check.id}`, check.id),
		check.id,
		nameInSentence(node),
		checkWords(check),
		check.expected,
		check.actual,
	]
		.join(" ")
		.toLowerCase();
