// Line: www, where the words of each area lie: one file a language, loaded when the area is wanted in that language.

/** @typedef {() => Promise<{ words: import("../strings.js").Words }>} Load */

/** The English of the first view comes with the page. @type {Record<string, Record<string, Load>>} */
export const AREAS = {
	intake: { en: () => import("./intake.en.js") },
	later: { en: () => import("./later.en.js") },
	files: { en: () => import("./files.en.js") },
	layers: { en: () => import("./layers.en.js") },
};
