// Report -> www. The rows of the facts block: missing layers, warnings by name, the pin; each with one quiet action.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { isLeaf } from "../engine/layers/leaf.js";
import { visible } from "../i18n/format.js";
import { first, has, listed, t } from "../i18n/strings.js";
import { pinLine, referenceParts } from "../model/model.js";
import { checkText } from "./core-words.js";
import { nameInSentence, nameWithin } from "./headline.js";
import { mark } from "./marks.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Check} Check
 */

/** The most warnings that are named; the others are in the list of all checks. */
const NAMED = 4;

/** @param {Model} model */
export function factRows(model) {
	return html`${second(model)}${stopped(model)}${unread(model)}${warnings(model)}${pinned(model)}${signed(model)}${absent(model)}${others(model)}`;
}

/** @param {import("./marks.js").Mark} shape @param {unknown} words @param {unknown} [action] */
const row = (shape, words, action = nothing) =>
	html`<div class="fact-row">${mark(shape)}<p>${words}</p>${action}</div>`;

/** @param {string} key @param {string} event @param {object} detail */
const quiet = (key, event, detail) =>
	html`<button type="button" class="quiet" @click=${(/** @type {Event} */ at) => emit(at.currentTarget, event, detail)}>${t(key)}</button>`;

/** The facts that hold beside a failure. @param {Model} model */
function second(model) {
	const { consistent, layers } = model.report.summary.facts ?? {};
	if (!model.firstFailure() || !consistent) return nothing;
	const counts = layers?.of ? t("facts.layers", { n: layers.verified, all: layers.of }) : "";
	return row("pass", `${t("facts.consistent")} ${counts}`);
}

/** The layers that a limit of ours stopped, with the way past it if there is one. @param {Model} model */
function stopped(model) {
	const found = model.own.flatMap((node) => {
		const check = node.checks.find(({ id, outcome }) => id === "limits" && outcome === "not-checked");
		return check ? [{ node, check }] : [];
	});
	return found.slice(0, NAMED).map(({ node, check }) => {
		const words = html`<strong>${t("facts.stopped", { name: nameInSentence(node) })}</strong> ${checkText(check, 300)}`;
		const opensAnew = node.parent === null && model.given.files;
		const action =
			check.reason === "cap-reached" && (opensAnew || (isLeaf(node) && model.reaches(node)))
				? quiet("layers.raise", "stow-layers", { layers: [node.id], raised: true })
				: quiet("facts.show", "stow-goto", { id: node.id, pane: "checks", check: check.id });
		return row("not-checked", words, action);
	});
}

/** Reasons of the core for a layer that was not asked for. */
const NOT_ASKED = new Set(["not-downloaded", "many-entries", "pulls-counted", "named-by-another"]);

/** Layers that were asked for and did not come. @param {Model} model */
function unread(model) {
	const found = model.leaves(model.chosen()).flatMap((node) => {
		const check = node.checks.find(({ outcome, id }) => outcome === "not-checked" && id === "digest");
		const failed = !node.read && model.reaches(node) && check && !NOT_ASKED.has(check.reason ?? "");
		return failed ? [{ node, check }] : [];
	});
	return found.slice(0, NAMED).map(({ node, check }) => {
		const words = html`<strong>${t("facts.unread", { name: nameInSentence(node) })}</strong> ${checkText(check, 300)}`;
		return row("not-checked", words, quiet("error.retry", "stow-layers", { layers: [node.id] }));
	});
}

/** @param {Model} model */
function warnings(model) {
	const all = model.own.flatMap((node) => grouped(node));
	return html`${all
		.slice(0, NAMED)
		.map(({ node, check, words }) =>
			row("warn", words, quiet("facts.show", "stow-goto", { id: node.id, pane: "checks", check: check.id })),
		)}${all.length > NAMED ? row("warn", t("facts.more", { n: all.length - NAMED }), quiet("facts.show", "stow-goto", { tab: "checks", outcome: "warn" })) : nothing}`;
}

/** The number of an image's warnings. @param {Model} model */
export const warningsIn = (model) =>
	model.own.reduce((sum, node) => {
		const { secrets, rest } = warnedOf(node);
		return sum + rest.length + Math.min(1, secrets.length);
	}, 0);

/** The checks of a node that warn: the secrets of one document are one warning, each other check is its own. @param {Node} node */
function warnedOf(node) {
	const warned = node.checks.filter(({ outcome }) => outcome === "warn");
	const secrets = warned.filter(({ id }) => id === "secret");
	return { secrets, rest: warned.filter(({ id }) => id !== "secret") };
}

/** @param {Node} node */
function grouped(node) {
	const { secrets, rest } = warnedOf(node);
	const [check] = secrets;
	const name = nameWithin(node);
	const one = rest.map((check) => ({
		node,
		check,
		words: html`<strong>${t("facts.warned", { check: first(`warned.${check.id}`, `check.${check.id}`, check.id), name })}</strong> ${checkText(check, 240)}`,
	}));
	if (!check) return one;
	const title = t(`facts.secret.${node.kind === "config" ? "config" : "other"}`, { n: secrets.length, name });
	return [
		{ node, check, words: html`<strong>${title}</strong> ${visible(listed(secrets.map(secretName)), 200)}` },
		...one,
	];
}

/** `DB_PASSWORD`, or what it looks like. @param {Check} check */
function secretName({ params = {}, path = "" }) {
	if (typeof params.name === "string") return params.name;
	const form = `core.param.form.${params.form}`;
	return has(form) ? t(form) : path;
}

/** @param {Model} model */
function pinned(model) {
	const { pinned: isPinned } = model.report.summary.facts ?? {};
	const { reference } = model.report.source;
	const line = pinLine(model);
	if (isPinned && reference)
		return row(
			"pass",
			t("facts.pinned"),
			html`<stow-copy .text=${reference} what=${t("pin.copy")} label=${t("copy.text")}></stow-copy>`,
		);
	// A digest of something broken is not worth pinning.
	if (!line || model.report.summary.verdict === "failed") return nothing;
	const tag = visible(referenceParts(reference)?.tag ?? "", 60);
	return row(
		"info",
		html`${t("facts.unpinned", { tag })} <code class="pin-line" title=${visible(line, 400)}>${visible(line, 400)}</code>`,
		html`<stow-copy .text=${line} what=${t("pin.copy")} label=${t("facts.copy")}></stow-copy>`,
	);
}

/** The signers, once signatures were looked for; only the reader can say if they are the right ones. @param {Model} model */
function signed(model) {
	const { nodes, trust } = model.report;
	if (!trust) return nothing;
	const proof = nodes.map((node) => node.proof).sort((a, b) => Number(b?.named ?? 0) - Number(a?.named ?? 0));
	const { signer } = proof.find((one) => one?.good) ?? {};
	const { verdict } = trust;
	const who = visible(signer?.identity ?? signer?.key ?? "", 200);
	const words = signer
		? html`<strong>${t("trust.by", { who })}</strong> ${t(`trust.by.${verdict}`)} ${trust.only ? t("trust.by.only", { platform: visible(trust.only, 100) }) : nothing}`
		: t(`trust.verdict.${verdict}`);
	const shape = verdict === "signed-by-named" ? "pass" : verdict === "failed" ? "warn" : "info";
	return row(shape, words, quiet("facts.show", "stow-goto", { tab: "signatures" }));
}

/** Layers whose bytes cannot be had. @param {Model} model */
function absent(model) {
	const n = model.leaves(model.chosen()).filter((node) => !node.read && !model.reaches(node)).length;
	return n > 0
		? row("not-checked", t(`facts.absent.${model.report.source.kind === "paste" ? "paste" : "file"}`, { n }))
		: nothing;
}

/** The layers of other platforms, once any of them was read. @param {Model} model */
function others(model) {
	const image = model.chosen();
	const layers = model.own.filter(({ kind, parent }) => kind === "layer" && parent !== image?.id);
	const n = layers.filter(({ read }) => read).length;
	return n > 0 ? row("info", t("facts.others", { n, all: layers.length })) : nothing;
}
