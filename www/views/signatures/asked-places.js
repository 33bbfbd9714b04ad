// Report -> www. The places where signatures lie, and what each answered.

import { html, nothing } from "lit";
import { shortDigest, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { checkText } from "../core-words.js";
import { mark } from "../marks.js";

/** @typedef {import("../../types.js").AskedPlace} AskedPlace */

/** One mark for the places of all digests. @type {Record<AskedPlace["state"], import("../../types.js").Outcome>} */
const MARKS = { found: "pass", empty: "not-checked", "not-asked": "not-checked", failed: "not-checked" };

/** The best answer leads. */
const ORDER = { found: 0, failed: 1, empty: 2, "not-asked": 3 };

/**
 * @param {AskedPlace[]} all
 * @param {(node: string) => string} nameOf what a digest is called
 */
export function places(all, nameOf) {
	const kinds = [...new Set(all.map(({ place }) => place))];
	return html`<details class="places"><summary><span class="label">${t("trust.places")}</span>
		${kinds.map((kind) => {
			const answers = all.filter(({ place }) => place === kind).sort((a, b) => ORDER[a.state] - ORDER[b.state]);
			const best = answers[0];
			return best
				? html`<span class="place is-${best.state}">${mark(MARKS[best.state])} ${t(`trust.place.${kind}`)}<span class="note">${t(`trust.state.${stateOf(best)}`)}</span></span>`
				: nothing;
		})}</summary>
		<ul>${all.map(
			({ check, node, name, about }) => html`<li><code>${shortDigest(about)}</code> ${visible(nameOf(node), 60)}
			${name ? html`<code class="note" title=${name}>${shortTag(name)}</code>` : nothing} ${checkText(check)}</li>`,
		)}</ul></details>`;
}

/** A registry without the API has answered. @param {AskedPlace} place */
const stateOf = ({ state, check }) => (check.reason === "place-not-offered" ? "not-offered" : state);

/** `sha256-49e0….sig` @param {string} name */
const shortTag = (name) => name.replace(/^(\w+-\w{4})\w+/, "$1…");
