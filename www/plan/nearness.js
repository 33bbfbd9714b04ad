// www/plan. The base of all elements of others' pages: they load their inside when the reader comes near, and stop when they leave.

import { forgetNear, whenNear } from "./near.js";
import { unwatchAround, watchAround } from "./scheme.js";

/** Without elements (on a server that draws pages), a class can be imported and is nothing. @type {typeof HTMLElement} */
export const Base = globalThis.HTMLElement ?? /** @type {any} */ (class {});

/** Attributes that change how an element looks and not what it loads. */
const LOOKS = new Set(["view", "theme", "lang", "page"]);

/**
 * @typedef {object} Inside what is drawn, and what it is drawn with
 * @property {() => void} around the page around may have changed its theme or its language
 * @property {() => boolean} stop the element has left its page; true if what it wished for was still on its way
 */

/** @template {Inside} I */
export class Nearness {
	/** @type {I | undefined} */
	inner;
	/** True if the reader has come near. */
	isNear = false;
	/** Coming near again while its inside is on the way makes no second one. */
	#arriving = false;
	#asked = false;
	#around = () => this.around();

	/**
	 * @param {HTMLElement} element
	 * @param {{ bring: () => Promise<I>, load: () => void, lost: () => void }} host `bring`: loads the inside; `load`: what is
	 *   wished for may have changed; `lost`: what was under way was stopped, and is begun again if the element comes back
	 */
	constructor(element, host) {
		this.element = element;
		this.host = host;
	}

	connected() {
		watchAround(this.#around);
		if (this.isNear) this.inner?.around();
		else whenNear(this.element, () => this.#arrive());
		this.ask();
	}

	/** Moving in the document is leaving and coming back at once: only an element that stays away is stopped. */
	disconnected() {
		queueMicrotask(() => {
			if (this.element.isConnected) return;
			forgetNear(this.element);
			unwatchAround(this.#around);
			if (this.inner?.stop()) this.host.lost();
		});
	}

	around() {
		this.inner?.around();
	}

	/** An attribute has changed. @param {string} name @param {string | null} before @param {string | null} now */
	changed(name, before, now) {
		if (before === now) return;
		if (LOOKS.has(name)) this.around();
		else this.ask();
	}

	/** Many changes in one task are one load. */
	ask() {
		if (this.#asked) return;
		this.#asked = true;
		queueMicrotask(() => {
			this.#asked = false;
			if (this.element.isConnected && this.isNear) this.host.load();
		});
	}

	async #arrive() {
		if (this.#arriving) return;
		this.#arriving = true;
		try {
			this.inner = await this.host.bring();
		} catch (error) {
			this.#arriving = false;
			return tell(this.element, "stow-error", { code: "broken-down", message: String(error) });
		}
		this.isNear = true;
		if (this.element.isConnected) this.inner.around();
		this.ask();
	}
}

/** An event for the page. @param {HTMLElement} element @param {string} name @param {unknown} detail */
export function tell(element, name, detail) {
	element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** Properties that were set before the class was here count as set. @param {HTMLElement} element @param {readonly string[]} names */
export function upgrade(element, names) {
	for (const name of names) {
		if (!Object.hasOwn(element, name)) continue;
		const value = Reflect.get(element, name);
		Reflect.deleteProperty(element, name);
		// Scripts that write back what they read (Material's navigation does, with every src) write nothing.
		if (value !== undefined) Reflect.set(element, name, value);
	}
}

/** The attribute is the only memory of a property. @param {Element} element @param {string} name @param {string | null | undefined} value */
export function reflect(element, name, value) {
	if (value === null || value === undefined) element.removeAttribute(name);
	else element.setAttribute(name, String(value));
}

/**
 * The same image in a page of Stowplan.
 * @param {string} page its address @param {string} base what that is relative to @param {string} hash
 */
export function linkTo(page, base, hash) {
	if (!page || !hash || !URL.canParse(page, base)) return undefined;
	const url = new URL(page, base);
	if (!/^https?:$/.test(url.protocol)) return undefined;
	url.hash = hash;
	return url.href;
}
