// The language of an element: its own `lang`, else that of the page around it, else the browser's. Elements on one page may differ.

import { Part } from "../elements/part.js";
import { speakBeside, t, turnTo, within } from "../i18n/strings.js";

/** @typedef {import("../i18n/strings.js").Language} Language */

const NAMED = "[lang]:not([lang=''])";

/** @param {Element} element @returns {Language} */
export function languageAround(element) {
	for (let at = element; at; at = /** @type {ShadowRoot} */ (at.getRootNode()).host) {
		const said = at.closest(NAMED)?.getAttribute("lang");
		if (said) return languageOf(said);
	}
	return languageOf(navigator.language ?? "");
}

/** @param {string} tag @returns {Language} */
const languageOf = (tag) => (/^zh\b/i.test(tag) ? "zh" : "en");

/**
 * English stands in for words that do not come.
 * @param {Element} element @param {import("../i18n/strings.js").Area[]} [areas] @returns {Promise<Language>}
 */
export async function speakLike(element, areas = ["plan", "checks", "sections"]) {
	try {
		for (;;) {
			const into = languageAround(element);
			await speakBeside(into, areas);
			// It may have been named anew meanwhile.
			if (into === languageAround(element)) return into;
		}
	} catch {
		await speakBeside("en", []).catch(() => {});
		return "en";
	}
}

/** Brings the words of the language around; if it is another one, all is drawn anew. @param {import("./inner.js").Inner} inner */
export async function speak(inner) {
	const before = inner.language;
	inner.language = await speakLike(inner.host.element);
	if (before === undefined || before === inner.language) return;
	inner.update({ said: "", ...again(inner) });
	// They keep what they drew as long as their image is the same; the tree that they stand in has to say the language first.
	queueMicrotask(() => {
		for (const part of inner.root.querySelectorAll("*")) /** @type {any} */ (part).reword?.();
	});
}

/** Repeats the progress in the new language. @param {import("./inner.js").Inner} inner */
function again(inner) {
	const { progress, name } = inner.state;
	if (!progress) return {};
	const text = inner.speaking(() => t(name ? "plan.loading" : "plan.loading.snapshot", { reference: name }));
	return { progress: { ...progress, text } };
}

/** The actions of a reader that are answered in the language of their element. */
const DONE = ["pointerdown", "click", "keydown", "input", "change", "focusin", "submit"];

/** @param {ShadowRoot} root */
export function answerInside(root) {
	const turn = () => turnTo(languageInside(root.firstElementChild));
	for (const name of DONE) root.addEventListener(name, turn, true);
}

/** The language inside an element is that of the tree that it is drawn in. @param {Element | null} part */
const languageInside = (part) => languageOf(part?.closest(NAMED)?.getAttribute("lang") ?? "");

/** Parts draw themselves, each when it wants to: in the language of their tree. */
export function drawInside() {
	const parts = /** @type {any} */ (Part.prototype);
	const { performUpdate } = parts;
	parts.performUpdate = function () {
		return within(languageInside(this), () => performUpdate.call(this));
	};
}
