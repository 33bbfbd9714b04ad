// Comparison -> www. Shows the bytes that Docker's classic store downloads beyond other stores.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";

/**
 * The bytes that Docker's classic store downloads, if they are more.
 * @param {{ pull: number, layers: number }} classic @param {number} pull
 */
export const classicCost = (classic, pull) =>
	classic.pull > pull ? html` ${t("compare.classic", { pull: size(classic.pull), n: classic.layers })}` : nothing;
