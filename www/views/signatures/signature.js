// Report -> www. One signature: the signer, the time and its source, the log, the trusted root, its checks folded.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { shortDigest, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { checkText } from "../core-words.js";
import { mark } from "../marks.js";

/**
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").Check} Check
 * @typedef {import("../../types.js").Outcome} Outcome
 * @typedef {{ node: Node, about: string, command?: string, also?: unknown }} Shown `about`: what the image is called
 */

/** @param {Node} node @returns {Outcome} */
export const outcomeOfProof = ({ proof }) =>
	proof?.good ? "pass" : proof?.verdict === "failed" ? "fail" : "not-checked";

/** @param {Shown} shown */
export function signature({ node, about, command, also }) {
	const { proof } = node;
	if (!proof) return nothing;
	const outcome = outcomeOfProof(node);
	const { signer, times } = proof;
	const wrong = node.checks.find((check) => check.outcome === "fail");
	const open = node.checks.find((check) => check.outcome === "not-checked" && check.id !== "identity");
	const told = wrong ?? (proof.good ? undefined : open);
	const doubtful = node.checks.filter((check) => check.outcome === "warn" && check.id !== "trust-root");
	return html`<li class="signature is-${outcome}">
		<div class="head"><h3>${mark(outcome)} ${t(`trust.signature.${outcome}`)} <span class="note">${about}</span></h3>
			${buttons(node)}</div>
		${told ? html`<p class="wrong">${checkText(told)}</p>` : nothing}
		${both(wrong)}${doubtful.map((check) => html`<p class="note doubtful">${mark("warn")} ${checkText(check)}</p>`)}
		<dl>
			${row("who", signer?.identity ?? (signer?.key ? t("trust.key", { key: shortDigest(signer.key) }) : undefined), true)}
			${row("issuer", signer?.issuer && issuerName(signer.issuer))}
			${times.map((time) => row("when", t(`trust.when.${time.by}`, { time: moment(time.time), name: time.name ?? t("trust.unnamed") })))}
			${(signer?.claims ?? []).map(([name, value]) => html`<dt>${t(`trust.claim.${name}`)}</dt><dd><code>${visible(value, 500)}</code></dd>`)}
			${row("log", wordsOf(node, "log-inclusion"))}
			${row("root", wordsOf(node, "trust-root"))}
		</dl>
		${also ?? nothing}
		${command ? html`<div class="command"><code>${visible(command, 2000)}</code><stow-copy .text=${command} what=${t("trust.copy")}></stow-copy></div>` : nothing}
		<details><summary>${t("trust.checks", { n: node.checks.length })}</summary><stow-checks .node=${node}></stow-checks></details>
	</li>`;
}

/** The difference: both values of the check that failed. @param {Check | undefined} check */
function both(check) {
	if (!check || check.expected === null || check.actual === null) return nothing;
	return html`<dl class="differs"><dt>${t("trust.expected")}</dt><dd><code>${visible(check.expected, 500)}</code></dd>
		<dt>${t("trust.actual")}</dt><dd><code>${visible(check.actual, 500)}</code></dd></dl>`;
}

/** @param {Node} node */
function buttons({ proof }) {
	const { signer, good, named } = proof ?? {};
	if (!good || !signer?.identity) return nothing;
	const identity = { san: signer.identity, issuer: signer.issuer };
	return named
		? html`<span class="named">${t("trust.named")}</span>`
		: html`<button type="button" class="name-signer" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-sign", { identities: [identity], again: true })}>${t("trust.this")}</button>`;
}

/** @param {string} name @param {unknown} value @param {boolean} [code] */
function row(name, value, code = false) {
	if (!value) return nothing;
	const shown = typeof value === "string" ? visible(value, 600) : value;
	return html`<dt>${t(`trust.${name}`)}</dt><dd>${code ? html`<code>${shown}</code>` : shown}</dd>`;
}

/** @param {Node} node @param {string} id */
function wordsOf({ checks }, id) {
	const check = checks.find((one) => one.id === id);
	return check && checkText(check, 400);
}

/** The issuers that most signers have. @type {Record<string, string>} */
const ISSUERS = {
	"https://token.actions.githubusercontent.com": "GitHub Actions",
	"https://github.com/login/oauth": "GitHub",
	"https://accounts.google.com": "Google",
	"https://gitlab.com": "GitLab",
	"https://login.microsoftonline.com": "Microsoft",
};

/** @param {string} issuer */
export const issuerName = (issuer) => (ISSUERS[issuer] ? `${ISSUERS[issuer]} (${issuer})` : issuer);

/** `2026-11-03 10:14:07 UTC` @param {string} time RFC 3339 */
export const moment = (time) => time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, "$1 $2 UTC");
