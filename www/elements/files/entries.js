// Report -> www. `<stow-entries>`: the files of one layer, in the order of its tar, as `tar -tv` lists them.

import { html, nothing } from "lit";
import { modeOf, timeOf } from "../../formats/listing.js";
import { count, exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { Part } from "../part.js";

export class StowEntries extends Part {
	static properties = { node: {} };

	constructor() {
		super();
		/** @type {import("../../types.js").Node | undefined} */
		this.node = undefined;
	}

	render() {
		const { entries = [], entryCount = 0, unpacked } = this.node ?? {};
		const head = (/** @type {string} */ key) => html`<th scope="col">${t(key)}</th>`;
		return html`<p class="note">${t("entries.count", { n: entryCount, size: size(unpacked) })}</p>
			<div class="scroll" tabindex="0" role="region" aria-label=${t("details.files")}><table class="list"><thead>
				<tr>${head("entries.mode")}${head("entries.owner")}<th scope="col" class="number">${t("entries.size")}</th>${head("entries.time")}${head("entries.name")}</tr></thead>
			<tbody>${entries.map(
				(entry) => html`<tr><td><code>${modeOf(entry)}</code></td>
				<td>${visible(entry.uname || String(entry.uid), 40)}:${visible(entry.gname || String(entry.gid), 40)}</td>
				<td class="number" title=${exactBytes(entry.size)}>${entry.devmajor === undefined ? size(entry.size) : `${entry.devmajor}, ${entry.devminor}`}</td>
				<td class="time">${timeOf(entry.mtime)}</td>
				<td class="wide"><code>${visible(entry.name, 1000)}${entry.linkname ? html` → ${visible(entry.linkname, 1000)}` : nothing}</code></td></tr>`,
			)}</tbody></table></div>
			${entryCount > entries.length ? html`<p class="note">${t("entries.more", { n: count(entryCount - entries.length) })}</p>` : nothing}`;
	}
}
