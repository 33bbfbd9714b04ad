// www -> FilesHandle. Turns the filter bar into a query, and finds faults in its pattern before it is asked.

/**
 * @typedef {import("./contract.js").Change} Change
 * @typedef {import("./contract.js").FilesQuery} FilesQuery
 * @typedef {object} Filter
 * @property {FilesQuery["view"]} view
 * @property {number | undefined} layer position; for the image none is all layers
 * @property {Change[]} changes none is all
 * @property {"substring" | "glob" | "regex"} how
 * @property {string} text
 * @property {boolean} matchCase
 * @property {string} finding
 * @property {"name" | "size"} sort
 */

export const VIEWS = /** @type {const} */ (["image", "layer", "all"]);
export const CHANGES = /** @type {const} */ (["added", "changed", "removed", "unchanged"]);
export const HOWS = /** @type {const} */ (["substring", "glob", "regex"]);
export const SORTS = /** @type {const} */ (["name", "size"]);

/** The longest pattern; no path that is worth finding needs a longer one. */
export const MAX_PATTERN = 1000;

/** @returns {Filter} */
export const everything = () => ({
	view: "image",
	layer: undefined,
	changes: [],
	how: "substring",
	text: "",
	matchCase: false,
	finding: "",
	sort: "name",
});

/** True if more than view, layer and order is asked. @param {Filter} filter */
export const isNarrowed = ({ changes, text, finding }) => changes.length > 0 || text !== "" || finding !== "";

/** @param {Filter} filter @returns {FilesQuery} */
export function queryOf({ view, layer, changes, how, text, matchCase, finding, sort }) {
	return {
		view,
		...(view !== "all" && layer !== undefined && { layer }),
		...(changes.length > 0 &&
			changes.length < CHANGES.length && { changes: CHANGES.filter((one) => changes.includes(one)) }),
		...(text && { path: { how, text, ...(matchCase && { matchCase }) } }),
		...(finding && { finding }),
		sort,
	};
}

/**
 * The fault of the pattern: a key of the words with its values.
 * @param {Filter} filter
 * @returns {{ key: "long", n: number } | { key: "bad", why: string } | undefined}
 */
export function patternFault({ how, text }) {
	if (text.length > MAX_PATTERN) return { key: "long", n: MAX_PATTERN };
	if (how !== "regex") return undefined;
	try {
		new RegExp(text, "u");
		return undefined;
	} catch (error) {
		return { key: "bad", why: reason(/** @type {Error} */ (error).message, text) };
	}
}

/** Without the pattern that browsers repeat in front of the reason. @param {string} message @param {string} text */
function reason(message, text) {
	const at = message.lastIndexOf(": ");
	return message.includes(text) && at > 0
		? message.slice(at + 2)
		: message.replace(/^Invalid regular expression: /, "");
}
