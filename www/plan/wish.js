// Reads an element's attributes as a question: pure, no DOM.

/** The attributes, each with the property of the same name. */
export const ATTRIBUTES = [
	...["reference", "src", "digest", "platform", "proxy", "identity", "issuer", "repository", "key"],
	...["view", "theme", "lang", "page"],
];

/** Those of the table of images. */
export const TABLE_ATTRIBUTES = ["proxy", "platform", "image", "theme", "lang", "page", "at-once"];

/** Those of a comparison. */
export const COMPARE_ATTRIBUTES = ["a", "b", "platform", "proxy", "theme", "lang", "page"];

/** Those of the tags of a repository. */
export const TAGS_ATTRIBUTES = ["repository", "filter", "limit", "platform", "proxy", "theme", "lang", "page"];

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
 * @property {string} identity who must have signed, or empty
 * @property {string} issuer who vouches for that, or empty
 * @property {string} repository of GitHub, any of whose workflows may have signed, or empty
 * @property {string} key the address of the public key that must have signed, or empty
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
		identity: text("identity"),
		issuer: text("issuer"),
		repository: text("repository"),
		key: text("key").includes("-----BEGIN") ? text("key") : absolute(text("key"), base),
	};
}

/** Equal wishes have equal keys. @param {Wish} wish */
export const keyOf = ({ reference, src, digest, platform, proxy, identity, issuer, repository, key }) => {
	const signer = [identity, issuer, repository, key].some(Boolean) ? [identity, issuer, repository, key] : [];
	return JSON.stringify(src ? [src, digest, ...signer] : [reference, digest, platform, proxy, ...signer]);
};

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
