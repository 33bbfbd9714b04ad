// Comparison -> www. The layers of both: those that are shared, then both branches side by side.

import { html, nothing } from "lit";
import { size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { digestBar } from "../marks.js";
import { sideName } from "./compare-head.js";

/** @typedef {import("../../engine/compare/compare-images.js").ComparedLayer} Layer */

/** Shape beside the colour. @type {Record<string, string>} */
const SIGNS = { same: "=", recompressed: "≈", moved: "↕", added: "+", removed: "−", changed: "~" };

/**
 * @param {import("../../engine/compare/compare-images.js").Comparison} comparison
 * @param {[string, string] | undefined} names the short names of both sides
 */
export function layersView({ layers }, names) {
	const isTrunk = (/** @type {Layer} */ { state }) => state === "same" || state === "recompressed";
	const parts = layers.findIndex((layer) => !isTrunk(layer));
	const trunk = parts < 0 ? layers : layers.slice(0, parts);
	const rest = parts < 0 ? [] : layers.slice(parts);
	const inA = rest.filter(({ positionA }) => positionA !== undefined).toSorted(by("positionA"));
	const inB = rest.filter(({ positionB }) => positionB !== undefined).toSorted(by("positionB"));
	return html`<section class="compare-layers"><h3>${t("compare.layers")} <span class="note">${t("compare.shared", { n: trunk.length })}</span></h3>
		<ol class="trunk">${trunk.map((layer) => line(layer, "b"))}</ol>
		${
			rest.length > 0
				? html`<div class="branches"><div><h4>${sideName(names, 0)} ${sum(inA, "sizeA")}</h4><ol>${inA.map((layer) => line(layer, "a"))}</ol></div>
			<div><h4>${sideName(names, 1)} ${sum(inB, "sizeB")}</h4><ol>${inB.map((layer) => line(layer, "b"))}</ol></div></div>`
				: nothing
		}</section>`;
}

/** @param {"positionA" | "positionB"} name */
const by = (name) => (/** @type {Layer} */ one, /** @type {Layer} */ other) => (one[name] ?? 0) - (other[name] ?? 0);

/** The size of a branch's layers together. @param {Layer[]} layers @param {"sizeA" | "sizeB"} name */
function sum(layers, name) {
	const bytes = layers.reduce((all, layer) => all + (layer[name] ?? 0), 0);
	return html`<span class="note">${t("platforms.share", { size: size(bytes), n: layers.length })}</span>`;
}

/** @param {Layer} layer @param {"a" | "b"} side */
function line(layer, side) {
	const { state, secret } = layer;
	const [digest, bytes, command, at] =
		side === "a"
			? [layer.a, layer.sizeA, layer.commandA, layer.positionA]
			: [layer.b, layer.sizeB, layer.commandB, layer.positionB];
	const name = !command || secret ? t("compare.layer", { n: (at ?? 0) + 1 }) : visible(command, 300);
	return html`<li class="is-${state}"><span class="sign" title=${t(`compare.layer.${state}`)}>${SIGNS[state]}<span class="sr">${t(`compare.layer.${state}`)}</span></span>
		${digest ? digestBar(digest) : nothing} <code title=${name}>${name}</code> <span class="number">${size(bytes ?? 0)}</span></li>`;
}
