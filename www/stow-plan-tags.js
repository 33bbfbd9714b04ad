// Registry -> others' pages. `<stow-plan-tags repository="ghcr.io/o/app">`: the tags of a repository, in a page of documentation.

import { formatFragment } from "./lib/fragment.js";
import { inAddress } from "./page/comparing/compare-address.js";
import { Common, schemeOf } from "./plan/common.js";
import { linkTo, Nearness, reflect, tell, upgrade } from "./plan/nearness.js";
import { TAGS_ATTRIBUTES, wishOf } from "./plan/wish.js";

/** The most tags that are listed, as in the API: TAGS in src/limits.rs. */
const MOST = 100_000;

export class StowPlanTags extends Common {
	static observedAttributes = [...TAGS_ATTRIBUTES];

	/** The address of the page of Stowplan that an element links to which names none. */
	static page = "";

	/** @type {Nearness<import("./plan/tags/tags-inner.js").TagsInner>} */
	#near = new Nearness(this, {
		bring: () => this.#bring(),
		load: () => this.#load(),
		lost: () => {
			this.#key = "";
		},
	});
	/** The list that is shown or on its way. */
	#key = "";

	connectedCallback() {
		upgrade(this, TAGS_ATTRIBUTES);
		this.#near.connected();
	}

	disconnectedCallback() {
		this.#near.disconnected();
	}

	/** @param {string} name @param {string | null} before @param {string | null} now */
	attributeChangedCallback(name, before, now) {
		this.#near.changed(name, before, now);
	}

	/** The repository: `ghcr.io/o/app`. A tag or digest behind it is left out of account. */
	get repository() {
		return this.getAttribute("repository") ?? "";
	}
	set repository(value) {
		reflect(this, "repository", value);
	}

	/** A text that the tags in view have in them, until the reader changes it. */
	get filter() {
		return this.getAttribute("filter") ?? "";
	}
	set filter(value) {
		reflect(this, "filter", value);
	}

	/** The most tags that are listed. */
	get limit() {
		const asked = Number.parseInt(this.getAttribute("limit") ?? "", 10);
		return asked >= 1 ? Math.min(asked, MOST) : MOST;
	}
	set limit(value) {
		reflect(this, "limit", String(value));
	}

	/** Lists them again: there may be others by now. */
	reload() {
		this.#key = "";
		this.#near.ask();
	}

	async #bring() {
		const { make } = await import("./plan/tags/tags-parts-define.js");
		return make(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
			element: this,
			look: () => this.#look(),
			tell: (name, detail) => tell(this, name, detail),
		});
	}

	#load() {
		const { proxy, repository } = this.#wish();
		const wish = { repository, proxy, filter: this.filter, limit: this.limit };
		const key = JSON.stringify(wish);
		if (key === this.#key) return this.#near.around();
		this.#key = key;
		this.#near.inner?.want(wish);
	}

	#wish() {
		return wishOf((name) => this.getAttribute(name), this.baseURI);
	}

	/** @returns {import("./plan/tags/tags-inner.js").Outside} */
	#look() {
		const { platform, repository } = this.#wish();
		const link = (/** @type {string} */ hash) => linkTo(this.page || StowPlanTags.page, this.baseURI, hash);
		return {
			scheme: schemeOf(this),
			link: (reference) => link(formatFragment({ ref: reference, platform: platform || undefined })),
			linkAll: link(repository && `#tags=${inAddress(repository)}`),
		};
	}
}
