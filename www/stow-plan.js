// Line: Report -> others' pages. `<stow-plan>`: an image's structure in a page of documentation, proved in its reader's browser.

import { formatFragment } from "./fragment.js";
import { Attributes } from "./plan/attributes.js";
import { Inner } from "./plan/inner.js";
import { speakLike } from "./plan/language.js";
import { bytesOf, forget, load, openHeld } from "./plan/load.js";
import { forgetNear, whenNear } from "./plan/near.js";
import { schemeAround, unwatchAround, watchAround } from "./plan/scheme.js";
import { ATTRIBUTES, keyOf, wishOf } from "./plan/wish.js";
import { LANGUAGES, onLanguage, shown } from "./strings.js";

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

	/** @type {Inner | undefined} */
	#inner;
	/** The key of what is shown or being loaded. */
	#key = "";
	#near = false;
	#asked = false;
	/** @type {Snapshot | undefined} */
	#snapshot;
	/** The page around may have changed its theme or its language. */
	#around = () => {
		this.#inner?.update({});
		if (this.#near) void speakLike(this);
	};
	#unheard = () => {};

	connectedCallback() {
		for (const name of [...ATTRIBUTES, "snapshot"]) this.#upgrade(name);
		this.#inner ??= new Inner(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
			look: () => this.#look(),
			tell: (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })),
			speak: () => speakLike(this),
			choose: (platform) => {
				this.platform = platform;
			},
		});
		watchAround(this.#around);
		this.#unheard();
		this.#unheard = onLanguage(() => this.#inner?.update({}));
		if (!this.#near) whenNear(this, () => this.#arrive());
		this.#inner.update({});
		this.#ask();
	}

	/** Moving in the document is leaving and coming back at once: only who stays away is stopped. */
	disconnectedCallback() {
		queueMicrotask(() => {
			if (this.isConnected) return;
			forgetNear(this);
			unwatchAround(this.#around);
			this.#unheard();
			if (this.#inner?.job) this.#key = this.#inner.state.progress ? "" : this.#key;
			this.#inner?.stop();
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
		forget(this.#wish());
		this.#key = "";
		this.#ask();
	}

	/** A property that was set before this class was here counts as set. @param {string} name */
	#upgrade(name) {
		if (!Object.hasOwn(this, name)) return;
		const value = Reflect.get(this, name);
		Reflect.deleteProperty(this, name);
		Reflect.set(this, name, value);
	}

	#wish() {
		return wishOf((name) => this.getAttribute(name), this.baseURI);
	}

	#arrive() {
		this.#near = true;
		this.#ask();
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
		const snapshot = this.#snapshot;
		const name = snapshot || wish.src ? "" : wish.reference;
		this.#inner?.load(name, (signal, onProgress) => {
			if (snapshot) return openHeld(snapshot, wish.digest, signal);
			if (!wish.src && !wish.reference) throw nothingNamed();
			return load(wish, signal, onProgress);
		});
	}

	/** @returns {import("./plan/view.js").Look} */
	#look() {
		return {
			view: this.view,
			scheme: this.theme === "auto" ? schemeAround(this) : this.theme,
			lang: LANGUAGES[shown()],
			proxy: this.#wish().proxy,
			link: this.#link(),
			bytesOf,
			retry: () => this.reload(),
			close: () => this.#inner?.update({ open: false }),
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

/** An element that neither names nor holds anything. */
const nothingNamed = () =>
	Object.assign(new Error("the element has neither a reference nor the src of a snapshot"), { code: "no-source" });
