// Progress in words, and errors with the next step.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { duration, size, visible } from "../i18n/format.js";
import { first, t } from "../i18n/strings.js";
import { errorText } from "./core-words.js";
import { mark } from "./marks.js";

/**
 * @typedef {{ text: string, done: number, total: number, requests: number, bytes: number, note?: string, more?: unknown, goesOn?: boolean,
 *   reading?: Map<string, number> }} Progress `more`: a view of its parts; `goesOn`: it is about the image in view; `reading`: how
 *   much of each layer has been read
 * @typedef {{ code: string, message: string, retryAfter?: number, reason?: string, params?: any,
 *   offline?: boolean }} Failure `offline`: the browser has no network
 */

/** @param {Progress} progress */
export function progressView({ text, done, total, requests, bytes, note, more }) {
	const known = total > 0;
	return html`<section class="progress" aria-label=${t("progress.label")}>
		<p><span class="stage">${visible(text, 200)}</span>
			<span class="note">${known ? (note ?? t("progress.steps", { done, total })) : nothing}${known && requests > 0 ? " · " : nothing}${requests > 0 ? t("progress.requests", { n: requests, size: size(bytes) }) : nothing}</span></p>
		${
			known
				? html`<progress aria-label=${t("progress.label")} max=${total} .value=${done}></progress>`
				: html`<progress aria-label=${t("progress.label")}></progress>`
		}
		${more}
	</section>`;
}

/** The result's layout before there is one: the verdict's place with what goes on, sunk blocks at their heights. @param {Progress} progress */
export function skeleton(progress) {
	const cancel = (/** @type {Event} */ event) => emit(event.currentTarget, "stow-cancel");
	return html`<div class="skeleton"><div class="title-row"><span class="sunk wide"></span></div>
		<div class="block"><div class="facts-head">${mark("busy", false, "")}
			${progressView(progress)}<div class="next"><button type="button" @click=${cancel}>${t("box.cancel")}</button></div></div></div>
		<div class="ghost" aria-hidden="true">${Array.from({ length: 8 }, () => html`<span class="sunk"></span>`)}</div></div>`;
}

/** Errors that the settings (proxy, credentials) can mend. */
const SETTINGS = new Set([
	"registry-unreachable",
	"unauthorized",
	"forbidden",
	"rate-limited",
	"proxy-refused",
	"not-found",
]);

/** One sentence, one command; what else is known is folded. @param {Failure} failure @param {boolean} [isOwn] whether who reads it runs the server, too */
export function errorView({ code, message, retryAfter, reason, params, offline }, isOwn) {
	const isCut = offline && code === "registry-unreachable";
	const todo = isCut
		? t("todo.offline")
		: first(isOwn ? `todo.${code}.own` : `todo.${code}`, `todo.${code}`, "todo.unknown");
	/** @param {string} name */
	const send = (name) => (/** @type {Event} */ event) => emit(event.currentTarget, name);
	const told = errorText({ message, reason, params }, 600);
	return html`<section class="error" role="alert">
		<h2>${mark("fail", false, "")} ${isCut ? t("error.offline") : first(`error.${code}`, "error.unknown")}</h2>
		<p>${todo}${retryAfter === undefined ? nothing : html` ${t("error.retryAfter", { time: duration(retryAfter) })}`}</p>
		<div class="actions">
			${SETTINGS.has(code) && !RETRIED.has(code) ? html`<button type="button" class="primary" @click=${send("stow-settings")}>${t("error.settings")}</button>` : html`<button type="button" class="primary" @click=${send("stow-retry")}>${t("error.retry")}</button>`}
			${SETTINGS.has(code) ? (RETRIED.has(code) ? html`<button type="button" @click=${send("stow-settings")}>${t("error.settings")}</button>` : html`<button type="button" @click=${send("stow-retry")}>${t("error.retry")}</button>`) : nothing}
			<button type="button" class="quiet" @click=${send("stow-dismiss")}>${t("error.close")}</button>
		</div>
		<details class="more"><summary>${t("error.more")}</summary><p class="message">${told}</p>
			<code class="note">${t("error.code", { code: visible(code, 60) })}</code></details>
	</section>`;
}

/** Those that another try mends sooner than the settings. */
const RETRIED = new Set(["registry-unreachable", "rate-limited", "not-found"]);
