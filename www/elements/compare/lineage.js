// `<stow-lineage .model .image .api .settings>`: what stands around the image in view: its other platforms, and what it is built on.

import { html, nothing } from "lit";
import { asking } from "../../page/settings.js";
import { baseView } from "../../views/compare/base.js";
import { platformsView } from "../../views/compare/platforms.js";
import { OnDemand } from "../on-demand.js";

/** @typedef {import("../../engine/compare/lineage-facts.js").Base} Base */

export class StowLineage extends OnDemand {
	static properties = { rows: { state: true }, bases: { state: true }, base: { state: true } };

	constructor() {
		super();
		/** @type {import("../../engine/compare/lineage-facts.js").PlatformRow[]} */
		this.rows = [];
		/** None before they are asked for. @type {Base[] | undefined} */
		this.bases = undefined;
		/** The image that the reader holds against it. @type {string | undefined} */
		this.base = undefined;
	}

	/** @override @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (!changed.has("model") && !changed.has("image")) return;
		this.forget();
		[this.rows, this.base] = [[], undefined];
		const had = this.bases !== undefined;
		this.bases = undefined;
		// The code that asks the core is loaded when there is something to ask: an index, or a reader who opens the base.
		if ((this.model?.platforms().length ?? 0) > 1) void this.load();
		if (had) void this.bring({});
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

	render() {
		return html`${this.rows.length > 1 ? platformsView(this) : nothing}
			${baseView(this)}
			${this.image && this.image.kind !== "artifact" ? html`<stow-inventory .model=${this.model} .image=${this.image} .api=${this.api} .settings=${this.settings}></stow-inventory>` : nothing}
			${this.failed()}`;
	}
}
