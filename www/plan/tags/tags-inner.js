// www/plan. The controller of one list of tags: listed when the reader is near, asked about only as the reader wishes; drawn by the page's own view.

import { html, nothing, render } from "lit";
import { LANGUAGES, t, within } from "../../i18n/strings.js";
import { batched } from "../../lib/batched.js";
import { speakLike } from "../language.js";
import { findTags, groupTags, resolveTags, tags } from "../load.js";
import { adopt } from "../styles.js";
import css from "./plan-tags.css";

/**
 * @typedef {{ repository: string, proxy: string, filter: string, limit: number }} Wanted
 * @typedef {object} Outside what the element says about its look
 * @property {"light" | "dark"} scheme
 * @property {(reference: string) => string | undefined} link to a tag in a page of Stowplan
 * @property {string | undefined} linkAll to all of them
 * @typedef {{ element: HTMLElement, look: () => Outside, tell: (name: string, detail: unknown) => void }} Host
 */

export class TagsInner {
	/** @param {ShadowRoot} root @param {Host} host */
	constructor(root, host) {
		this.root = root;
		this.host = host;
		/** @type {Wanted | undefined} */
		this.wanted = undefined;
		/** @type {import("../../i18n/strings.js").Language | undefined} */
		this.language = undefined;
		this.view = /** @type {import("../../elements/compare/tags.js").StowTags} */ (document.createElement("stow-tags"));
		Object.assign(this.view, { api: { tags, resolveTags, findTags, groupTags } });
		this.view.link = (reference) => host.look().link(reference);
		this.drawSoon = batched(() => this.draw());
		adopt(root, css);
	}

	/** The page around may have changed, or the element stands in another place of it. */
	around() {
		this.drawSoon();
		// Its links lead to the page that the element names.
		this.view.requestUpdate();
		void this.speak();
	}

	async speak() {
		const before = this.language;
		this.language = await speakLike(this.host.element, ["plan", "compare", "errors"]);
		this.drawSoon();
		// The view stays as long as its repository does; the tree that it stands in has to say the language first.
		if (before && before !== this.language) setTimeout(() => this.view.reword());
	}

	draw() {
		const { language, wanted, view } = this;
		if (!language || !wanted) return void render(html`<slot></slot>`, this.root);
		const { scheme, linkAll } = this.host.look();
		const content = () => html`<div class="plan" part="tags" data-scheme=${scheme} lang=${LANGUAGES[language]}>
			${view.list ? nothing : html`<slot class="fallback"></slot>`}
			<div class="plan-frame">${view}${
				linkAll
					? html`<div class="plan-foot"><a part="link" href=${linkAll} target="_blank" rel="noopener noreferrer">${t("plan.open")}</a></div>`
					: nothing
			}</div></div>`;
		within(language, () => render(content(), this.root));
	}

	/** @param {Wanted} wanted */
	want(wanted) {
		const { repository, proxy, filter, limit } = wanted;
		const { wanted: before, view } = this;
		this.wanted = repository ? wanted : undefined;
		this.drawSoon();
		// Another filter is no other list.
		const asked = (/** @type {Wanted} */ one) => JSON.stringify([one.repository, one.proxy, one.limit]);
		if (before && before.filter !== filter && asked(before) === asked(wanted) && view.list)
			return void Object.assign(view, { filter, groups: undefined });
		view.job?.stop.abort();
		Object.assign(view, {
			repository,
			list: undefined,
			failure: undefined,
			unlisted: false,
			settings: { proxy },
			limit,
		});
		if (this.wanted) void this.list(wanted);
	}

	/** @param {Wanted} wanted */
	async list(wanted) {
		const { view, host } = this;
		// No word is missing when the first is drawn.
		await this.speak();
		if (this.wanted !== wanted) return;
		await view.show(wanted.repository, wanted.filter);
		if (this.wanted !== wanted) return;
		const { list, failure } = view;
		this.drawSoon();
		if (failure) host.tell("stow-error", failure);
		if (list) host.tell("stow-load", { repository: list.repository, tags: list.tags.length, complete: list.complete });
	}

	/** The element has left its page. @returns {boolean} whether a list was on its way */
	stop() {
		const { job, list } = this.view;
		job?.stop.abort();
		return job !== undefined && list === undefined;
	}
}
