// Light or dark, in step with the page around: what its theme switch sets, else its style sheet, else the system.

/** The attributes that documentation generators set on the root or the body, and their values. */
const ATTRIBUTES = ["class", "data-md-color-scheme", "data-theme", "data-bs-theme", "data-color-mode"];
const DARK = /^(dark|slate|night)$/;
const LIGHT = /^(light|default|day)$/;
/** mdBook and others name their theme in a class. */
const DARK_CLASS = /(^|\s)(dark|coal|navy|ayu|theme-dark|dark-theme|dark-mode)(\s|$)/;
const LIGHT_CLASS = /(^|\s)(light|rust|theme-light|light-theme|light-mode)(\s|$)/;

/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {MutationObserver | undefined} */
let observer;
/** Languages are named anywhere, also by what is put around an element. @type {MutationObserver | undefined} */
let languages;
/** @type {MediaQueryList | undefined} */
let system;

/**
 * @param {Element} element
 * @returns {"light" | "dark"}
 */
export function schemeAround(element) {
	for (let up = parentOf(element); up; up = parentOf(up)) {
		const said = saidBy(up);
		if (said) return said;
	}
	return drawnAround(element) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** The scheme of a page without a switch that is known here. @param {Element} element */
function drawnAround(element) {
	const scheme = getComputedStyle(parentOf(element) ?? element).colorScheme;
	if (/^(only )?dark( only)?$/.test(scheme)) return "dark";
	for (let up = parentOf(element); up; up = parentOf(up)) {
		const shade = shadeOf(getComputedStyle(up).backgroundColor);
		if (shade) return shade;
	}
	return /^(only )?light( only)?$/.test(scheme) ? "light" : undefined;
}

/** Of a colour that covers what is below it. @param {string} colour as computed: `rgb(…)` @returns {"light" | "dark" | undefined} */
export function shadeOf(colour) {
	const [red = 0, green = 0, blue = 0, alpha = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? [];
	if (!colour.startsWith("rgb") || alpha < 0.5) return undefined;
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? "dark" : "light";
}

/** @param {Element} element */
const parentOf = (element) => element.parentElement ?? /** @type {ShadowRoot} */ (element.getRootNode()).host ?? null;

/** @param {Element} element @returns {"light" | "dark" | undefined} */
function saidBy(element) {
	for (const name of ATTRIBUTES.slice(1)) {
		const value = element.getAttribute(name) ?? "";
		if (DARK.test(value)) return "dark";
		if (LIGHT.test(value)) return "light";
	}
	// Classes of the page as a whole only: further down they may mean anything.
	const words = element.matches("html, body") ? element.className : "";
	if (DARK_CLASS.test(words)) return "dark";
	return LIGHT_CLASS.test(words) ? "light" : undefined;
}

/** Calls when the page or the system may have changed its theme, or the page its language. @param {() => void} call */
export function watchAround(call) {
	listeners.add(call);
	observer ??= new MutationObserver(tell);
	for (const root of [document.documentElement, document.body]) {
		if (root) observer.observe(root, { attributes: true, attributeFilter: ATTRIBUTES });
	}
	languages ??= new MutationObserver(tell);
	languages.observe(document, { attributes: true, attributeFilter: ["lang"], subtree: true });
	system ??= matchMedia("(prefers-color-scheme: dark)");
	system.addEventListener("change", tell);
}

/** @param {() => void} call */
export function unwatchAround(call) {
	listeners.delete(call);
	if (listeners.size > 0) return;
	observer?.disconnect();
	languages?.disconnect();
	system?.removeEventListener("change", tell);
}

function tell() {
	for (const call of listeners) call();
}
