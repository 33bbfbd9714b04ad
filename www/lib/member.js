// Members of a JSON object as engines find them: Go's encoding/json takes a name in any case. `is_one_name` in src/json.rs decides the same.

/** @param {string} name */
const fold = (name) => name.replace(/[A-Z\u017f\u212a]/g, (c) => (c === "\u017f" ? "s" : c.toLowerCase()));

/**
 * The values of all members with this name, in their order: engines take the last.
 * @param {unknown} object @param {string} name @returns {any[]}
 */
export function members(object, name) {
	if (object === null || typeof object !== "object") return [];
	const wanted = fold(name);
	return Object.entries(object).flatMap(([key, value]) => (fold(key) === wanted ? [value] : []));
}

/** The value that engines take. @param {unknown} object @param {string} name @returns {any} */
export const member = (object, name) => members(object, name).at(-1);
