// Sizes -> www. The wasted space by directory: which layer has it, which one ends it, and what to change in the build.

import { html, nothing } from "lit";
import { tint } from "../../anatomy/node-row.js";
import { emit, vars } from "../../elements/part.js";
import { exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { commandOf } from "../../lib/command.js";
import { shownPath } from "../files/file-text.js";

/** @typedef {import("../files/contract.js").Waste} Waste */

/** The line that an advice writes into a build, by its code. @type {Record<string, (path: string) => string>} */
const WRITTEN = {
	"cache-mount": (path) => `RUN --mount=type=cache,target=${path}`,
	"dpkg-exclude": (path) => `path-exclude=${path}`,
	"rpm-nodocs": () => "dnf --setopt=tsflags=nodocs",
	"same-content": () => "COPY --chown --chmod",
};

/**
 * @param {Waste[]} rows @param {import("../files/contract.js").LayerRef[]} layers
 * @param {(position: number) => number} toneOf the place of a layer on the ramp, 0 to 1
 */
export function wasteTable(rows, layers, toneOf) {
	const column = (/** @type {string} */ key, kind = "") =>
		html`<th scope="col" class=${kind}>${t(`sizes.waste.${key}`)}</th>`;
	return html`<div class="scroll waste" tabindex="0" role="region" aria-label=${t("sizes.worst")}><table class="list"><thead><tr>${column("directory")}${column("bytes", "number")}${column("happened", "roomy")}${column("change", "roomy")}</tr></thead>
		<tbody>${rows.map((row) => {
			const [told, advice] = [happened(row, layers, toneOf), adviceOf(row)];
			return html`<tr><th scope="row"><button type="button" class="link" @click=${(/** @type {Event} */ event) => emit(event.currentTarget, "stow-files-path", { path: row.path })}><code>${shownPath(row.path || "/")}</code></button>
				<div class="narrow">${told}<p class="advice">${advice}</p></div></th>
				<td class="number" title=${exactBytes(row.bytes)}><strong>${size(row.bytes)}</strong><br><span class="note">${t("sizes.waste.files", { n: row.files })}</span></td>
				<td class="roomy">${told}</td><td class="roomy advice">${advice}</td></tr>`;
		})}</tbody></table></div>`;
}

/** @param {Waste} row @param {import("../files/contract.js").LayerRef[]} layers @param {(position: number) => number} toneOf */
function happened({ layer, by, how }, layers, toneOf) {
	const command = (/** @type {number} */ position) => {
		const text = commandOf(layers.find((one) => one.position === position)?.history ?? "");
		return text ? html` <code>${visible(text, 200)}</code>` : nothing;
	};
	const swatch = html`<i class="swatch" ${vars({ "--tone": tint(toneOf(layer)) })}></i>`;
	return html`<p class="event">${swatch}${t("sizes.waste.added", { n: layer + 1 })}${command(layer)}</p>
		<p class="event is-end">${t(`sizes.waste.${how}`, { n: by + 1 })}${how === "repeated" ? nothing : command(by)}</p>`;
}

/** @param {Waste} row */
function adviceOf({ advice: { code, path = "" } }) {
	const written = WRITTEN[code]?.(path);
	return html`${t(`sizes.advice.${code}`)}${written ? html` <code>${visible(written, 200)}</code>` : nothing}`;
}
