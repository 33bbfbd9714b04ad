// Line: www, where the words of each area lie: one file a language, loaded when the area is wanted in that language.

import { words as first } from "./first.en.js";

/** @typedef {Record<import("../strings.js").Language, () => Promise<{ words: import("../strings.js").Words }>>} Files */

/** @satisfies {Record<string, Files>} */
export const AREAS = {
	embed: { en: () => import("./embed.en.js"), zh: () => import("./embed.zh.js") },
	plan: { en: () => import("./plan.en.js"), zh: () => import("./plan.zh.js") },
	intake: { en: () => import("./intake.en.js"), zh: () => import("./intake.zh.js") },
	first: { en: async () => ({ words: first }), zh: () => import("./first.zh.js") },
	checks: { en: () => import("./checks.en.js"), zh: () => import("./checks.zh.js") },
	errors: { en: () => import("./errors.en.js"), zh: () => import("./errors.zh.js") },
	later: { en: () => import("./later.en.js"), zh: () => import("./later.zh.js") },
	sections: { en: () => import("./sections.en.js"), zh: () => import("./sections.zh.js") },
	files: { en: () => import("./files.en.js"), zh: () => import("./files.zh.js") },
	saving: { en: () => import("./saving.en.js"), zh: () => import("./saving.zh.js") },
};
