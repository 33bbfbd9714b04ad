// The file of each area's words in each language; loaded when the area is wanted in that language.

import { words as first } from "./words/en/first.en.js";

/** @typedef {Record<import("./strings.js").Language, () => Promise<{ words: import("./strings.js").Words }>>} Files */

/**
 * An area that lies in two files.
 * @param {Promise<{ words: import("./strings.js").Words }>} one
 * @param {Promise<{ words: import("./strings.js").Words }>} other
 */
const both = async (one, other) => ({ words: { ...(await one).words, ...(await other).words } });

/** @satisfies {Record<string, Files>} */
export const AREAS = {
	embed: { en: () => import("./words/en/embed.en.js"), zh: () => import("./words/zh/embed.zh.js") },
	plan: { en: () => import("./words/en/plan.en.js"), zh: () => import("./words/zh/plan.zh.js") },
	intake: { en: () => import("./words/en/intake.en.js"), zh: () => import("./words/zh/intake.zh.js") },
	first: { en: async () => ({ words: first }), zh: () => import("./words/zh/first.zh.js") },
	checks: {
		en: () => both(import("./words/en/checks.en.js"), import("./words/en/reasons.en.js")),
		zh: () => both(import("./words/zh/checks.zh.js"), import("./words/zh/reasons.zh.js")),
	},
	errors: {
		en: () => both(import("./words/en/errors.en.js"), import("./words/en/reasons.en.js")),
		zh: () => both(import("./words/zh/errors.zh.js"), import("./words/zh/reasons.zh.js")),
	},
	later: { en: () => import("./words/en/later.en.js"), zh: () => import("./words/zh/later.zh.js") },
	pasting: { en: () => import("./words/en/pasting.en.js"), zh: () => import("./words/zh/pasting.zh.js") },
	sections: { en: () => import("./words/en/sections.en.js"), zh: () => import("./words/zh/sections.zh.js") },
	files: { en: () => import("./words/en/files.en.js"), zh: () => import("./words/zh/files.zh.js") },
	trust: { en: () => import("./words/en/trust.en.js"), zh: () => import("./words/zh/trust.zh.js") },
	compare: { en: () => import("./words/en/compare.en.js"), zh: () => import("./words/zh/compare.zh.js") },
	saving: { en: () => import("./words/en/saving.en.js"), zh: () => import("./words/zh/saving.zh.js") },
};
