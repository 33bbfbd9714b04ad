// files -> www. The images of a file as a table: pinned or not, the digest that the tag serves now, and the change that pins all.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { day, size, visible } from "../../i18n/format.js";
import { has, t } from "../../i18n/strings.js";
import { english } from "../core-words.js";
import { digestBar, mark } from "../marks.js";
import { change } from "./pins-change.js";

/**
 * @typedef {import("../../types.js").CheckedRow} CheckedRow
 * @typedef {import("../../types.js").ImageRow} ImageRow
 * @typedef {object} Pins
 * @property {string} text the file's
 * @property {string} name the file's, or a name for what was pasted
 * @property {(ImageRow & Partial<CheckedRow>)[]} rows
 * @property {number} requests how many names "Check" asks for
 * @property {boolean} busy
 * @property {boolean} [hub] whether an image is on Docker Hub
 * @property {boolean} [details] whether sizes and dates are asked for, too
 * @property {boolean} [countedPulls] whether also on Docker Hub
 * @property {string} [pinned] the text with these images pinned, once it is known
 * @property {CheckedRow[]} [pinnedRows] which these are
 * @property {string} [patch] the same as a patch
 */

/** @param {Event} event @param {object} how */
const ask = (event, how) => emit(event.currentTarget, "stow-pins", how);

/** @param {object} how */
const asking = (how) => (/** @type {Event} */ event) => ask(event, how);

/** @param {Pins} pins */
export function pinsCard(pins) {
	const { rows, name, text, patch } = pins;
	const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
	return html`<section class="pins" aria-label=${t("pins.title", { name: visible(name, 100) })}>
		<div class="title-row"><h2 class="subject"><code><strong>${visible(name, 100)}</strong></code></h2>
			<p class="note">${t("pins.count", { n: rows.length, lines })} <span aria-hidden="true">·</span> ${t("pins.stays")}</p>
			<div class="actions"><button type="button" @click=${asking({ act: "copy" })}>${t("pins.copy")}</button>
			<button type="button" @click=${asking({ act: "save" })}>${t("pins.save")}</button></div></div>
		${summary(pins)}
		${table(rows)}
		${patch ? change(patch, name) : nothing}</section>`;
}

/** The state of all rows, the one next step, and the names of each state. @param {Pins} pins */
function summary(pins) {
	const { rows, requests, busy } = pins;
	const open = rows.filter(isOpen).length;
	const of = (/** @type {string[]} */ ...codes) => rows.filter((row) => codes.includes(codeOf(row)));
	const [moved, gone, loose, agrees, left] = [
		of("moved"),
		of("gone"),
		of("not-pinned"),
		of("agrees"),
		of("not-asked", "pinned"),
	];
	const asked = rows.some(({ state }) => state);
	const [shape, key, told] = !asked
		? /** @type {const} */ (["not-checked", "unasked", []])
		: gone.length > 0
			? /** @type {const} */ (["fail", "gone", gone])
			: moved.length > 0
				? /** @type {const} */ (["warn", "moved", moved])
				: loose.length > 0
					? /** @type {const} */ (["not-checked", "loose", loose])
					: left.length > 0
						? /** @type {const} */ (["not-checked", "left", left])
						: /** @type {const} */ (["pass", "agree", []]);
	const rest = /** @type {const} */ ([
		["warn", "moved", moved],
		["not-checked", "loose", loose],
		["not-checked", "left", left],
		["pass", "agrees", agrees],
	]);
	return html`<div class=${`block ${shape === "pass" || shape === "fail" ? `is-${shape}` : ""}`}>
		<div class="facts-head"><h2>${mark(shape)}<span class="words">${t(`pins.head.${key}`, { n: told.length })}</span></h2>
			<p class="note">${asked ? namesOf(told) : t("pins.requests", { n: requests })}</p>
			<div class="next">${open > 0 ? html`<button type="button" class="primary" @click=${asking({ act: "all" })}>${t("pins.all", { n: open })}</button>` : nothing}
				<button type="button" class=${open > 0 ? "" : "primary"} ?disabled=${busy} @click=${asking({ act: "check" })}>${t("pins.check")}</button></div></div>
		${rest.map(([shape, key, those]) => (those.length === 0 || those === told || !asked ? nothing : fact(shape, key, those)))}
		${consents(pins)}</div>`;
}

/** @param {import("../marks.js").Mark} shape @param {string} key @param {readonly Pins["rows"][number][]} rows */
const fact = (shape, key, rows) =>
	html`<div class="fact-row">${mark(shape)}<p><strong>${t(`pins.fact.${key}`, { n: rows.length })}</strong> ${namesOf(rows)}</p></div>`;

/** The most names that a sentence lists. */
const NAMED = 8;

/** @param {readonly Pins["rows"][number][]} rows */
const namesOf = (rows) =>
	rows
		.slice(0, NAMED)
		.map(({ label, reference }) => visible(label || (reference.split("@")[0] ?? reference), 60))
		.concat(rows.length > NAMED ? "…" : [])
		.join(t("list.comma"));

/** @param {Pins["rows"]} rows */
function table(rows) {
	const detailed = rows.some(({ size, noDetails }) => size !== undefined || noDetails);
	const named = rows.some(({ label }) => label);
	return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("pins.table")}>
		<table class="list"><thead><tr>${named ? html`<th scope="col" class="extra">${t("pins.name")}</th>` : nothing}<th scope="col">${t("pins.image")}</th>
			<th scope="col" class="extra">${t("pins.inFile")}</th><th scope="col" class="extra">${t("pins.now")}</th>
			${detailed ? html`<th scope="col" class="number extra">${t("fact.size")}</th><th scope="col" class="extra">${t("pins.created")}</th>` : nothing}
			<th scope="col" class="number extra">${t("pins.line")}</th><th scope="col">${t("pins.state")}</th><th scope="col"><span class="sr">${t("pins.one")}</span></th></tr></thead>
		<tbody>${rows.map((one, at) => row(one, at, named, detailed))}</tbody></table></div>`;
}

/** Size and date take more requests, and on Docker Hub each of them counts as a pull: only with a yes. @param {Pins} pins */
function consents({ rows, details = false, countedPulls = false, hub = false, requests }) {
	const box = (
		/** @type {string} */ key,
		/** @type {boolean} */ on,
		/** @type {object} */ how,
		/** @type {Record<string, number>} */ params = {},
	) =>
		html`<label class="consent"><input type="checkbox" .checked=${on} @change=${asking(how)}> ${t(key, params)}</label>`;
	return html`<div class="consents">${box("pins.details", details, { act: "consent", details: !details }, { n: requests * 3 })}
		${hub && details ? box("pins.counted", countedPulls, { act: "consent", countedPulls: !countedPulls }, { n: rows.length }) : nothing}</div>`;
}

/** True if the row can be pinned to what its tag serves. @param {Pins["rows"][number]} row */
const isOpen = ({ now, digest, edit }) => !!edit && !!now && now !== digest;

/** @param {Pins["rows"][number]} row */
const codeOf = ({ state, pinned }) => state ?? (pinned ? "pinned" : "not-pinned");

/** @param {Pins["rows"][number]} one @param {number} at @param {boolean} named @param {boolean} detailed */
function row(one, at, named, detailed) {
	const { reference, label, digest, now, line, why, message, edit, size: bytes, created, noDetails } = one;
	const [name = reference] = reference.split("@");
	const code = codeOf(one);
	return html`<tr class=${`pin-${code}`}>${named ? html`<td class="extra"><strong>${visible(label, 60)}</strong></td>` : nothing}<th scope="row"><button type="button" class="link"
			@click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-inspect", { text: reference })}><code>${visible(name, 120)}</code></button></th>
		<td class="extra">${digest ? short(digest) : html`<span class="note">${t("pins.none")}</span>`}</td><td class="extra">${now ? short(now) : nothing}</td>
		${detailed ? html`<td class="number extra">${bytes === undefined ? nothing : size(bytes)}</td><td class="extra">${created ? when(created) : reasonFor(noDetails)}</td>` : nothing}
		<td class="number extra">${line}</td>
		<td>${mark(MARKS[code] ?? "not-checked", true, t(`pins.is.${code}`))}${edit ? nothing : html`<br><span class="note">${t("pins.behind")}</span>`}
			${why ? html`<br><span class="note">${has(`pins.why.${why}`) ? t(`pins.why.${why}`) : english(message ?? why, 200)}</span>` : nothing}</td>
		<td class="act">${isOpen(one) ? html`<button type="button" class="quiet" aria-label=${t(digest ? "pins.update.label" : "pins.one.label", { name: visible(name, 120) })} @click=${asking({ act: "pin", at })}>${t(digest ? "pins.update" : "pins.one")}</button>` : nothing}</td></tr>`;
}

/** @param {string | undefined} code */
const reasonFor = (code) =>
	code
		? html`<span class="note">${has(`pins.why.${code}`) ? t(`pins.why.${code}`) : visible(code, 60)}</span>`
		: nothing;

/** Shape and word beside the colour. @type {Record<string, import("../marks.js").Mark>} */
const MARKS = { agrees: "pass", moved: "warn", gone: "fail", pinned: "info" };

/** @param {string} digest */
const short = (digest) =>
	html`<span title=${digest}>${digestBar(digest)} <code>${digest.replace(/^sha256:/, "").slice(0, 12)}</code></span>`;

/** A date as the config has it; one that is no date stays as it is written. @param {string} created */
const when = (created) => (Number.isNaN(Date.parse(created)) ? visible(created, 40) : day(Date.parse(created)));
