// The view's address. `#ref=…&platform=…&node=sha256:…` to values and back; nothing in it is trusted.

/** @typedef {{ ref?: string, platform?: string, node?: string, sample?: string, doc?: string, tab?: string,
 *   file?: string, filter?: string, line?: string }} Place */

/** The keys in the order in which they are written, with the longest value taken. */
const KEYS = /** @type {const} */ ([
	["ref", 1024],
	["platform", 128],
	["sample", 64],
	["doc", 32 * 1024],
	["node", 256],
	["tab", 32],
	["file", 4096],
	["filter", 1000],
	["line", 8],
]);

/**
 * @param {string} hash with or without its `#`
 * @returns {Place}
 */
export function parseFragment(hash) {
	// A plus is a plus: this is no form, and platforms or tags never hold spaces.
	const fields = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
	/** @type {Place} */
	const place = {};
	for (const [key, max] of KEYS) {
		const value = fields.get(key);
		if (value && value.length <= max) place[key] = value;
	}
	return place;
}

/**
 * @param {Place} place
 * @returns {string} `#…`, or the empty string for an empty place
 */
export function formatFragment(place) {
	const fields = KEYS.flatMap(([key]) => (place[key] ? [`${key}=${readable(place[key])}`] : []));
	return fields.length > 0 ? `#${fields.join("&")}` : "";
}

/** Slash, colon and at may stand in a fragment as they are (RFC 3986, 3.5), and links stay readable. @param {string} text */
const readable = (text) => encodeURIComponent(text).replace(/%(2F|3A|40)/g, decodeURIComponent);
