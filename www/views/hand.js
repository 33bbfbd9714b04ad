// Report -> www. The tab By hand: commands with copy buttons and what they should print.

import { html, nothing } from "lit";
import { visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";

/** @typedef {import("../engine/explain.js").Recipe} Recipe */

/** @param {Recipe[]} all */
export function byHand(all) {
	if (all.length === 0) return html`<p class="note">${t("hand.none")}</p>`;
	return html`<p>${t("hand.intro")}</p>${recipeList(all)}`;
}

/** @param {Recipe[]} all */
export const recipeList = (all) =>
	all.map(
		({ tool, lines, note, expect }) => html`<div class="recipe">
		<h4>${t(`hand.${tool}`)}<stow-copy .text=${lines.join("\n")} what=${t(`hand.${tool}`)}></stow-copy></h4>
		<pre tabindex="0"><code>${visible(lines.join("\n"))}</code></pre>
		${expect ? html`<p class="note expect">${t("hand.expect", { digest: visible(expect, 140) })}</p>` : nothing}
		${note ? html`<p class="note">${t(`hand.${note}`)}</p>` : nothing}
	</div>`,
	);

/** The shortest command, for a look beside the facts. @param {Recipe[]} all */
export function oneByHand(all) {
	const short = all.filter(({ lines }) => lines.length === 1);
	const best = short.find(({ tool }) => tool === "crane") ?? short[0];
	if (!best) return nothing;
	const text = best.lines.join("\n");
	return html`<div class="yourself"><h4>${t("hand.intro")} <stow-copy .text=${text} what=${t(`hand.${best.tool}`)}></stow-copy></h4>
		<pre tabindex="0"><code>${visible(text)}</code></pre></div>`;
}
