// Report -> www. The keys of what is said about a check in the page's language.

/**
 * By id, outcome and reason; by which values there are (what was `given`, what was `found`, `both`, `none`); by id and outcome.
 * @param {import("../types.js").Check} check
 */
export function checkKeys({ id, outcome, reason, expected, actual }) {
	const key = `core.check.${id}.${outcome}`;
	const values = expected === null ? (actual === null ? "none" : "found") : actual === null ? "given" : "both";
	return [...(reason ? [`${key}.${reason}`] : []), `${key}.${values}`, key];
}
