// Report -> others' pages. `<stow-plan-table>`: the images that a page lists, each proved in its reader's browser as it comes into view.

import { formatFragment } from "./lib/fragment.js";
import { Common, schemeOf } from "./plan/common.js";
import { linkTo, Nearness, reflect, tell, upgrade } from "./plan/nearness.js";
import { rowsOf } from "./plan/table/listed-rows.js";
import { TABLE_ATTRIBUTES, wishOf } from "./plan/wish.js";

/** The number of images that are asked for at once: the usual one, and the most that an author may set. */
const [AT_ONCE, MOST_AT_ONCE] = [3, 8];

export class StowPlanTable extends Common {
	static observedAttributes = [...TABLE_ATTRIBUTES];

	/** The address of the page of Stowplan that an element links to which names none. */
	static page = "";

	/** @type {MutationObserver | undefined} */
	#changes;
	/** @type {Nearness<import("./plan/table/table-inner.js").TableInner>} */
	#near = new Nearness(this, {
		bring: () => this.#bring(),
		load: () => this.#load(),
		lost: () => {},
	});

	connectedCallback() {
		upgrade(this, ["proxy", "platform", "image", "theme", "page", "atOnce"]);
		// A page's own scripts may list other images.
		this.#changes ??= new MutationObserver(() => this.#near.ask());
		this.#changes.observe(this, { childList: true, characterData: true, subtree: true });
		this.#near.connected();
	}

	disconnectedCallback() {
		this.#changes?.disconnect();
		this.#near.disconnected();
	}

	/** @param {string} name @param {string | null} before @param {string | null} now */
	attributeChangedCallback(name, before, now) {
		this.#near.changed(name, before, now);
	}

	/** The name that rows belong to which have a digest or a `:tag` alone. */
	get image() {
		return this.getAttribute("image") ?? "";
	}
	set image(value) {
		reflect(this, "image", value);
	}

	/** The number of images that are asked for at once, from 1 to 8. */
	get atOnce() {
		const asked = Number.parseInt(this.getAttribute("at-once") ?? "", 10);
		return asked >= 1 ? Math.min(asked, MOST_AT_ONCE) : AT_ONCE;
	}
	set atOnce(value) {
		reflect(this, "at-once", String(value));
	}

	/** Asks for all rows again: tags may point elsewhere by now. */
	reload() {
		this.#near.inner?.reload();
	}

	async #bring() {
		const { make } = await import("./plan/table/table-parts-define.js");
		return make(this.shadowRoot ?? this.attachShadow({ mode: "open" }), {
			element: this,
			look: () => this.#look(),
			tell: (name, detail) => tell(this, name, detail),
		});
	}

	#load() {
		void this.#near.inner?.show(rowsOf(this, this.image.trim()));
	}

	/** @returns {import("./plan/table/table-inner.js").Outside} */
	#look() {
		const { proxy, platform } = wishOf((name) => this.getAttribute(name), this.baseURI);
		const page = this.page || StowPlanTable.page;
		const link = (/** @type {import("./lib/fragment.js").Place} */ place) =>
			linkTo(page, this.baseURI, formatFragment(place));
		return {
			scheme: schemeOf(this),
			caption: this.querySelector("caption")?.textContent?.trim() ?? "",
			link: ({ reference }) => link({ ref: reference, platform: platform || undefined }),
			linkAll: (code) => (code && code.length < 32 * 1024 ? link({ doc: code }) : undefined),
			proxy,
			platform,
			atOnce: this.atOnce,
		};
	}
}
