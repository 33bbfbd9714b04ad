// The tags of a repository: a filter, what they name on demand, and a search by digest whose cost is told first.

import { html, nothing } from "lit";
import { count, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { isDigest } from "../../model/digest-text.js";
import { errorText } from "../core-words.js";
import { digestLink } from "../marks.js";

/** @typedef {import("../../elements/compare/tags.js").StowTags} View @typedef {import("../../elements/compare/tags.js").TagRow} TagRow */

/** @param {View} view */
export function tagsView(view) {
	const { repository, list, failure, job } = view;
	const shown = view.shown();
	return html`<section class="tags comparison" aria-labelledby="tags-title">
		<h2 id="tags-title">${t("tags.title")} <code>${visible(list?.repository ?? repository, 300)}</code></h2>
		${failure ? html`<p class="compare-failure" role="alert">${errorText(failure, 600)}</p>` : nothing}
		${list ? html`${bar(view, shown)}${digestSearch(view)}${found(view)}${rows(view, shown)}${folded(view)}` : nothing}
		${left(view)}${job ? running(view) : nothing}${view.unlisted ? again(view) : nothing}
	</section>`;
}

/** The requests that the registry still grants, by its last answer. @param {View} view */
function left({ leftOver }) {
	if (leftOver === undefined) return nothing;
	return html`<p class="note">${t("tags.left", { n: leftOver })}</p>`;
}

/** @param {View} view */
function again(view) {
	return html`<p><button type="button" @click=${() => view.show(view.repository, view.filter)}>${t("tags.again")}</button></p>`;
}

/** @param {View} view @param {string[]} shown */
function bar(view, shown) {
	const { list, job } = view;
	if (!list) return nothing;
	const left = view.left().length;
	const typed = (/** @type {Event} */ { currentTarget }) => {
		view.filter = /** @type {HTMLInputElement} */ (currentTarget).value;
		view.groups = undefined;
	};
	const all = list.tags.length - list.folded;
	return html`<p class="note">${t("tags.count", { n: all })}${list.complete ? nothing : html` ${t("tags.cut")}`}
			${shown.length < all ? t("tags.shown", { n: shown.length }) : nothing}</p>
		<div class="tags-bar"><input type="search" .value=${view.filter} aria-label=${t("tags.filter")} placeholder=${t("tags.filter")}
			spellcheck="false" autocomplete="off" autocapitalize="off" @input=${typed}>
		<button type="button" ?disabled=${job !== undefined || left === 0} @click=${() => view.resolve()}>${t("tags.resolve", { n: left })}</button></div>
		<p class="note">${t("tags.head")}</p>`;
}

/** @param {View} view */
function digestSearch(view) {
	const submit = (/** @type {SubmitEvent} */ event) => {
		event.preventDefault();
		const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("digest") ?? "").trim();
		if (isDigest(text)) view.search(text);
	};
	return html`<form class="tags-bar" @submit=${submit}><label>${t("tags.digest")}
		<input name="digest" placeholder="sha256:…" spellcheck="false" autocomplete="off" autocapitalize="off"></label>
		<button type="submit" ?disabled=${view.job !== undefined}>${t("tags.search", { n: view.left().length })}</button></form>`;
}

/** @param {View} view */
function running({ job, list }) {
	const stop = () => job?.stop.abort();
	return html`<p role="status">${list ? t("tags.asking", { n: count(job?.asked ?? 0), of: count(job?.of ?? 0) }) : t("tags.listing")}
		<button type="button" class="quiet" @click=${stop}>${t("tags.stop")}</button></p>`;
}

/** The message while no tag names the digest: only when all were asked, none does. @param {import("../../elements/compare/tags.js").StowTags} view */
function notFound(view) {
	if (view.job) return "tags.found.soon";
	return view.shown().every((tag) => view.rows.get(tag)?.digest) ? "tags.found.none" : "tags.found.partly";
}

/** @param {View} view */
function found(view) {
	const { found } = view;
	if (!found) return nothing;
	const { tags, asked, of } = found;
	const words = tags.length > 0 ? t("tags.found", { n: tags.length }) : t(notFound(view));
	return html`<div class="tags-found" role="status"><p><strong>${words}</strong> <span class="note">${t("tags.asking", { n: count(asked), of: count(of) })}</span></p>
		${tags.length > 0 ? html`<ul>${tags.slice(0, 200).map((tag) => html`<li>${link(view, tag)}</li>`)}</ul>` : nothing}</div>`;
}

/** @param {View} view @param {string[]} shown */
function rows(view, shown) {
	const { groups } = view;
	if (shown.length === 0) return html`<p class="note">${t("tags.none")}</p>`;
	const lines = groups ? grouped(view, groups, shown) : shown.map((tag) => [tag]);
	const line = (/** @type {number} */ index) => {
		const tags = lines[index] ?? [];
		const row = view.rows.get(tags[0] ?? "");
		const known = row?.digest ? html`${about(view, row)}${digestLink(row.digest, false)}` : row ? why(row) : nothing;
		return html`<span class="tag-names">${tags.slice(0, 20).map((tag) => link(view, tag))}${tags.length > 20 ? html`<span class="note">+${count(tags.length - 20)}</span>` : nothing}</span> ${known}`;
	};
	return html`<stow-lines class="tag-lines" .count=${lines.length} .line=${line} label=${t("tags.title")}></stow-lines>`;
}

/** @param {TagRow} row */
function why({ why }) {
	if (why === "digest-mismatch") return html`<strong class="is-fail">${t("tags.why.mismatch")}</strong>`;
	return why ? html`<span class="note">${t(`tags.why.${why === "not-found" ? "gone" : "unknown"}`)}</span>` : nothing;
}

/** The facts of an image's manifest, once it was asked for. @param {View} view @param {TagRow} row */
function about(view, row) {
	const { size: bytes, created, platforms = [], tag } = row;
	if (row.why) return why(row);
	const parts = [bytes === undefined ? "" : size(bytes), platforms.join(", "), created?.slice(0, 10) ?? ""];
	const words = parts.filter(Boolean).join(" · ");
	if (words) return html`<span class="note tag-about" title=${visible(words, 1000)}>${visible(words, 200)}</span>`;
	const name = t(view.list?.countsPulls ? "tags.details.counted" : "tags.details");
	return html`<button type="button" class="quiet" aria-label=${`${name}${t("list.colon")}${visible(tag, 128)}`} ?disabled=${view.job !== undefined} @click=${() => view.detail(tag)}>${name}</button>`;
}

/** Tags of one digest in one line, each group at its newest tag. @param {View} view @param {{ digest?: string, tags: string[] }[]} groups @param {string[]} shown */
function grouped(view, groups, shown) {
	const kept = new Set(shown);
	const first = new Map(
		groups.map(({ tags }) => [tags.find((tag) => kept.has(tag)), tags.filter((tag) => kept.has(tag))]),
	);
	return shown.flatMap((tag) => {
		if (!view.rows.get(tag)?.digest) return [[tag]];
		const group = first.get(tag);
		return group ? [group] : [];
	});
}

/** @param {View} view */
function folded(view) {
	const { list } = view;
	if (!list?.folded) return nothing;
	const turn = () => {
		view.folded = !view.folded;
		view.groups = undefined;
	};
	return html`<p><button type="button" class="quiet" aria-expanded=${!view.folded} @click=${turn}>${t(view.folded ? "tags.unfold" : "tags.fold", { n: list.folded })}</button></p>`;
}

/** In a page of its own the tag opens there; others' pages are left where they are. @param {View} view @param {string} tag */
function link(view, tag) {
	const href = view.link(`${view.list?.repository ?? view.repository}:${tag}`);
	const name = html`<code>${visible(tag, 128)}</code>`;
	if (!href) return name;
	return html`<a href=${href} target=${href.startsWith("#") ? nothing : "_blank"} rel="noopener noreferrer">${name}</a>`;
}
