// Comparison -> www. Shows differences of sizes and counts, and the bytes that Docker's classic store downloads beyond other stores.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { listed, t } from "../../i18n/strings.js";

/**
 * The bytes that Docker's classic store downloads, if they are more.
 * @param {{ pull: number, layers: number }} classic @param {number} pull
 */
export const classicCost = (classic, pull) =>
	classic.pull > pull ? html` ${t("compare.classic", { pull: size(classic.pull), n: classic.layers })}` : nothing;

/** A difference of sizes with its sign. @param {number} bytes */
export const signed = (bytes) => (bytes === 0 ? "0" : `${bytes < 0 ? "−" : "+"}${size(Math.abs(bytes))}`);

/**
 * The number of paths in each state; states without paths are left out.
 * @param {{ added: number, changed: number, removed: number, renamed?: number }} counts
 */
export function countsOf({ added, changed, removed, renamed = 0 }) {
	const parts = [
		added > 0 ? t("compare.n.added", { n: added }) : "",
		changed > 0 ? t("compare.n.changed", { n: changed }) : "",
		removed > 0 ? t("compare.n.removed", { n: removed }) : "",
		renamed > 0 ? t("compare.n.renamed", { n: renamed }) : "",
	];
	return listed(parts.filter(Boolean));
}
