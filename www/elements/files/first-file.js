// Report -> www. `<stow-first-file .model .image .api .settings>`: one file of a layer that was not read, no further than it goes.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { shownPath } from "../../views/files/file-text.js";
import { OnDemand } from "../on-demand.js";

export class StowFirstFile extends OnDemand {
	static properties = { found: { state: true } };

	constructor() {
		super();
		/** @type {(import("../../types.js").PeekedFile & { node: import("../../types.js").Node }) | undefined} */
		this.found = undefined;
	}

	/** @override */
	forget() {
		super.forget();
		this.found = undefined;
	}

	/** @param {import("../../types.js").Node} node @param {string} path @param {number} [most] */
	async read(node, path, most) {
		const { api, model, settings } = this;
		if (!api || !model) return;
		this.forget();
		await this.run(async (signal) => {
			const onProgress = (/** @type {{ bytes: number }} */ { bytes }) => {
				if (!signal.aborted) this.bytes = bytes;
			};
			const found = await api.peekFile(model.report, node.id, path, { ...asking(settings), most, signal, onProgress });
			if (!signal.aborted) this.found = { ...found, node };
		});
	}

	render() {
		const { model, image, found, busy } = this;
		const layers = image && model ? model.layers(image) : [];
		const open = layers.filter((node) => !node.read && model?.reaches(node));
		if (open.length === 0 && !found) return nothing;
		const submit = (/** @type {SubmitEvent} */ event) => {
			event.preventDefault();
			const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
			const node = layers[Number(given.get("layer"))];
			const path = String(given.get("path") ?? "").trim();
			if (node && path) void this.read(node, path);
		};
		const option = (/** @type {import("../../types.js").Node} */ node) => {
			const at = layers.indexOf(node);
			return html`<option value=${at}>${t("first.option", { n: at + 1, size: size(node.size ?? 0) })}</option>`;
		};
		return html`<details class="first-file" ?open=${!!found || busy || !!this.failure}><summary>${t("first.title")}</summary>
			<p class="note">${t("first.hint")}</p>
			<form class="tags-bar" @submit=${submit}><label>${t("first.layer")} <select name="layer">${open.map(option)}</select></label>
				<label>${t("first.path")} <input name="path" placeholder=${t("first.example")} required spellcheck="false" autocomplete="off" autocapitalize="off"></label>
				<button type="submit" ?disabled=${busy}>${t("first.read")}</button></form>
			${this.failed()}
			${busy ? html`<p role="status">${t("artifact.reading", { bytes: size(this.bytes) })} <button type="button" class="quiet" @click=${() => this.stop()}>${t("export.stop")}</button></p>` : nothing}
			${found ? this.shown(found, layers.indexOf(found.node)) : nothing}</details>`;
	}

	/** @param {NonNullable<StowFirstFile["found"]>} found @param {number} layer position */
	shown(found, layer) {
		const { path, kind, link, node, read, of, check } = found;
		if (kind !== "file") {
			const words = link === undefined ? t("first.none") : t("first.link", { to: shownPath(link) });
			return html`<p data-kind=${kind}><code>${shownPath(path)}</code> ${words}</p>`;
		}
		const more = (/** @type {CustomEvent<{ most?: number }>} */ { detail }) => void this.read(node, path, detail.most);
		const close = () => this.forget();
		return html`<p class="note" data-read=${read}>${t("first.cost", { read: size(read), size: size(of ?? 0) })}</p>
			<stow-content .reading=${reading({ ...found, layer, first: check })} @stow-content-close=${close} @stow-open-file=${more}></stow-content>`;
	}
}

/** The same object for the same bytes: the view judges them once. @type {WeakMap<Uint8Array, import("../../views/content/around-content.js").Reading>} */
const readings = new WeakMap();

/** @param {any} made @returns {import("../../views/content/around-content.js").Reading} */
function reading(made) {
	const known = readings.get(made.bytes) ?? made;
	readings.set(made.bytes, known);
	return known;
}
