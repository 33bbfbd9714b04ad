// Line: how it works. Where its words lie: what takes the place of words/areas.js in this page's bundle, which needs no others.

import { words as first } from "../words/first.en.js";

/** @satisfies {Record<string, import("../words/areas.js").Files>} */
export const AREAS = {
	first: { en: async () => ({ words: first }), zh: () => import("../words/first.zh.js") },
	how: { en: () => import("../words/how.en.js"), zh: () => import("../words/how.zh.js") },
};
