// Line: Report -> www. The tab By hand: commands with copy buttons and what they should print.

import { html, nothing } from "lit";
import { recipes } from "../by-hand.js";
import { visible } from "../format.js";
import { t } from "../strings.js";

/**
 * @param {import("../types.js").Node} node
 * @param {import("../model.js").Model} model
 */
export function byHand(node, model) {
	const all = recipes(node, model);
	if (all.length === 0) return html`<p class="note">${t("hand.none")}</p>`;
	const hex = (node.digest ?? "").replace(/^[^:]*:/, "");
	return html`<p>${t("hand.intro")}</p>
		${recipeList(all)}
		<p class="note expect">${t("hand.expect", { digest: visible(hex, 140) })}</p>`;
}

/** @param {import("../by-hand.js").Recipe[]} all */
export const recipeList = (all) =>
	all.map(
		({ tool, lines, note }) => html`<div class="recipe">
		<h4>${t(`hand.${tool}`)}<stow-copy .text=${lines.join("\n")} what=${t(`hand.${tool}`)}></stow-copy></h4>
		<pre tabindex="0"><code>${visible(lines.join("\n"))}</code></pre>
		${note ? html`<p class="note">${t(`hand.${note}`)}</p>` : nothing}
	</div>`,
	);
