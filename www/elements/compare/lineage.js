// `<stow-lineage .model .image .api .settings>`: what stands around the image in view: its other platforms, and what it is built on.

import { html, nothing } from "lit";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { baseView } from "../../views/compare/base.js";
import { platformsView } from "../../views/compare/platforms.js";
import { errorTold } from "../../views/told.js";
import { Part } from "../part.js";

/** @typedef {import("../../engine/compare/lineage-facts.js").Base} Base */

export class StowLineage extends Part {
	static properties = {
		model: {},
		image: {},
		api: {},
		settings: {},
		rows: { state: true },
		bases: { state: true },
		busy: { state: true },
		failure: { state: true },
		base: { state: true },
	};

	constructor() {
		super();
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {typeof import("../../api.js") | undefined} */
		this.api = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {import("../../engine/compare/lineage-facts.js").PlatformRow[]} */
		this.rows = [];
		/** None before they are asked for. @type {Base[] | undefined} */
		this.bases = undefined;
		this.busy = false;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** The image that the reader holds against it. @type {string | undefined} */
		this.base = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("model") && !changed.has("image")) return;
		this.job?.abort();
		[this.rows, this.base, this.failure] = [[], undefined, undefined];
		const had = this.bases !== undefined;
		this.bases = undefined;
		// What asks the core is loaded when there is something to ask: an index, or a reader who opens the base.
		if ((this.model?.platforms().length ?? 0) > 1) void this.load();
		if (had) void this.bring({});
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.job?.abort();
	}

	async load() {
		const { api, model } = this;
		if (!api || !model) return;
		await this.run(async () => {
			const rows = await api.platforms(model.report);
			if (model === this.model) this.rows = rows;
		});
	}

	/** @param {{ base?: string, check?: boolean }} how */
	async bring(how) {
		const { api, model, image } = this;
		if (!api || !model || !image) return;
		await this.run(async (signal) => {
			const asked = { ...asking(this.settings), image: image.id, signal, base: this.base, ...how };
			const bases = await api.baseImages(model.report, asked);
			if (model === this.model && image === this.image) Object.assign(this, { bases, base: how.base ?? this.base });
		});
	}

	/** @param {(signal: AbortSignal) => Promise<void>} work */
	async run(work) {
		this.job?.abort();
		const job = new AbortController();
		Object.assign(this, { job, busy: true, failure: undefined });
		try {
			await work(job.signal);
		} catch (error) {
			if (!job.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.job === job) this.busy = false;
		}
	}

	render() {
		const { failure } = this;
		return html`${this.rows.length > 1 ? platformsView(this) : nothing}
			${baseView(this)}
			${this.image ? html`<stow-inventory .model=${this.model} .image=${this.image} .api=${this.api} .settings=${this.settings}></stow-inventory>` : nothing}
			${failure ? html`<p class="compare-failure" role="alert">${errorTold(failure, 600)}</p>` : nothing}`;
	}
}
