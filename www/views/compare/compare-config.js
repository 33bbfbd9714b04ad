// Comparison -> www. The members of config and annotations that differ; of two texts the part that differs is marked.

import { html, nothing } from "lit";
import { within } from "../../formats/diff.js";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../engine/compare/compare-images.js").Comparison} Comparison */

/** The most changed members that are drawn. */
const MOST = 200;

/** The most characters of a value that are drawn. */
const LONGEST = 600;

/** @param {import("../../elements/compare/compare.js").StowCompare} view @param {Comparison} comparison */
export function members(view, { config }) {
	const value = (/** @type {any} */ one) => visible(typeof one === "string" ? one : JSON.stringify(one), LONGEST);
	const line = (/** @type {Comparison["config"][number]} */ { path, a, b, secret }) => {
		const hidden = secret && !view.revealed.has(path);
		const both = !hidden && typeof a === "string" && typeof b === "string" ? within(value(a), value(b)) : undefined;
		const shown = (/** @type {any} */ one, /** @type {[string, string, string] | undefined} */ parts) =>
			hidden ? "••••••••" : parts ? html`${parts[0]}<mark>${parts[1]}</mark>${parts[2]}` : value(one);
		return html`<li><code class="path">${visible(path, 300)}</code>
			${hidden ? html`<button type="button" class="quiet" @click=${() => view.reveal(path)}>${t("compare.reveal")}</button>` : nothing}
			${a === undefined ? nothing : html`<del><span class="sr">${t("compare.before")}</span>− ${shown(a, both?.[0])}</del>`}
			${b === undefined ? nothing : html`<ins><span class="sr">${t("compare.after")}</span>+ ${shown(b, both?.[1])}</ins>`}</li>`;
	};
	return html`<section class="compare-config"><h3>${t("compare.config")} <span class="note">${t("compare.members", { n: config.length })}</span></h3>
		${config.length > 0 ? html`<ul>${config.slice(0, MOST).map(line)}</ul>` : nothing}</section>`;
}
