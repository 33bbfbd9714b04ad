// The bases of an image: each claim with its place, the proof by its layers, and if its tag has moved on.

import { html, nothing } from "lit";
import { visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { digestLink, mark } from "../marks.js";

/** @typedef {import("../../engine/compare/lineage-facts.js").Base} Base */

/** @type {Record<Base["state"], import("../marks.js").Mark>} */
const MARKS = { proved: "pass", refuted: "fail", claimed: "not-checked" };

/** The most claims that are drawn. */
const ROWS = 64;

/** @param {import("../../elements/compare/lineage.js").StowLineage} view */
export function baseView(view) {
	const { bases, busy, image } = view;
	if (!image?.read || image.kind !== "manifest") return nothing;
	const open = (/** @type {Event} */ { currentTarget }) => {
		if (/** @type {HTMLDetailsElement} */ (currentTarget).open && !bases) void view.bring({});
	};
	if (!bases)
		return html`<details class="inventory bases" @toggle=${open}><summary>${t("base.title")}</summary></details>`;
	const named = bases.some(({ name, digest }) => name && digest);
	const submit = (/** @type {SubmitEvent} */ event) => {
		event.preventDefault();
		const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("base") ?? "").trim();
		if (text) void view.bring({ base: text });
	};
	return html`<details class="inventory bases" open><summary>${t("base.title")}</summary>
		${bases.length > 0 ? html`<ul class="plain">${bases.slice(0, ROWS).map((one) => line(view, one))}</ul>` : html`<p class="note">${t("base.none")}</p>`}
		<form class="tags-bar" @submit=${submit}><label>${t("base.named")} <input name="base" spellcheck="false" autocomplete="off" autocapitalize="off"></label>
			<button type="submit" ?disabled=${busy}>${t("base.prove")}</button>
			${named ? html`<button type="button" ?disabled=${busy} @click=${() => view.bring({ check: true })}>${t("base.check")}</button>` : nothing}</form>
		<p class="note">${t("base.hint")}</p></details>`;
}

/** @param {import("../../elements/compare/lineage.js").StowLineage} view @param {Base} base */
function line(view, base) {
	const { by, state, name, digest, layers, tag } = base;
	const hold = () => void view.bring({ base: name && digest ? `${name.replace(/@.*$/, "")}@${digest}` : (name ?? "") });
	return html`<li>${mark(MARKS[state], true, t(`base.state.${state}`))} ${name ? html`<code>${visible(name, 300)}</code>` : nothing} ${digest ? digestLink(digest, false) : nothing}
		<span class="note">${t(`base.by.${by}`)}${layers ? html` · ${t("base.layers", { n: layers })}` : nothing}${tag ? html` · ${t(`base.tag.${tag}`)}` : nothing}</span>
		${state === "claimed" && name && by !== "user" ? html`<button type="button" class="quiet" ?disabled=${view.busy} @click=${hold}>${t("base.hold")}</button>` : nothing}</li>`;
}
