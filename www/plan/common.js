// The attributes that all elements of others' pages have, as properties of the same names: the attribute is the only memory.

import { Base, reflect } from "./nearness.js";
import { schemeAround } from "./scheme.js";
import { oneOf, THEMES } from "./wish.js";

export class Common extends Base {
	/** A platform: `linux/arm64`. */
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

	/** Light, dark, or as the page around is. @returns {import("./wish.js").Theme} */
	get theme() {
		return oneOf(THEMES, this.getAttribute("theme"));
	}
	set theme(value) {
		reflect(this, "theme", value);
	}

	/** The address of a page of Stowplan, to be linked to; if it is missing there is no link. */
	get page() {
		return this.getAttribute("page") ?? "";
	}
	set page(value) {
		reflect(this, "page", value);
	}
}

/** Light or dark, as the element's `theme` or the page around it says. @param {Common} element */
export const schemeOf = (element) => (element.theme === "auto" ? schemeAround(element) : element.theme);
