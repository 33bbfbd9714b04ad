// Line: www, what goes on and what went wrong: progress in words, errors with what to do.

import { html, nothing } from "lit";
import { emit } from "../elements/part.js";
import { duration, size, visible } from "../format.js";
import { first, t } from "../strings.js";
import { english } from "./told.js";

/**
 * @typedef {{ text: string, done: number, total: number, requests: number, bytes: number, note?: string, more?: unknown }} Progress `more`: a view of its parts
 * @typedef {{ code: string, message: string, retryAfter?: number }} Failure
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

/** Errors that the settings (proxy, credentials) can mend. */
const SETTINGS = new Set([
	"registry-unreachable",
	"unauthorized",
	"forbidden",
	"rate-limited",
	"proxy-refused",
	"not-found",
]);

/** @param {Failure} failure */
export function errorView({ code, message, retryAfter }) {
	const todo = first(`todo.${code}`, "todo.unknown");
	/** @param {string} name */
	const send = (name) => (/** @type {Event} */ event) => emit(event.currentTarget, name);
	return html`<section class="error" role="alert">
		<h2><span class="mark mark-fail" aria-hidden="true"><span class="shape">✗</span></span> ${first(`error.${code}`, "error.unknown")}</h2>
		<p class="message">${english(message, 600)}</p>
		<p>${todo}${retryAfter === undefined ? nothing : html` ${t("error.retryAfter", { time: duration(retryAfter) })}`}</p>
		<div class="actions">
			<button type="button" @click=${send("stow-retry")}>${t("error.retry")}</button>
			${SETTINGS.has(code) ? html`<button type="button" class="quiet" @click=${send("stow-settings")}>${t("error.settings")}</button>` : nothing}
			<button type="button" class="quiet" @click=${send("stow-dismiss")}>${t("error.close")}</button>
			<code class="note">${t("error.code", { code: visible(code, 60) })}</code>
		</div>
	</section>`;
}
