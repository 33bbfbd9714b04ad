// Line: www/plan. What an element asks for, read from its attributes: pure, no DOM.

/** The attributes, each with the property of the same name. */
export const ATTRIBUTES = ["reference", "src", "digest", "platform", "proxy", "view", "theme", "lang", "page"];

export const VIEWS = /** @type {const} */ (["anatomy", "layers", "identity", "history"]);

export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/**
 * @typedef {typeof VIEWS[number]} View
 * @typedef {typeof THEMES[number]} Theme
 * @typedef {object} Wish what is to be loaded
 * @property {string} reference an image reference, or empty
 * @property {string} src the address of a snapshot, or empty; it comes before the reference
 * @property {string} digest the digest that the bytes must have, or empty
 * @property {string} platform
 * @property {string} proxy
 */

/** @param {(name: string) => string | null} attribute @param {string} base what relative addresses are relative to @returns {Wish} */
export function wishOf(attribute, base) {
	const text = (/** @type {string} */ name) => attribute(name)?.trim() ?? "";
	return {
		reference: text("reference"),
		src: absolute(text("src"), base),
		digest: text("digest"),
		platform: text("platform"),
		proxy: withSlash(absolute(text("proxy"), base)),
	};
}

/** Equal wishes have equal keys. @param {Wish} wish */
export const keyOf = ({ reference, src, digest, platform, proxy }) =>
	JSON.stringify(src ? [src, digest] : [reference, digest, platform, proxy]);

/**
 * The word if it is one of these, else the first of them.
 * @template {string} T
 * @param {readonly [T, ...T[]]} words @param {string | null} word @returns {T}
 */
export const oneOf = (words, word) => words.find((one) => one === word?.trim().toLowerCase()) ?? words[0];

/** An address that cannot be read stays as it is, for the message. @param {string} address @param {string} base */
const absolute = (address, base) => (address && URL.canParse(address, base) ? new URL(address, base).href : address);

/** @param {string} address */
const withSlash = (address) => (address === "" || address.endsWith("/") ? address : `${address}/`);
