// The platforms of an index as a table: what each weighs compressed, its layers, what it shares with the one in view.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { count, exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/** @typedef {import("../../engine/compare/lineage-facts.js").PlatformRow} PlatformRow */

/** The most platforms that are drawn; a hostile index may name thousands. */
const ROWS = 200;

/** @param {import("../../elements/compare/lineage.js").StowLineage} view */
export function platformsView({ rows, model }) {
	const has = (/** @type {"created" | "osVersion"} */ key) => rows.some((row) => row[key]);
	const features = rows.some(({ osFeatures, features }) => osFeatures.length + features.length > 0);
	const columns = { created: has("created"), osVersion: has("osVersion"), features };
	const unread = rows.filter(({ read }) => !read).length;
	const column = (/** @type {string} */ key, number = false) =>
		html`<th scope="col" class=${number ? "number" : ""}>${t(`platforms.${key}`)}</th>`;
	const isRegistry = model?.report.source.kind === "registry";
	const all = (/** @type {Event} */ { currentTarget }) => emit(currentTarget, "stow-platforms-all");
	return html`<section class="platforms" aria-labelledby="platforms-title"><h3 id="platforms-title">${t("platforms.title")} <span class="note">${count(rows.length)}</span></h3>
		<div class="scroll" tabindex="0" role="group" aria-label=${t("platforms.title")}><table class="list"><thead><tr>${column("platform")}${column("size", true)}${column("layers", true)}${column("shared", true)}
		${columns.created ? column("created") : nothing}${columns.osVersion ? column("osVersion") : nothing}${columns.features ? column("features") : nothing}</tr></thead>
		<tbody>${rows.slice(0, ROWS).map((row) => line(row, columns))}</tbody></table></div>
		${unread > 0 ? html`<p class="note">${t("platforms.unread", { n: unread })} ${isRegistry ? html`<button type="button" class="quiet" @click=${all}>${t("platforms.all")}</button>` : nothing}</p>` : nothing}</section>`;
}

/** @param {PlatformRow} row @param {{ created: boolean, osVersion: boolean, features: boolean }} columns */
function line(row, { created, osVersion, features }) {
	const { platform, inView, read, layers, shared, sharedLayers, digest } = row;
	const select = (/** @type {Event} */ { currentTarget }) => emit(currentTarget, "stow-select", { id: row.id });
	const name = html`<code>${visible(platform, 80)}</code>`;
	return html`<tr class=${inView ? "in-view" : ""} aria-current=${inView ? "true" : nothing}>
		<th scope="row">${digest ? html`<button type="button" class="link" @click=${select}>${name}</button>` : name}${inView ? html` <span class="note">${t("platforms.inView")}</span>` : nothing}</th>
		<td class="number" title=${exactBytes(row.size)}>${read ? size(row.size) : html`<span class="note">${t("platforms.notRead")}</span>`}</td>
		<td class="number">${layers === undefined ? "" : count(layers)}</td>
		<td class="number">${inView || shared === undefined ? "" : t("platforms.share", { size: size(shared), n: sharedLayers ?? 0 })}</td>
		${created ? html`<td class="time">${visible(row.created ?? "", 40)}</td>` : nothing}
		${osVersion ? html`<td>${visible(row.osVersion ?? "", 60)}</td>` : nothing}
		${features ? html`<td>${visible([...row.osFeatures, ...row.features].join(", "), 120)}</td>` : nothing}</tr>`;
}
