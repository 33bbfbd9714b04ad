// Line: www/plan. The element's attributes as properties of the same names, always in step: the attribute is the only memory.

import { oneOf, THEMES, VIEWS } from "./wish.js";

/**
 * @typedef {import("./wish.js").View} View
 * @typedef {import("./wish.js").Theme} Theme
 */

/** Where there are no elements (a server that draws pages), the class can be imported and is nothing. @type {typeof HTMLElement} */
const Base = globalThis.HTMLElement ?? /** @type {any} */ (class {});

export class Attributes extends Base {
	/** The image reference, such as `ghcr.io/o/app:1.2`. */
	get reference() {
		return this.getAttribute("reference") ?? "";
	}
	set reference(value) {
		reflect(this, "reference", value);
	}

	/** The address of a snapshot; it comes before the reference. */
	get src() {
		return this.getAttribute("src") ?? "";
	}
	set src(value) {
		reflect(this, "src", value);
	}

	/** The digest that the index or manifest must have; another one fails. */
	get digest() {
		return this.getAttribute("digest") ?? "";
	}
	set digest(value) {
		reflect(this, "digest", value);
	}

	/** The platform to look at first: `linux/arm64`. */
	get platform() {
		return this.getAttribute("platform") ?? "";
	}
	set platform(value) {
		reflect(this, "platform", value);
	}

	/** The base address of a registry proxy. */
	get proxy() {
		return this.getAttribute("proxy") ?? "";
	}
	set proxy(value) {
		reflect(this, "proxy", value);
	}

	/** What is drawn. @returns {View} */
	get view() {
		return oneOf(VIEWS, this.getAttribute("view"));
	}
	set view(value) {
		reflect(this, "view", value);
	}

	/** Light, dark, or as the page around is. @returns {Theme} */
	get theme() {
		return oneOf(THEMES, this.getAttribute("theme"));
	}
	set theme(value) {
		reflect(this, "theme", value);
	}

	/** The address of a page of Stowplan, to be linked to; where it is missing there is no link. */
	get page() {
		return this.getAttribute("page") ?? "";
	}
	set page(value) {
		reflect(this, "page", value);
	}
}

/** @param {Element} element @param {string} name @param {string | null | undefined} value */
function reflect(element, name, value) {
	if (value === null || value === undefined) element.removeAttribute(name);
	else element.setAttribute(name, String(value));
}
