// Report -> www. The facts of one node as a table: its kind, its digest, and how each is known.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { exactBytes, platformName, safeUrl, size, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { digestOf, titleOf } from "../model/model.js";
import { fullDigest } from "./marks.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../model/model.js").Model} Model
 */

/** The most annotations and URLs that are listed; a hostile document may hold thousands. */
const LISTED = 100;

/**
 * @param {Node} node
 * @param {Model} model
 */
export function facts(node, model) {
	const failed = node.checks.find(({ id, outcome, expected }) => id === "digest" && outcome === "fail" && expected);
	const got = failed?.actual;
	return html`${node.read ? nothing : html`<p class="note">${t("details.unread")}</p>`}
		<table class="facts"><tbody>
			${row(
				"digest",
				digestOf(node),
				(digest) => html`${fullDigest(digest, t("fact.digest"))}
				<span class="note">${t(got ? "fact.promised" : node.read ? "fact.computed" : "fact.claimed")}</span>`,
			)}
			${row("got", got, (digest) => html`<span class="is-fail">${fullDigest(digest, t("fact.got"))}</span>`)}
			${row("imageId", node.imageId, (digest) => reference(digest, model, t("fact.imageId")))}
			${row("platform", platformName(node.platform), code)}
			${row("download", model.layers(node).length > 0 ? model.download(node) : null, (bytes) => t("fact.download.of", { size: size(bytes), n: model.layers(node).length }))}
			${row("size", node.size, (bytes) => html`${exactBytes(bytes)}${bytes >= 1024 ? html` <span class="note">${size(bytes)}</span>` : nothing}`)}
			${row("mediaType", node.mediaType, code)}
			${row("osFeatures", node.platform?.osFeatures?.join(", "), code)}
			${row("title", ownTitle(node), plain)}
			${row("name", node.name, code)}
			${row("artifactType", node.artifactType, code)}
			${row("subject", node.subject, (digest) => reference(digest, model, t("fact.subject")))}
			${row("attests", node.attests, (digest) => reference(digest, model, t("fact.attests")))}
			${row("compression", node.compression, (name) => (name === "none" ? t("compression.none") : name))}
			${row("diffId", node.diffId, (digest) => fullDigest(digest, t("fact.diffId")))}
			${row("chainId", node.chainId, (digest) => fullDigest(digest, t("fact.chainId")))}
			${row("path", node.path, code)}
			${row("urls", node.urls?.length ? node.urls : undefined, urls)}
			${row("annotations", node.annotations?.length ? node.annotations : undefined, pairs)}
		</tbody></table><p class="note what">${t(`what.${node.kind}`)}</p>`;
}

/** A title that a document gave: those of the core say kind, number or platform, which are shown elsewhere. @param {Node} node */
const ownTitle = (node) =>
	node.title !== titleOf(node) || node.title === platformName(node.platform) ? null : node.title;

/**
 * @template T
 * @param {string} key
 * @param {T | null | undefined} value
 * @param {(value: T) => unknown} view
 */
function row(key, value, view) {
	if (value === null || value === undefined || value === "") return nothing;
	return html`<tr><th scope="row">${t(`fact.${key}`)}</th><td>${view(value)}</td></tr>`;
}

/** @param {string} text */
const code = (text) => html`<code>${visible(text, 500)}</code>`;

/** @param {string} text */
const plain = (text) => visible(text, 500);

/** @param {string} digest @param {Model} model @param {string} what */
function reference(digest, model, what) {
	const known = model.withDigest(digest)[0];
	return html`${fullDigest(digest, what)} ${
		known
			? html`<button type="button" class="link"
		@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-select-digest", { digest })}>
		${t(`kind.${known.kind}`)}</button>`
			: nothing
	}`;
}

/** @param {[string, string][]} list @param {number[]} [secrets] the places of values to cover */
export function pairs(list, secrets = []) {
	/** @param {string} name @param {string} value @param {number} index */
	const shown = (name, value, index) =>
		secrets.includes(index) ? html`<stow-secret .text=${value} what=${name}></stow-secret>` : link(value);
	return html`<dl class="pairs">${list
		.slice(0, LISTED)
		.map(
			([name, value], index) => html`<dt><code>${visible(name, 200)}</code></dt><dd>${shown(name, value, index)}</dd>`,
		)}</dl>${more(list.length)}`;
}

/** @param {string[]} list */
const urls = (list) =>
	html`<ul class="plain">${list.slice(0, LISTED).map((text) => html`<li>${link(text)}</li>`)}</ul>${more(list.length)}`;

/** @param {number} length */
const more = (length) =>
	length > LISTED ? html`<p class="note">${t("requests.more", { n: length - LISTED })}</p>` : nothing;

/** A link if it is a web address, else text. @param {string} text */
function link(text) {
	const url = safeUrl(text);
	return url
		? html`<a href=${url} rel="noopener noreferrer" target="_blank">${visible(text, 500)}</a>`
		: visible(text, 1000);
}
