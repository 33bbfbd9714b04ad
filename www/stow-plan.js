// Line: Report -> others' pages. `<stow-plan>`: an image's structure in a page of documentation, proved in its reader's browser.

import { formatFragment } from "./fragment.js";
import { Attributes } from "./plan/attributes.js";
import { forgetNear, whenNear } from "./plan/near.js";
import { schemeAround, unwatchAround, watchAround } from "./plan/scheme.js";
import { ATTRIBUTES, keyOf, wishOf } from "./plan/wish.js";

/**
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").Snapshot} Snapshot
 */

/** Attributes that change how it looks and not what is loaded. */
const LOOKS = new Set(["view", "theme", "lang", "page"]);

export class StowPlan extends Attributes {
	static observedAttributes = [...ATTRIBUTES];

	/** The address of the page of Stowplan that an element links to which names none: embed.js knows the one beside it. */
	static page = "";

	/** What is drawn, and what it is drawn with: loaded when the reader comes near. @type {import("./plan/inner.js").Inner | undefined} */
	#inner;
	/** The key of what is shown or being loaded. */
	#key = "";
	#near = false;
	/** Coming near again while its inside is on the way makes no second one. */
	#arriving = false;
	#asked = false;
	/** @type {Snapshot | undefined} */
	#snapshot;
	/** The page around may have changed its theme or its language. */
	#around = () => this.#inner?.around();

	connectedCallback() {
		for (const name of [...ATTRIBUTES, "snapshot"]) this.#upgrade(name);
		watchAround(this.#around);
		if (this.#near) this.#inner?.around();
		else whenNear(this, () => this.#arrive());
		this.#ask();
	}

	/** Moving in the document is leaving and coming back at once: only who stays away is stopped. */
	disconnectedCallback() {
		queueMicrotask(() => {
			if (this.isConnected) return;
			forgetNear(this);
			unwatchAround(this.#around);
			// What was under way is begun again where the element comes back.
			if (this.#inner?.stop()) this.#key = "";
		});
	}

	/** @param {string} name @param {string | null} before @param {string | null} now */
	attributeChangedCallback(name, before, now) {
		if (before === now) return;
		if (LOOKS.has(name)) this.#around();
		else this.#ask();
	}

	/** A snapshot that the page holds already, in the place of `src`. @returns {Snapshot | undefined} */
	get snapshot() {
		return this.#snapshot;
	}
	set snapshot(value) {
		this.#snapshot = value ?? undefined;
		this.#key = "";
		this.#ask();
	}

	/** What was found out, once it was; plain JSON. @returns {Report | undefined} */
	get report() {
		return this.#inner?.state.model?.report;
	}

	/** Loads it again: a tag may point elsewhere by now. */
	reload() {
		this.#inner?.forget(this.#wish());
		this.#key = "";
		this.#ask();
	}

	/** A property that was set before this class was here counts as set. @param {string} name */
	#upgrade(name) {
		if (!Object.hasOwn(this, name)) return;
		const value = Reflect.get(this, name);
		Reflect.deleteProperty(this, name);
		// Scripts that write back what they read (Material's navigation does, with every src) write nothing.
		if (value !== undefined) Reflect.set(this, name, value);
	}

	#wish() {
		return wishOf((name) => this.getAttribute(name), this.baseURI);
	}

	async #arrive() {
		if (this.#arriving) return;
		this.#arriving = true;
		try {
			const { make } = await import("./plan/parts-define.js");
			this.#inner = make(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
				element: this,
				look: () => this.#look(),
				tell: (name, detail) => this.#tell(name, detail),
				choose: (platform) => {
					this.platform = platform;
				},
			});
		} catch (error) {
			this.#arriving = false;
			return this.#tell("stow-error", { code: "broken-down", message: String(error) });
		}
		this.#near = true;
		if (this.isConnected) this.#inner.around();
		this.#ask();
	}

	/** @param {string} name @param {unknown} detail */
	#tell(name, detail) {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}

	/** Many changes in one task are one load. */
	#ask() {
		if (this.#asked) return;
		this.#asked = true;
		queueMicrotask(() => {
			this.#asked = false;
			if (this.isConnected && this.#near) this.#load();
		});
	}

	#load() {
		const wish = this.#wish();
		const key = keyOf(wish) + (this.#snapshot ? "held" : "");
		if (key === this.#key) return;
		this.#key = key;
		this.#inner?.want(wish, this.#snapshot);
	}

	/** @returns {import("./plan/inner.js").Outside} */
	#look() {
		return {
			view: this.view,
			scheme: this.theme === "auto" ? schemeAround(this) : this.theme,
			proxy: this.#wish().proxy,
			link: this.#link(),
			retry: () => this.reload(),
		};
	}

	/** The same image in the page, which a snapshot has no place in. */
	#link() {
		const { reference, platform } = this.#wish();
		const page = this.page || StowPlan.page;
		if (!page || !reference || !URL.canParse(page, this.baseURI)) return undefined;
		const url = new URL(page, this.baseURI);
		if (!/^https?:$/.test(url.protocol)) return undefined;
		url.hash = formatFragment({ ref: reference, platform: platform || undefined });
		return url.href;
	}
}
