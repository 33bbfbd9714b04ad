// The four steps from a file to the index: bytes to edit, the digests that come out, the links, the questions.

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { emit } from "../elements/part.js";
import { exactBytes, shortDigest, visible } from "../i18n/format.js";
import { t } from "../i18n/strings.js";
import { english } from "../views/core-words.js";
import { digestBar, mark } from "../views/marks.js";
import { FILE } from "./lesson.js";

/**
 * @typedef {import("./lesson-view.js").State} State
 * @typedef {import("./lesson.js").Results} Results
 * @typedef {import("./lesson.js").Texts} Texts
 * @typedef {import("./lesson.js").Id} Id
 * @typedef {{ key: "file" | import("./lesson.js").Document, ids: Id[], questions: string[] }} Step
 */

/** @type {Step[]} */
const STEPS = [
	{ key: "file", ids: ["diffId", "layer", "baseDiffId", "base"], questions: ["layer", "diffId"] },
	{ key: "config", ids: ["config", "chainId"], questions: ["imageId", "chainId"] },
	{ key: "manifest", ids: ["manifest"], questions: ["manifest"] },
	{ key: "index", ids: ["index"], questions: ["digest"] },
];

/** @param {State} state */
export function steps({ texts, first, results }) {
	if (!texts || !first || !results) return nothing;
	return STEPS.map(({ key, ids, questions }) => {
		const links = results.links.filter(({ by }) => by === key);
		return html`<section class="card how-step" aria-labelledby="how-step-${key}">
			<h2 id="how-step-${key}">${t(`how.step.${key}`)}</h2>
			<p>${about(key, results)}</p>
			<div class="how-parts">
				<div class="how-edit">${editor(key, texts)}${key === "file" ? again(texts) : fault(results.parts[key])}</div>
				<div class="how-out">
					<ul class="plain how-ids" aria-label=${t("how.outcomes")}>${ids.map((id) => identity(id, results, first))}</ul>
					${links.length > 0 ? html`<ul class="plain how-links" aria-label=${t("how.links")}>${links.map(link)}</ul>` : nothing}
				</div>
			</div>
			<div class="how-questions">${questions.map((one) => html`<div><h3>${t(`how.q.${one}`)}</h3><p>${t(`how.a.${one}`)}</p></div>`)}</div>
		</section>`;
	});
}

/** @param {Step["key"]} key @param {Results} results */
function about(key, { tar, layer, parts }) {
	if (key === "file") return t("how.about.file", { tar: exactBytes(tar.size), layer: exactBytes(layer.size) });
	return t(`how.about.${key}`, { size: exactBytes(parts[key].size) });
}

/** @param {Step["key"]} key @param {Texts} texts */
const editor = (key, texts) => html`<label for="how-${key}">${t(`how.edit.${key}`, { name: FILE })}</label>
	<textarea id="how-${key}" data-edit=${key} rows=${key === "file" ? 3 : 8} spellcheck="false" autocomplete="off" autocapitalize="off"
		.value=${live(texts[key])} @input=${(/** @type {Event} */ event) => {
			const { value } = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
			emit(event.currentTarget, "how-edit", { [key]: value });
		}}></textarea>`;

/** @param {Texts} texts */
const again = (texts) => html`<label class="toggle"><input type="checkbox" .checked=${live(texts.again)}
	@change=${(/** @type {Event} */ event) => emit(event.currentTarget, "how-edit", { again: /** @type {HTMLInputElement} */ (event.currentTarget).checked })}>${t("how.again.label")}</label>`;

/** @param {import("./lesson.js").Part} part */
function fault({ digest, fault: found }) {
	if (!digest) return html`<p class="problem">${t("how.notDocument")}</p>`;
	return found
		? html`<p class="problem">${t("how.notJson")} <span class="own note">${english(found.message, 200)}</span></p>`
		: nothing;
}

/** @param {Id} id @param {Results} results @param {Results} first */
function identity(id, results, first) {
	const digest = results.digests[id];
	const before = first.digests[id];
	const changed = digest !== before;
	const name = t(`how.id.${id}`);
	return html`<li class="how-id ${changed ? "is-changed" : ""}" data-id=${id}>
		<p class="how-name">${name}${changed ? html` <span class="tag">${t("how.tag.changed")}</span>` : nothing}
			${digest ? html`<stow-copy .text=${digest} what=${name}></stow-copy>` : nothing}</p>
		${
			digest
				? html`<p class="full-digest">${digestBar(digest)}<code>${whole(digest)}</code></p>`
				: html`<p class="note">${t("how.none")}</p>`
		}
		${changed ? html`<p class="note">${t("how.before", { digest: shortDigest(before) })}</p>` : nothing}</li>`;
}

/** The first 12 digits are what the tools show. @param {string} digest */
const whole = (digest) => html`sha256:<b>${visible(digest.slice(7, 19))}</b>${visible(digest.slice(19, 80))}`;

/** @param {import("./lesson.js").Link} one */
function link({ id, named, namedSize, found, fits }) {
	const name = t(`how.link.${id}`);
	if (fits) return html`<li data-link=${id}>${mark("pass")} ${name}</li>`;
	const sized = typeof namedSize === "number";
	const names = named
		? t(sized ? "how.names.size" : "how.names", {
				digest: visible(shortDigest(named), 40),
				size: exactBytes(namedSize),
			})
		: t("how.nothing");
	const is = t(sized ? "how.is.size" : "how.is", { digest: shortDigest(found.digest), size: exactBytes(found.size) });
	return html`<li data-link=${id} class="is-broken">${mark("fail", true)} ${name}
		<p class="note">${names}${t("list.semicolon")}${is}</p></li>`;
}
