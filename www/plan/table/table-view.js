// Report -> www/plan. The table of images as one template: a row an image, the reasons below those that fail, the counts at the foot.

import { html, nothing } from "lit";
import { exactBytes, shortDigest, size, visible } from "../../i18n/format.js";
import { first, t } from "../../i18n/strings.js";
import { digestOf } from "../../model/model.js";
import { errorText } from "../../views/core-words.js";
import { warningsIn } from "../../views/fact-rows.js";
import { values } from "../../views/failure.js";
import { headlineOf } from "../../views/headline.js";
import { head } from "../../views/history.js";
import { digestBar, mark } from "../../views/marks.js";

/**
 * @typedef {import("../../model/model.js").Model} Model
 * @typedef {import("./table-inner.js").Row} Row
 * @typedef {import("./table-inner.js").Outside & { lang: string, retry: (row: Row) => void }} Look
 */

/** @param {{ rows: Row[], said: string, code: string }} state @param {Look} look */
export function tableView({ rows, said, code }, look) {
	return html`<div class="plan" part="table" data-scheme=${look.scheme} lang=${look.lang}>
		<div class="plan-frame"><table class="plan-images"><caption class="sr">${visible(look.caption, 200) || t("plan.table.label")}</caption>
			<thead><tr>${head("plan.table.image")}<th scope="col" class="wider">${t("fact.digest.head")}</th><th scope="col" class="number wider few">${t("plan.table.platforms")}</th>
				<th scope="col" class="number">${t("plan.layers.size")}</th>${head("plan.table.status")}</tr></thead>
			<tbody>${rows.map((row, at) => html`${line(row, at, look)}${why(row, look)}`)}</tbody></table>
		${foot(rows, look.linkAll(code))}</div>
		<p class="sr" role="status">${said}</p></div>`;
}

/** @param {Row} row @param {number} at @param {Look} look */
function line(row, at, look) {
	const { model, digest } = row;
	const image = model?.chosen();
	const root = model?.roots[0];
	const known = root ? digestOf(root) : digest;
	const open = row.state === "idle" || row.state === "failed" ? "" : "…";
	const bytes = image && model?.download(image);
	return html`<tr data-row=${at} class="is-${markOfRow(row)}" part="row"><th scope="row">${nameOf(row, look)}</th>
		<td class="wider">${known ? html`<span class="digest" title=${visible(known, 200)}>${digestBar(known)}<code>${shortDigest(known)}</code></span>` : open}</td>
		<td class="number wider few">${model ? Math.max(1, model.platforms().length) : open}</td>
		<td class="number" title=${exactBytes(bytes)}>${model ? size(bytes) : open}</td>
		<td class="status">${status(row)}</td></tr>`;
}

/** The name as its author wrote it; its digest stands beside it. @param {Row} row @param {Look} look */
function nameOf(row, { link }) {
	const [name = "", digest] = row.text.split("@");
	const slash = name.indexOf("/");
	const host = slash > 0 && /[.:]|^localhost$/.test(name.slice(0, slash)) ? name.slice(0, slash + 1) : "";
	const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
	const [repository, tag] = colon < 0 ? [name, ""] : [name.slice(0, colon), name.slice(colon)];
	const rest = digest && !row.model ? `@${visible(digest.slice(0, 14), 20)}…` : "";
	const words = html`${host ? html`<span class="registry">${visible(host, 300)}<wbr></span>` : nothing}${visible(repository.slice(host.length), 300)}<span class="tag">${visible(tag, 130)}${rest}</span>`;
	const href = link(row);
	const title = visible(row.text, 400);
	return href
		? html`<a href=${href} title=${title} target="_blank" rel="noopener noreferrer">${words}</a>`
		: html`<span title=${title}>${words}</span>`;
}

/** @param {Row} row @returns {import("../../views/marks.js").Mark} */
function markOfRow({ state, model }) {
	if (model) return headlineOf(model).mark;
	return state === "failed" ? "warn" : state === "idle" ? "not-checked" : "busy";
}

/** The checks that hold one value against another. */
const DIFFERS = new Set(["digest", "size", "diff-id"]);

/** @param {Row} row */
function status(row) {
	const { model, state } = row;
	const shape = markOfRow(row);
	if (!model) return mark(shape, true, t(`plan.table.${state === "waiting" ? "loading" : state}`));
	const failure = model.firstFailure();
	if (failure) return mark(shape, true, t(DIFFERS.has(failure.check.id) ? "plan.table.differs" : "plan.table.fails"));
	const { title, mark: own } = headlineOf(model);
	const { layers } = model.report.summary.facts ?? {};
	const short = own !== "pass" ? "none" : layers?.of && layers.verified === layers.of ? "verified" : "matches";
	const n = warningsIn(model);
	return html`<span title=${title}>${mark(shape, true, t(`plan.table.${short}`))}</span>${n > 0 ? html` <span class="is-warn" title=${t("plan.warnings", { n })}>${mark("warn", false, t("plan.warnings", { n }))}<span aria-hidden="true">${n}</span></span>` : nothing}`;
}

/** The fault below the row: both values, or why nothing came. @param {Row} row @param {Look} look */
function why(row, { retry }) {
	const { model, failure } = row;
	const found = model?.firstFailure();
	if (model && found)
		return html`<tr class="why is-fail"><td colspan="5"><p role="alert"><strong>${headlineOf(model).title}</strong></p>${values(found.check)}</td></tr>`;
	if (row.state !== "failed" || !failure) return nothing;
	return html`<tr class="why is-open"><td colspan="5"><p role="alert"><strong>${first(`error.${failure.code}`, "error.unknown")}</strong> ${errorText(failure, 300)}</p>
		<p><button type="button" class="quiet" aria-label=${t("plan.table.again", { reference: visible(row.text, 200) })} @click=${() => retry(row)}>${t("error.retry")}</button>
		<code class="note">${t("error.code", { code: visible(failure.code, 60) })}</code></p></td></tr>`;
}

/** @param {Row[]} rows @param {string | undefined} link */
function foot(rows, link) {
	const count = (/** @type {(row: Row) => unknown} */ of) => rows.filter(of).length;
	const known = count(({ model }) => model);
	const failing = count(({ model }) => model?.firstFailure());
	const unread = count(({ state }) => state === "failed");
	const facts = [
		t("plan.table.count", { n: rows.length }),
		known < rows.length ? t("plan.table.checked", { n: known }) : "",
		failing > 0 ? t("plan.table.failing", { n: failing }) : "",
		unread > 0 ? t("plan.table.unread", { n: unread }) : "",
	].filter(Boolean);
	return html`<div class="plan-foot"><p>${facts.join(" · ")}</p>${
		link
			? html`<a part="link" href=${link} target="_blank" rel="noopener noreferrer">${t("plan.table.open")}</a>`
			: nothing
	}</div>`;
}
