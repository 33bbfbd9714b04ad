// Report -> www. `<stow-peek .model .image .api .settings>`: the files of layers with a table of contents, before they are downloaded.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { OnDemand } from "../on-demand.js";

/** The annotations that promise a table of contents; the core says if the promise holds. */
const PROMISE = /stargz\/toc\.digest$|zstd-chunked\.manifest-checksum$/;

/** @param {import("../../types.js").Node} node */
export const isPeekable = ({ annotations, read }) => !read && !!annotations?.some(([name]) => PROMISE.test(name));

export class StowPeek extends OnDemand {
	static properties = { given: { state: true } };

	constructor() {
		super();
		/** @type {import("../../page/exploring.js").Given & { close: () => void, told: () => { requests: number, bytes: number } } | undefined} */
		this.given = undefined;
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.forget();
	}

	/** @override */
	forget() {
		super.forget();
		this.given?.close();
		this.given = undefined;
	}

	/** @param {import("../../types.js").Node} node */
	async peek(node) {
		const { api, model, settings } = this;
		if (!api || !model) return;
		this.forget();
		await this.run(async (signal) => {
			const found = await api.peekLayer(model.report, node.id, { ...asking(settings), signal });
			if (signal.aborted) return found.close();
			this.given = { node, handle: found.files, read: found.read, close: found.close, told: found.told };
		});
	}

	render() {
		const { model, image, given } = this;
		const layers = image && model ? model.layers(image) : [];
		const open = layers.filter((node) => isPeekable(node) && model?.reaches(node));
		if (open.length === 0 && !given) return nothing;
		const told = given?.told();
		return html`<p class="note">${t("peek.hint")}</p>
			<p class="peek-layers">${open.map((node) => html`<button type="button" @click=${() => this.peek(node)}>${t("peek.layer", { n: layers.indexOf(node) + 1, size: size(node.size ?? 0) })}</button> `)}</p>
			${this.failed()}
			${
				given && told
					? html`<h3>${t("peek.title", { n: layers.findIndex(({ id }) => id === given.node.id) + 1 })}</h3>
				<p class="note" data-requests=${told.requests}>${t("peek.cost", { n: told.requests, bytes: size(told.bytes) })}</p>
				<stow-explorer kind="files" .model=${model} .image=${image} .api=${this.api} .settings=${this.settings} .given=${given}></stow-explorer>`
					: nothing
			}`;
	}
}
