// The language of the page: set before the first draw, switched at run time, written into the document.

import { loadWords, locale, onLanguage, setLanguage, shown, t } from "../i18n/strings.js";

/** @typedef {import("./controller.js").Controller} Controller */

/** English, which is always here, stands in for words that do not come. @param {Controller} controller */
export async function firstWords(controller) {
	await setLanguage(controller.state.settings.language).catch(() => {});
	controller.state.settings.language = shown();
	tell();
	onLanguage(() => {
		tell();
		const { progress } = controller.state;
		const again = progress && { progress: { ...progress, text: t("progress.start") } };
		controller.update({ ...again, said: t("language.now") });
	});
}

/** @param {Controller} controller @param {import("../i18n/strings.js").Language} language */
export async function switchTo(controller, language) {
	try {
		await setLanguage(language);
	} catch {
		controller.change({ language: shown() });
		controller.update({ said: t("language.failed") });
	}
}

/** If words do not come, their text is left out, and never the control itself. @param {import("../i18n/strings.js").Area} area */
export const wordsOf = (area) => loadWords(area).catch(() => {});

function tell() {
	document.documentElement.lang = locale();
}
