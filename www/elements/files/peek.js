// Line: Report -> www. `<stow-peek .model .image .api .settings>`: the files of layers with a table of contents, before they are downloaded.

import { html, nothing } from "lit";
import { size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { asking } from "../../page/settings.js";
import { failureOf } from "../../page/state.js";
import { errorTold } from "../../views/told.js";
import { Part } from "../part.js";

/** What promises a table of contents; whether the promise holds, the core says. */
const PROMISE = /stargz\/toc\.digest$|zstd-chunked\.manifest-checksum$/;

/** @param {import("../../types.js").Node} node */
export const isPeekable = ({ annotations, read }) => !read && !!annotations?.some(([name]) => PROMISE.test(name));

export class StowPeek extends Part {
	static properties = { model: {}, image: {}, api: {}, settings: {}, given: { state: true }, failure: { state: true } };

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
		/** @type {import("../../page/exploring.js").Given & { close: () => void, told: () => { requests: number, bytes: number } } | undefined} */
		this.given = undefined;
		/** @type {import("../../views/status.js").Failure | undefined} */
		this.failure = undefined;
		/** @type {AbortController | undefined} */
		this.job = undefined;
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		const before = /** @type {import("../../types.js").Node | undefined} */ (changed.get("image"));
		if (before && before.digest !== this.image?.digest) this.forget();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.forget();
	}

	forget() {
		this.job?.abort();
		this.given?.close();
		Object.assign(this, { job: undefined, given: undefined, failure: undefined });
	}

	/** @param {import("../../types.js").Node} node */
	async peek(node) {
		const { api, model, settings } = this;
		if (!api || !model) return;
		this.forget();
		const job = new AbortController();
		this.job = job;
		try {
			const found = await api.peekLayer(model.report, node.id, { ...asking(settings), signal: job.signal });
			if (this.job !== job) return found.close();
			this.given = { node, handle: found.files, read: found.read, close: found.close, told: found.told };
		} catch (error) {
			if (this.job === job) this.failure = failureOf(error);
		}
	}

	render() {
		const { model, image, given, failure } = this;
		const layers = image && model ? model.layers(image) : [];
		const open = layers.filter((node) => isPeekable(node) && model?.reaches(node));
		if (open.length === 0 && !given) return nothing;
		const told = given?.told();
		return html`<p class="note">${t("peek.hint")}</p>
			<p class="peek-layers">${open.map((node) => html`<button type="button" @click=${() => this.peek(node)}>${t("peek.layer", { n: layers.indexOf(node) + 1, size: size(node.size ?? 0) })}</button> `)}</p>
			${failure ? html`<p class="compare-failure" role="alert">${errorTold(failure, 600)}</p>` : nothing}
			${
				given && told
					? html`<h3>${t("peek.title", { n: layers.findIndex(({ id }) => id === given.node.id) + 1 })}</h3>
				<p class="note" data-requests=${told.requests}>${t("peek.cost", { n: told.requests, bytes: size(told.bytes) })}</p>
				<stow-explorer kind="files" .model=${model} .image=${image} .api=${this.api} .settings=${this.settings} .given=${given}></stow-explorer>`
					: nothing
			}`;
	}
}
