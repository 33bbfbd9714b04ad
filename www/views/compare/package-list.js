// The packages of an image: read on demand, with what that downloads told first; a filter, the layer of each, what is missing.

import { html, nothing } from "lit";
import { count, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { errorText } from "../core-words.js";

/** @typedef {import("../../elements/compare/inventory.js").StowInventory} View */

/** @param {View} view */
export function packagesView(view) {
	const { list, busy, failure, bytes } = view;
	return html`${failure ? html`<p class="compare-failure" role="alert">${errorText(failure, 600)}</p>` : nothing}
		${list ? table(view, list) : busy ? nothing : offer(view)}
		${busy ? html`<p role="status">${t("packages.reading", { bytes: size(bytes) })} <button type="button" class="quiet" @click=${() => view.stop()}>${t("tags.stop")}</button></p>` : nothing}`;
}

/** @param {View} view */
function offer(view) {
	const { model, image } = view;
	const layers = image && model ? model.layers(image).filter((node) => model.reaches(node)) : [];
	if (layers.length === 0) return html`<p class="note">${t("packages.impossible")}</p>`;
	const left = layers.filter(({ read }) => !read).reduce((sum, node) => sum + (node.size ?? 0), 0);
	return html`<p class="note">${t("packages.hint")}</p>
		<p><button type="button" @click=${() => view.read()}>${left > 0 ? t("packages.read.bytes", { bytes: size(left) }) : t("packages.read")}</button></p>`;
}

/** @param {View} view @param {import("../../engine/compare/packages-of-image.js").PackageList} list */
function table(view, list) {
	const words = view.text.trim().toLowerCase();
	const fits = (/** @type {string | undefined} */ text) => (text ?? "").toLowerCase().includes(words);
	const shown = list.packages.filter(({ name, version, licence, kind }) => [name, version, licence, kind].some(fits));
	const line = (/** @type {number} */ index) => {
		const one = shown[index];
		if (!one) return nothing;
		return html`<span class="kind">${visible(one.kind, 20)}</span><code class="name" title=${visible(one.purl, 400)}>${visible(one.name, 200)}</code><code>${visible(one.version, 100)}</code>
			<span class="licence">${visible(one.licence ?? "", 120)}</span><span class="note size">${one.size === undefined ? "" : size(one.size)}</span><span class="note">${t("compare.layer", { n: one.layer + 1 })}</span>`;
	};
	const typed = (/** @type {Event} */ { currentTarget }) => {
		view.text = /** @type {HTMLInputElement} */ (currentTarget).value;
	};
	return html`<p class="note">${t("packages.count", { n: list.packages.length })}</p>
		<div class="tags-bar"><input type="search" .value=${view.text} aria-label=${t("packages.filter")} placeholder=${t("packages.filter")} spellcheck="false" autocomplete="off" @input=${typed}>
			<button type="button" @click=${() => view.keep()}>${t("packages.save")}</button></div>
		${shown.length > 0 ? html`<stow-lines class="package-lines tag-lines" .count=${shown.length} .line=${line} label=${t("packages.title")}></stow-lines>` : nothing}
		${list.problems.length > 0 ? html`<ul class="plain">${list.problems.slice(0, 50).map(({ path, code }) => html`<li class="note">${t(`packages.problem.${code}`)} <code>${visible(path, 300)}</code></li>`)}</ul>` : nothing}
		${list.problems.length > 50 ? html`<p class="note">+${count(list.problems.length - 50)}</p>` : nothing}`;
}
