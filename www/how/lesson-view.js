// The page "How it works" as one template: the frame, the list of changes, the four steps, Docker's output.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { shortDigest, visible } from "../i18n/format.js";
import { listed, t } from "../i18n/strings.js";
import { languages, themes } from "../views/chrome.js";
import { english } from "../views/core-words.js";
import { digestBar, mark } from "../views/marks.js";
import { COMMANDS } from "./console.js";
import { IDS } from "./lesson.js";
import { steps } from "./steps.js";

/**
 * @typedef {import("./lesson.js").Results} Results
 * @typedef {import("./lesson.js").Texts} Texts
 * @typedef {object} State
 * @property {import("../page/settings.js").Settings} settings
 * @property {Texts} [texts]
 * @property {Results} [first] of the sample as it came
 * @property {Results} [results] of the texts
 * @property {boolean} mended whether the last thing that was done was to mend
 * @property {string} [failure]
 */

/** @param {Results} one @param {Results} other */
export const changedIds = (one, other) => IDS.filter((id) => one.digests[id] !== other.digests[id]);

/** The state of the image, in sentences. @param {State} state */
export function summary({ first, results, mended }) {
	if (!first || !results) return "";
	const changed = changedIds(first, results).map((id) => t(`how.id.${id}`));
	const broken = results.links.filter(({ fits }) => !fits).map(({ id }) => t(`how.link.${id}`));
	if (changed.length === 0 && broken.length === 0) return t("how.same");
	const words = changed.length > 0 ? [t("how.changed", { n: changed.length, list: listed(changed) })] : [];
	if (broken.length > 0) words.push(t("how.broken", { n: broken.length, list: listed(broken) }));
	else words.push(t(mended ? "how.mended" : "how.fit"));
	return words.join(t("how.pause"));
}

/** @param {State} state */
export function howView(state) {
	return html`${header(state)}
		<main id="main" class="how">
			<h1>${t("how.heading")}</h1>
			<p class="intro">${t("how.intro")}</p>
			${state.failure === undefined ? body(state) : failed(state.failure)}
		</main>`;
}

/** @param {State} state */
function header({ settings }) {
	return html`<header class="top is-result">
		<p class="brand"><a href="index.html">Stowplan</a></p>
		<p class="tagline"><a href="index.html">${t("how.back")}</a></p>
		<div class="tools">${languages(settings)}${themes(settings)}</div>
	</header>`;
}

/** @param {State} state */
function body(state) {
	const { results } = state;
	if (!results) return html`<p role="status">${t("how.loading")}</p>`;
	return html`${answers(results)}${changes(state)}${steps(state)}
		<section class="card" aria-labelledby="how-byte"><h2 id="how-byte">${t("how.q.byte")}</h2><p>${t("how.a.byte")}</p></section>
		${printed(state)}`;
}

/** The four questions that people ask, each with its answer and the digest that it is about. @type {[string, import("./lesson.js").Id][]} */
const ASKED = [
	["layer", "layer"],
	["diffId", "diffId"],
	["imageId", "config"],
	["digest", "index"],
];

/** @param {Results} results */
const answers = ({ digests }) =>
	html`<dl class="how-answers">${ASKED.map(
		([one, id]) => html`<div><dt>${t(`how.q.${one}`)}</dt>
		<dd>${t(`how.short.${one}`)}<span class="how-own">${digestBar(digests[id] ?? null)}<code>${shortDigest(digests[id])}</code></span></dd></div>`,
	)}</dl>`;

/** @param {string} name @param {unknown} [detail] */
const send = (name, detail) => (/** @type {Event} */ event) => emit(event.currentTarget, name, detail);

const TRIES = /** @type {const} */ (["file", "again", "config", "manifest"]);

/** @param {State} state */
function changes(state) {
	const broken = state.results?.links.some(({ fits }) => !fits);
	return html`<section class="card how-summary ${broken ? "is-broken" : ""}" aria-label=${t("how.summary")}>
		<p class="how-said">${mark(broken ? "fail" : "pass")}<span role="status">${summary(state)}</span></p>
		<div class="actions">
			<button type="button" class="primary" ?disabled=${!broken} @click=${send("how-mend")}>${t("how.mend")}</button>
			<button type="button" @click=${send("how-reset")}>${t("how.reset")}</button>
		</div>
		<div class="how-tries" role="group" aria-labelledby="how-try"><span id="how-try">${t("how.try")}</span>
			${TRIES.map((one) => html`<button type="button" class="link" @click=${send("how-try", { what: one })}>${t(`how.try.${one}`)}</button>`)}</div>
	</section>`;
}

/** A pull of a broken image ends before it has anything to print. */
const STOPPED = COMMANDS.slice(0, 1).map((command) => ({ ...command, lines: command.lines.slice(0, 1) }));

/** @param {State} state */
function printed({ first, results }) {
	if (!first || !results) return nothing;
	/** @param {string | import("./console.js").Slot} part */
	const shown = (part) => {
		if (typeof part === "string") return part;
		const digest = part.of(results) ?? "?";
		const text = visible(part.short ? digest.slice(7, 19) || digest : digest, 140);
		return digest === part.of(first) ? text : html`<mark>${text}</mark>`;
	};
	const broken = results.links.some(({ fits }) => !fits);
	return html`<section class="card how-console" aria-labelledby="how-console">
		<h2 id="how-console">${t("how.console")}</h2>
		${broken ? html`<p>${mark("fail")} ${t("how.console.broken")}</p>` : nothing}
		<div class="how-commands">${(broken ? STOPPED : COMMANDS).map(
			({ title, lines }) => html`<div><h3>${t(`how.console.${title}`)}</h3>
			<pre tabindex="0"><code>${lines.map((parts, at) => [at > 0 ? "\n" : "", ...parts.map(shown)])}</code></pre></div>`,
		)}</div>
	</section>`;
}

/** @param {string} why */
function failed(why) {
	return html`<section class="error" role="alert"><p>${t("how.failed", { why: "" })}<span class="own">${english(why, 300)}</span></p>
	<div class="actions"><button type="button" @click=${send("how-again")}>${t("how.again")}</button></div></section>`;
}
