// Report -> www. `<stow-artifact .model .image .api .settings>`: the contents of an artifact that is no image, opened on demand.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { artifactView } from "../../views/files/artifact-view.js";
import { OnDemand } from "../on-demand.js";

export class StowArtifact extends OnDemand {
	static properties = { found: { state: true }, said: { state: true } };

	constructor() {
		super();
		/** @type {import("../../types.js").Artifact | undefined} */
		this.found = undefined;
		/** The message about a download. @type {string | undefined} */
		this.said = undefined;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.forget();
	}

	/** @override */
	forget() {
		super.forget();
		this.found?.files?.close();
		Object.assign(this, { found: undefined, said: undefined });
	}

	/** @param {{ id?: string, whole?: boolean }} [how] */
	async open(how = {}) {
		const { api, model, image, settings } = this;
		if (!api || !model || !image) return;
		this.said = undefined;
		await this.run(async (signal) => {
			const onProgress = (/** @type {{ bytes?: number }} */ { bytes = 0 }) => {
				if (!signal.aborted) this.bytes = bytes;
			};
			const asked = { ...asking(settings), id: image.id, ...how, signal, onProgress };
			const found = await api.readArtifact(model.report, asked);
			if (signal.aborted) return found.files?.close();
			this.found?.files?.close();
			this.found = found;
		});
	}

	/** A blob as it is, to the reader's disk. @param {string} id */
	async keep(id) {
		const { api, model, settings } = this;
		if (!api || !model) return;
		try {
			const { saveTar, words } = await import("../../page/saving-tar.js");
			await words();
			await saveTar(api, model.report, { ...asking(settings), layer: id, raw: true });
			this.said = t("artifact.saved");
		} catch (/** @type {any} */ error) {
			if (error?.code !== "aborted") this.failure = failureOf(error);
		}
	}

	render() {
		const { busy, found } = this;
		return html`${this.failed()}
			${found ? artifactView(this, found) : busy ? nothing : this.offer()}
			${busy ? html`<p role="status">${t("artifact.reading", { bytes: size(this.bytes) })} <button type="button" class="quiet" @click=${() => this.stop()}>${t("export.stop")}</button></p>` : nothing}
			${this.said ? html`<p role="status" class="note">${this.said}</p>` : nothing}`;
	}

	offer() {
		const { model, image } = this;
		const here = model?.leaves(image).some((node) => model.reaches(node));
		if (!here) return html`<p class="note">${t("artifact.impossible")}</p>`;
		return html`<p class="note">${t("artifact.hint")}</p>
			<p><button type="button" class="artifact-open" @click=${() => this.open()}>${t("artifact.open")}</button></p>`;
	}
}
