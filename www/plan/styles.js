// www/plan. The style sheets of elements: the page's own, made for a shadow tree by www/build/shadow-css.mjs, one for all of a kind.

/** By their texts. @type {Map<string, CSSStyleSheet>} */
const sheets = new Map();

/**
 * No style element and no style attribute: a policy on styles has nothing to forbid.
 * @param {ShadowRoot} root @param {string} text
 */
export function adopt(root, text) {
	const sheet = sheets.get(text) ?? new CSSStyleSheet();
	if (!sheets.has(text)) {
		sheet.replaceSync(text);
		sheets.set(text, sheet);
		registerUnit();
	}
	root.adoptedStyleSheets = [sheet];
}

/** The unit of all sizes is the element's own font size; as a registered length it is computed where it is set. */
function registerUnit() {
	try {
		CSS.registerProperty({ name: "--stow-rem", syntax: "<length>", inherits: true, initialValue: "16px" });
	} catch {
		// It is registered already, or the browser has no such thing and sizes follow the page's root.
	}
}
