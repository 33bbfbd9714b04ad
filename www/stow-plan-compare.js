// Comparison -> others' pages. `<stow-plan-compare a="…" b="…">`: two images against each other, in a page of documentation.

import { Common, schemeOf } from "./plan/common.js";
import { linkTo, Nearness, reflect, tell, upgrade } from "./plan/nearness.js";
import { COMPARE_ATTRIBUTES, wishOf } from "./plan/wish.js";

export class StowPlanCompare extends Common {
	static observedAttributes = [...COMPARE_ATTRIBUTES];

	/** The address of the page of Stowplan that an element links to which names none. */
	static page = "";

	/** @type {Nearness<import("./plan/compare/compare-inner.js").CompareInner>} */
	#near = new Nearness(this, {
		bring: () => this.#bring(),
		load: () => this.#load(),
		lost: () => {
			this.#key = "";
		},
	});
	/** The pair that is shown or on its way. */
	#key = "";

	connectedCallback() {
		upgrade(this, COMPARE_ATTRIBUTES);
		this.#near.connected();
	}

	disconnectedCallback() {
		this.#near.disconnected();
	}

	/** @param {string} name @param {string | null} before @param {string | null} now */
	attributeChangedCallback(name, before, now) {
		this.#near.changed(name, before, now);
	}

	/** The first image's reference. */
	get a() {
		return this.getAttribute("a") ?? "";
	}
	set a(value) {
		reflect(this, "a", value);
	}

	/** The second image's reference. */
	get b() {
		return this.getAttribute("b") ?? "";
	}
	set b(value) {
		reflect(this, "b", value);
	}

	async #bring() {
		const { make } = await import("./plan/compare/compare-parts-define.js");
		return make(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
			element: this,
			look: () => ({
				scheme: schemeOf(this),
				link: (hash) => linkTo(this.page || StowPlanCompare.page, this.baseURI, hash),
			}),
			tell: (name, detail) => tell(this, name, detail),
		});
	}

	#load() {
		const { proxy, platform } = wishOf((name) => this.getAttribute(name), this.baseURI);
		const pair = { a: this.a.trim(), b: this.b.trim(), platform: platform || undefined, proxy: proxy || undefined };
		const key = JSON.stringify(pair);
		if (key === this.#key) return;
		this.#key = key;
		this.#near.inner?.want(pair);
	}
}
