// Report -> www. The verdict in one line, with the bytes that it covers. Never a count of checks.

import { shortDigest, visible } from "../i18n/format.js";
import { first, shown, t } from "../i18n/strings.js";
import { digestOf, titleOf } from "../model/model.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ mark: import("./marks.js").Mark, title: string, note: string, tint?: "pass" | "fail" }} Line
 */

/** Made once a report and language: ten thousand nodes are looked at for it. @type {WeakMap<Model, [string, Line]>} */
const made = new WeakMap();

/** @param {Model} model @returns {Line} */
export function headlineOf(model) {
	const known = made.get(model);
	if (known?.[0] === shown()) return known[1];
	const line = lineOf(model);
	made.set(model, [shown(), line]);
	return line;
}

/** @param {Model} model @returns {Line} */
function lineOf(model) {
	const { nodes, recovered, pasted, summary, source } = model.report;
	const { consistent, layers } = summary.facts ?? { consistent: false, layers: { verified: 0, of: 0 } };
	const failure = model.firstFailure();
	if (failure) return { mark: "fail", title: failed(model, failure), note: "", tint: "fail" };
	if (nodes.length === 0 && pasted?.length) return { mark: "info", title: t("verdict.nodocument"), note: "" };
	if (recovered)
		return {
			mark: "pass",
			title: t("verdict.recovered"),
			note: t("verdict.recovered.note", { digest: shortDigest(recovered.digest) }),
		};
	if (consistent && layers.of > 0 && layers.verified === layers.of)
		return { mark: "pass", title: t("verdict.verified"), note: t("verdict.verified.note"), tint: "pass" };
	const n = model.own.filter(({ read, kind }) => read && kind !== "layer" && kind !== "blob").length;
	if (consistent && !isCompared(model.own)) {
		const digest = model.roots[0]?.digest ?? "";
		return { mark: "info", title: t("verdict.none"), note: t("verdict.none.note", { digest: shortDigest(digest) }) };
	}
	if (consistent) return { mark: "pass", title: t("verdict.consistent"), note: t("verdict.consistent.note", { n }) };
	return { mark: "not-checked", title: t("verdict.nothing"), note: t(`app.source.${source.kind}`) };
}

/** True if any digest was held against another. @param {Node[]} nodes */
const isCompared = (nodes) =>
	nodes.some(({ checks }) =>
		checks.some(({ id, outcome }) => (id === "digest" || id === "diff-id") && outcome === "pass"),
	);

/** `Layer 2 does not match the digest in the manifest` @param {Model} model @param {{ node: Node, check: import("../types.js").Check }} failure */
function failed(model, { node, check }) {
	const above = model.node(node.parent);
	const name = nameInSentence(node);
	const where = t(above ? `in.${above.kind}` : check.source === "user" ? "in.user" : "in.reference");
	const isCut = node.checks.some(({ reason }) => reason === "cut-short");
	const key = isCut ? "cut" : FAILS.has(check.id) ? check.id : "other";
	return t(`fails.${key}`, { name, where, check: first(`check.${check.id}`, check.id) });
}

/** The checks that have a sentence of their own. */
const FAILS = new Set(["digest", "size", "diff-id", "parse", "tar"]);

/** `Layer 2`, `The linux/amd64 manifest`: at the beginning of a sentence. A name stays as it is written. @param {Node} node */
export function nameInSentence(node) {
	const words = nameWithin(node);
	const title = visible(titleOf(node), 80);
	if (title && words.startsWith(title)) return words;
	return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The same within a sentence. @param {Node} node */
export function nameWithin(node) {
	const title = visible(titleOf(node), 80);
	if (!title && node.kind === "manifest") return t("named.schema1");
	return t(`named.${node.kind}`, { title: title || shortDigest(digestOf(node)) });
}

/** The headline as one sentence: for the live region and for others' words about a report. @param {Model} model */
export function verdictWords(model) {
	const { title, note } = headlineOf(model);
	return [title, note].filter(Boolean).join(t("list.sentence"));
}

export const headline = verdictWords;

/** The marks of a report's verdict. */
export const OUTCOMES = /** @type {const} */ ({ verified: "pass", failed: "fail", incomplete: "not-checked" });
