// Report -> others' pages. `<stow-plan>`: an image's structure in a page of documentation, proved in its reader's browser.

import { formatFragment } from "./lib/fragment.js";
import { Attributes } from "./plan/attributes.js";
import { schemeOf } from "./plan/common.js";
import { linkTo, Nearness, tell, upgrade } from "./plan/nearness.js";
import { ATTRIBUTES, keyOf, wishOf } from "./plan/wish.js";

/**
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").Snapshot} Snapshot
 */

export class StowPlan extends Attributes {
	static observedAttributes = [...ATTRIBUTES];

	/** The address of the page of Stowplan that an element links to which names none: embed.js knows the one beside it. */
	static page = "";

	/** The key of what is shown or being loaded. */
	#key = "";
	/** @type {Snapshot | undefined} */
	#snapshot;
	/** @type {Nearness<import("./plan/inner.js").Inner>} */
	#near = new Nearness(this, {
		bring: () => this.#bring(),
		load: () => this.#load(),
		lost: () => {
			this.#key = "";
		},
	});

	connectedCallback() {
		upgrade(this, [...ATTRIBUTES, "snapshot"]);
		this.#near.connected();
	}

	disconnectedCallback() {
		this.#near.disconnected();
	}

	/** @param {string} name @param {string | null} before @param {string | null} now */
	attributeChangedCallback(name, before, now) {
		this.#near.changed(name, before, now);
	}

	/** A snapshot that the page holds already, in the place of `src`. @returns {Snapshot | undefined} */
	get snapshot() {
		return this.#snapshot;
	}
	set snapshot(value) {
		this.#snapshot = value ?? undefined;
		this.#key = "";
		this.#near.ask();
	}

	/** The report, once it is there; plain JSON. @returns {Report | undefined} */
	get report() {
		return this.#near.inner?.state.model?.report;
	}

	/** Loads it again: a tag may point elsewhere by now. */
	reload() {
		this.#near.inner?.forget(this.#wish());
		this.#key = "";
		this.#near.ask();
	}

	#wish() {
		return wishOf((name) => this.getAttribute(name), this.baseURI);
	}

	async #bring() {
		const { make } = await import("./plan/parts-define.js");
		return make(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
			element: this,
			look: () => this.#look(),
			tell: (name, detail) => tell(this, name, detail),
			choose: (platform) => {
				this.platform = platform;
			},
		});
	}

	#load() {
		const wish = this.#wish();
		const key = keyOf(wish) + (this.#snapshot ? "held" : "");
		if (key === this.#key) return;
		this.#key = key;
		this.#near.inner?.want(wish, this.#snapshot);
	}

	/** @returns {import("./plan/inner.js").Outside} */
	#look() {
		return {
			view: this.view,
			scheme: schemeOf(this),
			proxy: this.#wish().proxy,
			link: this.#link(),
			retry: () => this.reload(),
		};
	}

	/** The same image in the page, which a snapshot has no place in. */
	#link() {
		const { reference, platform } = this.#wish();
		const hash = reference && formatFragment({ ref: reference, platform: platform || undefined });
		return linkTo(this.page || StowPlan.page, this.baseURI, hash);
	}
}
