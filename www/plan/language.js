// Line: www/plan. The language of the page around; all elements of a page speak one, that of the one that asked last.

import { loadWords, setLanguage } from "../strings.js";

/** @param {Element} element @returns {import("../strings.js").Language} */
export const languageAround = (element) =>
	/^zh\b/i.test(element.closest("[lang]")?.getAttribute("lang") ?? "") ? "zh" : "en";

/** English, which is always here, stands in for words that do not come. @param {Element} element */
export async function speakLike(element) {
	await Promise.all([loadWords("plan"), loadWords("checks")]).catch(() => {});
	await setLanguage(languageAround(element)).catch(() => {});
}
