// Report -> www/plan. Proves the signer that the page's author requires in the reader's own browser; a wrong one is loud.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { coded } from "../lib/coded.js";
import { checkText } from "../views/core-words.js";
import { mark } from "../views/marks.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Check} Check
 * @typedef {object} Named
 * @property {string} identity of the signer
 * @property {string} issuer who vouches for it
 * @property {string} repository of GitHub, `owner/name`: any of its workflows
 * @property {string} key the address of a public key (PEM), or the key itself
 */

/** True if the page's author names a signer. @param {Named} wish */
export const namesSigner = ({ identity, issuer, repository, key }) => !!(identity || issuer || repository || key);

/**
 * The report with its signatures judged. Without a signature of the named signer the check `policy` of the image fails.
 * @param {Report} report @param {Named} wish
 * @param {{ proxy?: string, signal: AbortSignal }} options
 * @param {Pick<typeof import("../engine/beside.js"), "referrers" | "verifySignatures">} api
 * @returns {Promise<Report>}
 */
export async function withSigner(report, wish, { proxy, signal }, { referrers, verifySignatures }) {
	const { identity, issuer, repository, key } = wish;
	const keys = key ? [await pem(key, signal)] : undefined;
	const named = { repository, san: identity, issuer };
	const identities = identity || issuer || repository ? [named] : undefined;
	// A page that names a signer wants it to be asked for, also if pulls are counted.
	const found = await referrers(report, { proxy, all: true, signal });
	return verifySignatures(found, { identities, keys, require: 1, signal });
}

/** The largest key that is read, in characters. */
const LARGEST = 32 * 1024;

/** @param {string} key @param {AbortSignal} signal */
async function pem(key, signal) {
	if (key.includes("-----BEGIN")) return key;
	const answer = await fetch(key, { signal, credentials: "same-origin" }).catch(() => undefined);
	const text = answer?.ok ? await answer.text() : "";
	if (text && text.length <= LARGEST) return text;
	throw coded("key-invalid", "the public key that the page names could not be fetched");
}

/**
 * One line: who signed, and whether that is whom the page names; else which part differs.
 * @param {Report} report
 */
export function signerLine(report) {
	const { trust } = report;
	if (!trust) return nothing;
	const signed = report.nodes.filter(({ proof }) => proof);
	const policy = report.nodes.flatMap(({ checks }) => checks).find(({ id }) => id === "policy");
	const good = signed.find(({ proof }) => proof?.named);
	if (policy?.outcome === "pass" && good?.proof?.signer) {
		const { identity, key } = good.proof.signer;
		const only = trust.only && line("warn", t("plan.signer.only", { platform: visible(trust.only, 100) }));
		return html`${line("pass", t("plan.signer.pass", { who: visible(identity ?? key ?? "", 300) }))}${only || nothing}`;
	}
	if (signed.length === 0) return line("fail", t("plan.signer.none"));
	const [node, check] = differing(signed);
	if (!node || !check) return line("not-checked", t("plan.signer.open"));
	return html`${line("fail", t("plan.signer.fail"))}<p>${checkText(check)}</p>${parts(check)}`;
}

/** The signature that comes nearest, and what is wrong with it. @param {Node[]} signed @returns {[Node?, Check?]} */
function differing(signed) {
	const failed = (/** @type {Node} */ { checks }) => checks.filter(({ outcome }) => outcome === "fail");
	const wrong = signed.filter((node) => failed(node).length > 0).sort((a, b) => failed(a).length - failed(b).length);
	const node =
		wrong.find(({ checks }) => checks.some(({ id, outcome }) => id === "identity" && outcome === "fail")) ?? wrong[0];
	const checks = node ? failed(node) : [];
	return [node, checks.find(({ id }) => id === "identity") ?? checks[0]];
}

/** @param {Check} check */
function parts({ expected, actual }) {
	if (expected === null || actual === null) return nothing;
	return html`<dl class="values"><dt>${t("plan.signer.expected")}</dt><dd><code>${visible(expected, 500)}</code></dd>
		<dt>${t("plan.signer.actual")}</dt><dd><code>${visible(actual, 500)}</code></dd></dl>`;
}

/** @param {import("../types.js").Outcome} outcome @param {string} words */
const line = (outcome, words) =>
	html`<p class="signer is-${outcome}" part="signer">${mark(outcome)} <span>${words}</span></p>`;
