// Report -> FilesHandle -> www. `<stow-explorer>`: the files or the sizes of the image in view, and one file's content below.

import { html, nothing } from "lit";
import { day, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { save } from "../../lib/download.js";
import { contentOf, explorable, explored, layerRefs } from "../../page/exploring.js";
import { asking } from "../../page/settings.js";
import { MOST } from "../../views/content/around-content.js";
import { exportStatus } from "../../views/files/export-bar.js";
import { safeName } from "../../views/files/file-text.js";
import { emit, Part } from "../part.js";

/** @typedef {import("../../views/content/around-content.js").Reading} Reading */

/** `<stow-explorer kind="files|sizes" .model .image .api .settings .selected=${path}>` */
export class StowExplorer extends Part {
	static properties = {
		kind: {},
		model: {},
		image: {},
		api: {},
		settings: {},
		selected: {},
		filter: {},
		given: {},
		handle: { state: true },
		reading: { state: true },
		failure: { state: true },
		saving: { state: true },
	};

	constructor() {
		super();
		this.kind = "files";
		/** @type {import("../../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {import("../../page/exploring.js").Api | undefined} */
		this.api = undefined;
		/** @type {import("../../page/settings.js").Settings | undefined} */
		this.settings = undefined;
		/** @type {string | undefined} */
		this.selected = undefined;
		/** The first filter of the files. @type {string | undefined} */
		this.filter = undefined;
		/** Files that were opened elsewhere, in the place of the image's. @type {import("../../page/exploring.js").Given | undefined} */
		this.given = undefined;
		/** @type {import("../../page/exploring.js").Handle | undefined} */
		this.handle = undefined;
		/** @type {Reading | undefined} */
		this.reading = undefined;
		this.failure = "";
		/** A tar that is being saved, or was. @type {import("../../views/files/export-bar.js").Saving | undefined} */
		this.saving = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
		/** @type {AbortController | undefined} */
		this.tar = undefined;
		this.on("stow-open-file", (detail) => this.open(detail));
		this.on("stow-save-file", (detail) => this.open({ ...detail, most: MOST }, true));
		this.on("stow-save-tar", (detail) => this.saveTar(detail));
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
			this.tar?.abort();
			[this.reading, this.handle, this.saving] = [undefined, undefined, undefined];
		}
		if (changed.has("model") || changed.has("image") || changed.has("given")) void this.load();
	}

	/** A layer that was read makes new nodes, not another image. @param {any} before */
	isAnother(before) {
		return before.id !== this.image?.id || before.digest !== this.image?.digest;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.job?.abort();
		this.tar?.abort();
	}

	/** The image, or a layer that was opened alone. */
	get subject() {
		return this.given?.node ?? explorable(this.model, this.image);
	}

	async load() {
		const { api, model, subject } = this;
		if (!api || !model || !subject) return;
		try {
			const handle = this.given?.handle ?? (await explored(api, model.report, subject));
			if (subject !== this.subject) return;
			this.handle = handle;
			this.failure = "";
			// The handle is the same, what it knows is not.
			this.requestUpdate();
			/** @type {import("lit").LitElement | null} */ (this.querySelector("stow-files, stow-sizes"))?.requestUpdate();
		} catch (/** @type {any} */ error) {
			if (subject === this.subject) this.failure = String(error?.message ?? error);
		}
	}

	render() {
		const { model, subject, handle, kind, failure, selected } = this;
		if (!model || !subject) return html`<p class="note">${t("section.noImage")}</p>`;
		if (failure) return html`<p class="note">${t("files.failed", { why: visible(failure, 300) })}</p>`;
		const layers = layerRefs(model, subject);
		const list =
			kind === "sizes"
				? html`<stow-sizes .handle=${handle} .layers=${layers}></stow-sizes>`
				: html`<stow-files .handle=${handle} .layers=${layers} .selected=${selected} .text=${this.filter} .bare=${!!this.given}></stow-files>`;
		return html`${this.missing(layers)}${this.remembered()}${list}
			${exportStatus(this.saving, () => this.tar?.abort())}
			${this.reading ? html`<stow-content .reading=${this.reading}></stow-content>` : nothing}`;
	}

	/** The layers that were not read yet, with the button that reads them. @param {import("../../views/files/contract.js").LayerRef[]} layers */
	missing(layers) {
		const read = new Set(this.handle?.layers.map(({ position }) => position));
		const node = (/** @type {string} */ id) => /** @type {import("../../types.js").Node} */ (this.model?.node(id));
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
			const content = await contentOf(api, model.report, this.given, asked, {
				...asking(settings),
				signal: job.signal,
				...(asked.most && { most: asked.most }),
				onProgress: ({ bytes, total }) => step({ progress: { bytes, total } }),
			});
			if (this.given?.read) step({ chunks: true });
			const { bytes, size: whole, digest, truncated, elf, verdict } = content;
			step({ bytes, size: whole, digest, truncated, elf });
			if (keep && this.job === job) save(new Blob([/** @type {BlobPart} */ (bytes)]), safeName(asked.path));
			step({ verdict: await verdict });
		} catch (/** @type {any} */ error) {
			step({ error });
		}
	}

	/** @param {{ layer?: string, paths?: string[], listed?: boolean, changes?: boolean }} how */
	async saveTar({ changes, ...how }) {
		const { api, model, settings, handle, subject } = this;
		if (!api || !model || !handle || !subject) return;
		this.tar?.abort();
		const job = new AbortController();
		this.tar = job;
		const step = (/** @type {import("../../views/files/export-bar.js").Saving | undefined} */ saving) => {
			if (this.tar === job) this.saving = saving;
		};
		const image = subject.kind === "layer" ? undefined : subject.id;
		const onProgress = (/** @type {{ bytes: number }} */ { bytes }) => step({ bytes });
		const options = { ...asking(settings), ...how, image, files: handle, signal: job.signal, onProgress };
		try {
			step({});
			const { saveTar, saveChanges, words } = await import("../../page/saving-tar.js");
			await words();
			if (changes && how.layer) {
				await saveChanges(api, model.report, how.layer, options);
				return step({ done: "changes" });
			}
			step({ done: await saveTar(api, model.report, options) });
		} catch (/** @type {any} */ error) {
			step(error?.code === "aborted" ? undefined : { error });
		}
	}
}
