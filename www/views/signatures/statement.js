// Report -> www. One statement: its sentence, its subject, and more below.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { visible } from "../../i18n/format.js";
import { reasonWords } from "../../i18n/reasons.js";
import { has, t } from "../../i18n/strings.js";
import { checkText } from "../core-words.js";
import { mark } from "../marks.js";

/**
 * @typedef {import("../../types.js").ReadStatement} ReadStatement
 * @typedef {import("../../types.js").Outcome} Outcome
 */

/**
 * @param {ReadStatement} statement
 * @param {{ outcome: Outcome, about: string, isOpen: boolean, isSigned: boolean, held?: import("../../types.js").HeldFiles }} how
 *   `outcome`: of its signature; `held`: what came of its files
 */
export function statementView(statement, { outcome, about, isOpen, isSigned, held }) {
	const doubtful = statement.checks.filter((check) => check.outcome === "fail" || check.outcome === "warn");
	const apart = statement.checks.filter(isApart);
	const worst = doubtful.some((check) => check.outcome === "fail") ? "fail" : outcome;
	const open = (/** @type {Event} */ event) => emit(event.currentTarget, "stow-packages", { id: statement.node });
	return html`<li class="statement is-${worst}">
		<div class="head"><h3>${mark(worst)} ${t(`trust.form.${statement.form}`)} <span class="note">${about}</span></h3>
			${
				statement.packages
					? html`<button type="button" aria-expanded=${isOpen} @click=${open}>${t(isOpen ? "trust.close" : "trust.open")}</button>`
					: nothing
			}</div>
		<p class="sentence">${sentence(statement)}</p>
		${files(statement, held)}
		${!isSigned ? html`<p class="note">${t("trust.unsigned")}</p>` : nothing}
		${doubtful.map((check) => html`<p class="wrong">${mark(check.outcome)} ${checkText(check)}</p>`)}
		${apart.map((check) => html`<p class="note">${mark(check.outcome)} ${checkText(check)}</p>`)}
		${facts(statement)}
	</li>`;
}

/** True if the certificate agrees, or if its subject could not be compared, and an image is here. @param {import("../../types.js").Check} check */
const isApart = ({ id, outcome, reason }) =>
	reason === "provenance-certified" ||
	(id === "signed-subject" && outcome === "not-checked" && reason !== "statement-alone");

/** The hashes of files in a list: what came of them, or the way to it. @param {ReadStatement} statement @param {import("../../types.js").HeldFiles} [held] */
function files({ node, packages }, held) {
	const listed = packages?.files ?? [];
	if (held)
		return html`<p class="held ${held.outcome === "fail" ? "wrong" : ""}">${mark(held.outcome)} ${reasonWords(held.said) ?? held.said.message}
			${held.examples.map((path) => html`<code>${visible(path, 200)}</code> `)}</p>`;
	if (listed.length === 0) return nothing;
	const ask = (/** @type {Event} */ event) =>
		emit(event.currentTarget, "stow-hold", { id: node, files: listed, packages: packages?.rows });
	return html`<p><button type="button" @click=${ask}>${t("trust.hold", { n: new Set(listed.map(([path]) => path)).size })}</button></p>`;
}

/** @param {ReadStatement} statement */
function sentence({ said, sentence: own }) {
	const words = reasonWords(said);
	const text = words ? words.charAt(0).toUpperCase() + words.slice(1) : own;
	return visible(text, 2000);
}

/** @param {ReadStatement} statement */
function facts({ facts: all }) {
	if (all.length === 0) return nothing;
	return html`<details><summary>${t("trust.facts", { n: all.length })}</summary><dl class="facts">${all.map(
		({ name, value }) => html`<dt>${has(`trust.fact.${name}`) ? t(`trust.fact.${name}`) : name}</dt>
		<dd>${name === "dockerfile" ? html`<pre>${visible(value, 20_000)}</pre>` : html`<code>${visible(value, 2000)}</code>`}</dd>`,
	)}</dl></details>`;
}
