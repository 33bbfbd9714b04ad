// Line: www/plan. The element's style sheet: the page's own, made for a shadow tree by www/shadow-css.mjs, one for all elements.

import text from "./plan.css";

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * No style element and no style attribute: a policy on styles has nothing to forbid.
 * @param {ShadowRoot} root
 */
export function adopt(root) {
	if (!sheet) {
		sheet = new CSSStyleSheet();
		sheet.replaceSync(text);
		registerUnit();
	}
	root.adoptedStyleSheets = [sheet];
}

/** The unit of all sizes is the element's own font size; as a registered length it is computed where it is set. */
function registerUnit() {
	try {
		CSS.registerProperty({ name: "--stow-rem", syntax: "<length>", inherits: true, initialValue: "16px" });
	} catch {
		// Another copy of this script has done it, or the browser has no such thing and sizes follow the page's root.
	}
}
