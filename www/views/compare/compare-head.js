// Comparison -> www. The head of a comparison: both names, the platform with a choice of others, and the commands.

import { html, nothing } from "lit";
import { emit } from "../../elements/part.js";
import { visible } from "../../i18n/format.js";
import { listed, t } from "../../i18n/strings.js";

/** @typedef {import("../../elements/compare/compare.js").StowCompare} View */

/** The most platforms that are offered; a hostile index may name thousands. */
const MOST = 200;

/** @type {readonly ["a", "b"]} */
export const SIDES = ["a", "b"];

/** @param {View} view */
export function compareHead(view) {
	const { a, b, fixed, local } = view;
	const open = view.changing || !a || !b || (view.failure !== undefined && !view.comparison && !lacking(view));
	const change = () => {
		view.changing = !open;
	};
	return html`<div class="compare-head"><h2 id="compare-title"><code>${visible(a, 200)}</code> <span aria-hidden="true">→</span><span class="sr">${t("compare.and")}</span> <code>${visible(b, 200)}</code></h2>
			${platformChoice(view)}
			<div class="compare-actions">${fixed ? nothing : html`<button type="button" @click=${said("stow-compare-swap")}>${t("compare.swap")}</button>`}
			${fixed || local ? nothing : html`<button type="button" aria-expanded=${open} @click=${change}>${t("compare.change")}</button><stow-copy plain .text=${() => location.href} label=${t("compare.link")}></stow-copy>`}
			${local ? html`<button type="button" @click=${said("stow-compare-close")}>${t("compare.close")}</button>` : nothing}</div></div>
		${fixed || local || !open ? nothing : pairForm(view)}`;
}

/** @param {string} name */
export const said = (name) => (/** @type {Event} */ event) => emit(event.currentTarget, name);

/** @param {View} view */
function pairForm({ a, b }) {
	const submit = (/** @type {SubmitEvent} */ event) => {
		event.preventDefault();
		const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
		const [one, other] = SIDES.map((name) => String(data.get(name) ?? "").trim());
		if (one && other) emit(event.currentTarget, "stow-compare-pair", { a: one, b: other });
	};
	return html`<form class="compare-pair" @submit=${submit}>
		<label>${t("compare.first")} <input name="a" .value=${a} autocomplete="off" spellcheck="false"></label>
		<label>${t("compare.second")} <input name="b" .value=${b} autocomplete="off" spellcheck="false"></label>
		<button type="submit">${t("compare.go")}</button></form>`;
}

/** The platforms that were asked for, of each side. @param {Pick<View, "platform" | "platforms">} view */
const askedOf = ({ platform, platforms }) => platforms ?? [platform, platform];

/** True if a platform is the one that was asked for, whose variant may be left open. @param {string} asked @param {string} own */
const fits = (asked, own) => own === asked || own.startsWith(`${asked}/`);

/** The platforms in view if a side is an index of several, to choose another one of; else in words. @param {View} view */
function platformChoice(view) {
	const { comparison, sides } = view;
	const asked = askedOf(view);
	if (view.fixed || !SIDES.some((side) => sides[side].length > 1)) {
		const named = [...new Set(asked.filter((one) => one !== undefined))];
		return named.length > 0 ? html`<span class="note">${visible(named.join(" → "), 140)}</span>` : nothing;
	}
	const all = [...new Set(SIDES.flatMap((side) => sides[side]))].slice(0, MOST);
	const [one, other] = SIDES.map((side, at) => {
		const wanted = asked[at] ?? comparison?.[side].platform;
		return wanted && (all.find((name) => fits(wanted, name) || fits(name, wanted)) ?? wanted);
	});
	const isPair = one !== other;
	const extra = one === undefined || isPair || all.includes(one) ? [] : [one];
	const chosen = (/** @type {Event} */ { currentTarget }) =>
		emit(currentTarget, "stow-compare-platform", { platform: /** @type {HTMLSelectElement} */ (currentTarget).value });
	const only = (/** @type {string} */ name) => {
		const has = SIDES.filter((side) => sides[side].includes(name));
		return has.length === 1 ? `${t("list.colon")}${t(`compare.only.${has[0]}`)}` : "";
	};
	return html`<label class="platform"><span class="sr">${t("verdict.platform")}</span><select @change=${chosen}>
		${isPair || one === undefined ? html`<option value="" disabled .selected=${true}>${visible([one, other].filter(Boolean).join(" → "), 140)}</option>` : nothing}
		${[...all, ...extra].map((name) => html`<option value=${name} .selected=${!isPair && name === one}>${visible(name, 60)}${only(name)}</option>`)}</select></label>`;
}

/** The sides that have not the platform that was asked for. @param {View} view */
function lacking(view) {
	if (view.failure?.reason !== "no-platform-to-compare") return undefined;
	const asked = askedOf(view);
	const found = SIDES.flatMap((side, at) => {
		const [platform, own] = [asked[at], view.sides[side]];
		return platform && own.length > 0 && !own.some((name) => fits(platform, name)) ? [{ side, platform, own }] : [];
	});
	return found.length > 0 ? found : undefined;
}

/** Sentences about the sides that have no such platform, if the comparison failed for that. @param {View} view */
export function lackingWords(view) {
	const sentence = ({ side = "", platform = "", own = [""] }) => {
		const names = own.slice(0, 20).map((name) => visible(name, 60));
		return t(`compare.lacks.${side}`, { platform: visible(platform, 60), all: listed(names) });
	};
	return lacking(view)?.map(sentence).join(" ");
}

/** The sides whose single image is for another platform than the one that was asked for. @param {View} view @returns {string[]} */
export function otherPlatforms(view) {
	const asked = askedOf(view);
	return SIDES.flatMap((side, at) => {
		const [platform, own] = [asked[at], view.comparison?.[side].platform];
		if (!platform || !own || fits(platform, own)) return [];
		return [t(`compare.other.${side}`, { asked: visible(platform, 60), platform: visible(own, 60) })];
	});
}

/** The short names of both sides: their tags if nothing else differs, or their platforms. @param {View} view @returns {[string, string] | undefined} */
export function namesOf({ a, b, platforms }) {
	if (a === b) return platforms;
	const [[, one, first = ""] = [], [, other, second = ""] = []] = [a, b].map(
		(text) => /^(.+):([\w.-]{1,24})$/.exec(text) ?? [],
	);
	return one !== undefined && one === other ? [first, second] : undefined;
}

/** The head of a column or branch. @param {[string, string] | undefined} names @param {0 | 1} side */
export const sideName = (names, side) =>
	names ? html`<code>${visible(names[side], 60)}</code>` : t(side === 0 ? "compare.before" : "compare.after");
