// Line: Report -> www. `<stow-artifact .model .image .api .settings>`: what is in an artifact that is no image, opened on demand.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { artifactView } from "../../views/files/artifact-view.js";
import { errorTold } from "../../views/told.js";
import { Part } from "../part.js";

export class StowArtifact extends Part {
	static properties = {
		model: {},
		image: {},
		api: {},
		settings: {},
		found: { state: true },
		busy: { state: true },
		bytes: { state: true },
		failure: { state: true },
		said: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {import("../../page/exploring.js").Api | undefined} */
		this.api = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {import("../../types.js").Artifact | undefined} */
		this.found = undefined;
		this.busy = false;
		this.bytes = 0;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** What a download came to. @type {string | undefined} */
		this.said = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const before = /** @type {import("../../types.js").Node | undefined} */ (changed.get("image"));
		if (changed.has("image") && before && before.digest !== this.image?.digest) this.forget();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.forget();
	}

	forget() {
		this.job?.abort();
		this.found?.files?.close();
		Object.assign(this, { job: undefined, found: undefined, busy: false, failure: undefined, said: undefined });
	}

	/** @param {{ id?: string, whole?: boolean }} [how] */
	async open(how = {}) {
		const { api, model, image, settings } = this;
		if (!api || !model || !image) return;
		this.job?.abort();
		const job = new AbortController();
		Object.assign(this, { job, busy: true, bytes: 0, failure: undefined, said: undefined });
		const onProgress = (/** @type {{ bytes?: number }} */ { bytes = 0 }) => {
			if (this.job === job) this.bytes = bytes;
		};
		try {
			const asked = { ...asking(settings), id: image.id, ...how, signal: job.signal, onProgress };
			const found = await api.readArtifact(model.report, asked);
			if (this.job !== job) return found.files?.close();
			this.found?.files?.close();
			this.found = found;
		} catch (error) {
			if (this.job === job && !job.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.job === job) this.busy = false;
		}
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

	stop() {
		this.job?.abort();
		this.busy = false;
	}

	render() {
		const { failure, busy, found } = this;
		return html`${failure ? html`<p class="compare-failure" role="alert">${errorTold(failure, 600)}</p>` : nothing}
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
