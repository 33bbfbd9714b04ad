// The word areas of "How it works": takes the place of i18n/areas.js in the bundle of that page.

import { words as first } from "../i18n/words/en/first.en.js";

/** @satisfies {Record<string, import("../i18n/areas.js").Files>} */
export const AREAS = {
	first: { en: async () => ({ words: first }), zh: () => import("../i18n/words/zh/first.zh.js") },
	how: { en: () => import("../i18n/words/en/how.en.js"), zh: () => import("../i18n/words/zh/how.zh.js") },
};
