// Line: Report -> www. The keys of what is said about a check in the page's language.

/**
 * By id and outcome, and by which values there are: what was `given`, what was `found`, `both`, `none`.
 * @param {import("./types.js").Check} check
 */
export function checkKeys({ id, outcome, expected, actual }) {
	const key = `core.check.${id}.${outcome}`;
	const values = expected === null ? (actual === null ? "none" : "found") : actual === null ? "given" : "both";
	return [`${key}.${values}`, key];
}
