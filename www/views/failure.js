// Report -> www. The explanation below the headline of a failure: both values, the difference, the cause, the ways on.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { isLeaf } from "../engine/layers/leaf.js";
import { exactBytes, visible } from "../i18n/format.js";
import { first, has, t } from "../i18n/strings.js";
import { checkText } from "./core-words.js";
import { headlineOf } from "./headline.js";
import { digestBar } from "./marks.js";

/**
 * @typedef {import("../model/model.js").Model} Model
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Node} Node
 */

/** @param {Model} model */
export function failureLead(model) {
	const found = model.firstFailure();
	if (!found) return nothing;
	const { node, check } = found;
	const go = (/** @type {Event} */ event) =>
		emit(event.currentTarget, "stow-goto", { id: node.id, pane: "checks", check: check.id });
	const again = isLeaf(node) && model.reaches(node);
	return html`<div class="failure">
		${rows(node, check)}
		<div class="actions"><button type="button" class="primary" @click=${go}>${t("verdict.show")}</button>
			${again ? html`<button type="button" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-layers", { layers: [node.id] })}>${t("layers.again")}</button>` : nothing}
			<stow-copy plain .text=${() => ticket(model, node, check)} label=${t("verdict.ticket")}></stow-copy></div>
	</div>`;
}

/** @param {Node} node @param {Check} check */
function rows(node, check) {
	const cause = causeOf(node, check);
	const difference = differenceOf(node);
	const isDigest = check.id === "digest" || check.id === "diff-id";
	const size = isDigest ? node.checks.find(({ id, outcome }) => id === "size" && outcome === "fail") : undefined;
	return html`<dl class="values">${value("expected", check.expected, size?.expected)}${value("actual", check.actual, size?.actual)}
		${difference ? html`<dt>${t("verdict.difference")}</dt><dd>${difference}</dd>` : nothing}
		${isDigest ? nothing : html`<dt>${t("verdict.why")}</dt><dd>${checkText(check, 400)}</dd>`}
		${cause ? html`<dt>${t("verdict.cause")}</dt><dd>${cause}</dd>` : nothing}</dl>`;
}

/** @param {"expected" | "actual"} name @param {string | null} text @param {string | null} [bytes] */
function value(name, text, bytes) {
	if (text === null) return nothing;
	return html`<dt>${t(`verdict.${name}`)}</dt><dd class="is-${name}">${digestBar(text)} <code>${visible(text, 400)}</code>${bytes ? html` <span class="bytes-of">${exactBytes(Number(bytes))}</span>` : nothing}</dd>`;
}

/** The number of bytes that came more or fewer, and if that is all of them. @param {Node} node */
function differenceOf(node) {
	const size = node.checks.find(({ id, outcome }) => id === "size" && outcome === "fail");
	const [told, came] = [Number(size?.expected ?? Number.NaN), Number(size?.actual ?? Number.NaN)];
	if (!size || Number.isNaN(told - came)) return "";
	if (size.reason === "cut-short") return t("verdict.cut", { came, bytes: exactBytes(told) });
	const words = t(came < told ? "verdict.fewer" : "verdict.more", { n: Math.abs(told - came) });
	const isWhole = node.checks.some(
		({ id, outcome }) => id === "tar" && outcome !== "fail" && outcome !== "not-checked",
	);
	return isWhole && came < told ? `${words} ${t("verdict.complete")}` : words;
}

/** Reasons that say only that the values differ: the usual cause is told beside them. */
const PLAIN = new Set(
	"digest-differs other-digest size-differs other-size header-differs type-differs content-type-differs".split(" "),
);
/** The checks whose sentences tell the cause themselves unless their reason is plain. */
const TOLD = new Set(["digest", "size", "header-digest", "media-type", "content-type", "parse", "diff-id", "tar"]);

/** @param {Node} node @param {Check} check */
export function causeOf(node, { id, reason }) {
	if (node.checks.some((check) => check.reason === "cut-short")) return t("cause.cut");
	if (TOLD.has(id) && !PLAIN.has(reason ?? "")) return "";
	const key = `cause.${id}${id === "digest" && node.kind === "layer" ? ".layer" : ""}`;
	return has(key) ? t(key) : has(`cause.${id}`) ? t(`cause.${id}`) : "";
}

/** A text that a person can file. @param {Model} model @param {Node} node @param {Check} check */
function ticket(model, node, check) {
	const { source } = model.report;
	const name = first(`check.${check.id}`, check.id);
	return [
		headlineOf(model).title,
		`${t("ticket.image")}${t("list.colon")}${source.reference ?? source.name ?? ""}`,
		`${t("ticket.node")}${t("list.colon")}${node.id} ${node.digest ?? ""}`,
		`${t("ticket.check")}${t("list.colon")}${name} (${check.id}${check.reason ? `, ${check.reason}` : ""})`,
		`${t("verdict.expected")}${t("list.colon")}${check.expected ?? ""}`,
		`${t("verdict.actual")}${t("list.colon")}${check.actual ?? ""}`,
		differenceOf(node),
		`${t("ticket.when")}${t("list.colon")}${new Date().toISOString()}`,
	]
		.filter(Boolean)
		.map((line) => visible(line, 600))
		.join("\n");
}

/** @param {Check} check */
export function values({ expected, actual }) {
	if (expected === null && actual === null) return nothing;
	return html`<dl class="values">
		${expected === null ? nothing : html`<dt>${t("verdict.expected")}</dt><dd><code>${visible(expected, 400)}</code></dd>`}
		${actual === null ? nothing : html`<dt>${t("verdict.actual")}</dt><dd><code>${visible(actual, 400)}</code></dd>`}
	</dl>`;
}
