// Line: Report -> FilesHandle -> www. `<stow-explorer>`: the files or the sizes of the image in view, and one file's content below.

import { html, nothing } from "lit";
import { explored, layerRefs } from "../exploring.js";
import { day, size, visible } from "../format.js";
import { save } from "../save.js";
import { t } from "../strings.js";
import { MOST } from "../views/content/reading.js";
import { safeName } from "../views/files/text.js";
import { emit, Part } from "./part.js";

/** @typedef {import("../views/content/reading.js").Reading} Reading */

/** `<stow-explorer kind="files|sizes" .model .image .api .settings .selected=${path}>` */
export class StowExplorer extends Part {
	static properties = {
		kind: {},
		model: {},
		image: {},
		api: {},
		settings: {},
		selected: {},
		handle: { state: true },
		reading: { state: true },
		failure: { state: true },
	};

	constructor() {
		super();
		this.kind = "files";
		/** @type {import("../model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {import("../exploring.js").Api | undefined} */
		this.api = undefined;
		/** @type {import("../settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {string | undefined} */
		this.selected = undefined;
		/** @type {import("../exploring.js").Handle | undefined} */
		this.handle = undefined;
		/** @type {Reading | undefined} */
		this.reading = undefined;
		this.failure = "";
		/** @type {AbortController | undefined} */
		this.job = undefined;
		this.on("stow-open-file", (detail) => this.open(detail));
		this.on("stow-save-file", (detail) => this.open({ ...detail, most: MOST }, true));
		this.on("stow-content-cancel", () => this.job?.abort());
		this.on("stow-content-close", () => {
			this.job?.abort();
			this.reading = undefined;
		});
	}

	/** @param {string} name @param {(detail: any) => void} act */
	on(name, act) {
		this.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		if (changed.has("image") && changed.get("image") !== undefined && this.isAnother(changed.get("image"))) {
			this.job?.abort();
			[this.reading, this.handle] = [undefined, undefined];
		}
		if (changed.has("model") || changed.has("image")) void this.load();
	}

	/** A layer that was read makes new nodes, not another image. @param {any} before */
	isAnother(before) {
		return before.id !== this.image?.id || before.digest !== this.image?.digest;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.job?.abort();
	}

	async load() {
		const { api, model, image } = this;
		if (!api || !model || !image) return;
		try {
			const handle = await explored(api, model.report, image);
			if (image !== this.image) return;
			this.handle = handle;
			this.failure = "";
			// The handle is the same, what it knows is not.
			this.requestUpdate();
			/** @type {import("lit").LitElement | null} */ (this.querySelector("stow-files, stow-sizes"))?.requestUpdate();
		} catch (/** @type {any} */ error) {
			if (image === this.image) this.failure = String(error?.message ?? error);
		}
	}

	render() {
		const { model, image, handle, kind, failure, selected } = this;
		if (!model || !image) return html`<p class="note">${t("section.noImage")}</p>`;
		if (failure) return html`<p class="note">${t("files.failed", { why: visible(failure, 300) })}</p>`;
		const layers = layerRefs(model, image);
		const list =
			kind === "sizes"
				? html`<stow-sizes .handle=${handle} .layers=${layers}></stow-sizes>`
				: html`<stow-files .handle=${handle} .layers=${layers} .selected=${selected}></stow-files>`;
		return html`${this.missing(layers)}${this.remembered()}${list}
			${this.reading ? html`<stow-content .reading=${this.reading}></stow-content>` : nothing}`;
	}

	/** What was not read yet, with the way to it. @param {import("../views/files/contract.js").LayerRef[]} layers */
	missing(layers) {
		const read = new Set(this.handle?.layers.map(({ position }) => position));
		const node = (/** @type {string} */ id) => /** @type {import("../types.js").Node} */ (this.model?.node(id));
		const left = layers.filter(({ position, id }) => !read.has(position) && this.model?.reaches(node(id)));
		if (!this.handle || left.length === 0) return nothing;
		const bytes = left.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
		const ask = () => emit(this, "stow-layers", { layers: left.map(({ id }) => id) });
		return html`<p><button type="button" @click=${ask}>${t("files.verify", { n: left.length, size: size(bytes) })}</button></p>`;
	}

	remembered() {
		const all = this.handle?.layers ?? [];
		const kept = all.filter(({ remembered }) => remembered !== undefined);
		if (kept.length === 0) return nothing;
		const oldest = Math.min(...kept.map(({ remembered = 0 }) => remembered));
		return html`<p class="note">${t("files.remembered", { n: kept.length, date: day(oldest) })}</p>`;
	}

	/** @param {{ path: string, layer: number, id?: string, at: number, size?: number, most?: number }} asked @param {boolean} [keep] saves it when it is there */
	async open(asked, keep = false) {
		const { api, model, settings } = this;
		if (!api || !model || asked.id === undefined) return;
		this.job?.abort();
		const job = new AbortController();
		this.job = job;
		this.reading = asked;
		void this.updateComplete.then(() => this.querySelector("stow-content")?.scrollIntoView({ block: "nearest" }));
		/** @param {Partial<Reading>} more */
		const step = (more) => {
			if (this.job === job && this.reading) this.reading = { ...this.reading, ...more };
		};
		try {
			const { proxy, credentials = [] } = settings ?? {};
			const content = await api.readFile(model.report, asked.id, asked.at, {
				...{ proxy: proxy || undefined, credentials, signal: job.signal },
				...(asked.most && { most: asked.most }),
				onProgress: ({ bytes, total }) => step({ progress: { bytes, total } }),
			});
			const { bytes, size: whole, digest, truncated, verdict } = content;
			step({ bytes, size: whole, digest, truncated });
			if (keep && this.job === job) save(new Blob([/** @type {BlobPart} */ (bytes)]), safeName(asked.path));
			step({ verdict: await verdict });
		} catch (/** @type {any} */ error) {
			step({ error });
		}
	}
}
