// `<stow-inventory .model .image .api .settings>`: the packages of the image in view, and the lines that made it, both on demand.

import { html } from "lit";
import { t } from "../../i18n/strings.js";
import { save } from "../../lib/download.js";
import { shareName } from "../../model/names.js";
import { asking } from "../../page/settings.js";
import { dockerfileView } from "../../views/compare/dockerfile.js";
import { packagesView } from "../../views/compare/package-list.js";
import { OnDemand } from "../on-demand.js";

/** @typedef {import("../../engine/compare/packages-of-image.js").PackageList} PackageList */

/** The most files of a layer that are listed below the line that brought them. */
const FILES = 50;

export class StowInventory extends OnDemand {
	static properties = {
		list: { state: true },
		steps: { state: true },
		brought: { state: true },
		text: { state: true },
	};

	constructor() {
		super();
		/** @type {PackageList | undefined} */
		this.list = undefined;
		/** @type {import("../../engine/compare/lineage-facts.js").Step[] | undefined} */
		this.steps = undefined;
		/** The files that layers brought, by the id of their node. @type {Map<string, { paths: string[], total: number }>} */
		this.brought = new Map();
		/** The filter of the packages. */
		this.text = "";
	}

	/** @override @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		super.willUpdate(changed);
		// A layer that was read meanwhile has files.
		const isOpen = this.steps || this.querySelector("details.inventory")?.hasAttribute("open");
		if (changed.has("model") && isOpen) void this.open();
	}

	/** @override */
	forget() {
		super.forget();
		Object.assign(this, { list: undefined, steps: undefined, brought: new Map(), text: "" });
	}

	async read() {
		const { api, model, image, settings } = this;
		if (!api || !model || !image) return;
		await this.run(async (signal) => {
			/** @type {Map<string, number>} */
			const counts = new Map();
			const onProgress = (/** @type {{ type: string, id: string, bytes: number }} */ { type, id, bytes = 0 }) => {
				if (signal.aborted) return;
				counts.set(`${type} ${id}`, bytes);
				this.bytes = [...counts.values()].reduce((sum, one) => sum + one, 0);
			};
			const list = await api.packages(model.report, { ...asking(settings), image: image.id, signal, onProgress });
			if (!signal.aborted) this.list = list;
		});
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
