// `<stow-inventory .model .image .api .settings>`: the packages of the image in view, and the lines that made it, both on demand.

import { html } from "lit";
import { t } from "../../i18n/strings.js";
import { save } from "../../lib/download.js";
import { shareName } from "../../model/names.js";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { dockerfileView } from "../../views/compare/dockerfile.js";
import { packagesView } from "../../views/compare/package-list.js";
import { Part } from "../part.js";

/** @typedef {import("../../engine/compare/packages-of-image.js").PackageList} PackageList */

/** How many of a layer's files are listed below the line that brought them. */
const FILES = 50;

export class StowInventory extends Part {
	static properties = {
		model: {},
		image: {},
		api: {},
		settings: {},
		list: { state: true },
		steps: { state: true },
		brought: { state: true },
		text: { state: true },
		busy: { state: true },
		bytes: { state: true },
		failure: { state: true },
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
		/** @type {PackageList | undefined} */
		this.list = undefined;
		/** @type {import("../../engine/compare/lineage-facts.js").Step[] | undefined} */
		this.steps = undefined;
		/** What layers brought, by the id of their node. @type {Map<string, { paths: string[], total: number }>} */
		this.brought = new Map();
		/** What the packages are filtered by. */
		this.text = "";
		this.busy = false;
		this.bytes = 0;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const before = /** @type {import("../../types.js").Node | undefined} */ (changed.get("image"));
		if (changed.has("image") && before?.digest !== this.image?.digest) this.forget();
		// A layer that was read meanwhile has files.
		const isOpen = this.steps || this.querySelector("details.inventory")?.hasAttribute("open");
		if (changed.has("model") && isOpen) void this.open();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.job?.abort();
	}

	forget() {
		this.job?.abort();
		Object.assign(this, {
			job: undefined,
			list: undefined,
			steps: undefined,
			brought: new Map(),
			text: "",
			busy: false,
			failure: undefined,
		});
	}

	async read() {
		const { api, model, image, settings } = this;
		if (!api || !model || !image) return;
		const job = new AbortController();
		Object.assign(this, { job, busy: true, bytes: 0, failure: undefined });
		/** @type {Map<string, number>} */
		const counts = new Map();
		const onProgress = (/** @type {{ type: string, id: string, bytes: number }} */ { type, id, bytes = 0 }) => {
			counts.set(`${type} ${id}`, bytes);
			this.bytes = [...counts.values()].reduce((sum, one) => sum + one, 0);
		};
		const how = { ...asking(settings), image: image.id, signal: job.signal, onProgress };
		try {
			const list = await api.packages(model.report, how);
			if (this.job === job) this.list = list;
		} catch (error) {
			if (this.job === job && !job.signal.aborted) this.failure = failureOf(error);
		} finally {
			if (this.job === job) this.busy = false;
		}
	}

	stop() {
		this.job?.abort();
		this.busy = false;
	}

	async keep() {
		const { api, list, model } = this;
		if (!api || !list || !model) return;
		const text = await api.cyclonedx(list);
		save(new Blob([text], { type: "application/vnd.cyclonedx+json" }), `${shareName(model.report)}.cdx.json`);
	}

	/** The lines, and what COPY and ADD brought of the layers that were read. */
	async open() {
		const { api, model, image } = this;
		if (!api || !model || !image) return;
		/** @type {import("../../engine/compare/lineage-facts.js").Step[]} */
		const steps = await api.dockerfile(model.report, { image: image.id }).catch(() => []);
		if (image.digest !== this.image?.digest) return;
		this.steps = steps;
		const layers = model.layers(image);
		const wanted = steps.flatMap(({ brings, layer }) => (brings && layer ? layer : []));
		if (!layers.some(({ id, read }) => read && wanted.includes(id))) return;
		const files = await api.exploreFiles(model.report, { image: image.id });
		/** @type {StowInventory["brought"]} */
		const brought = new Map();
		try {
			for (const id of wanted) {
				const position = layers.findIndex((node) => node.id === id);
				if (!files.layers.some((one) => one.position === position)) continue;
				brought.set(id, await files.brought(position, FILES));
			}
		} finally {
			files.close();
		}
		if (image.digest === this.image?.digest) this.brought = brought;
	}

	render() {
		return html`<details class="inventory" @toggle=${(/** @type {Event} */ { currentTarget }) => /** @type {HTMLDetailsElement} */ (currentTarget).open && !this.steps && this.open()}>
				<summary>${t("dockerfile.title")}</summary>${dockerfileView(this)}</details>
			<details class="inventory"><summary>${t("packages.title")}</summary>${packagesView(this)}</details>`;
	}
}
