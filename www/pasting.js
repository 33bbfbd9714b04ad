// Line: www, what the controller does about texts and files that are given, and digests that are asked for.

import { filesIn } from "./intake/given.js";
import { later } from "./later.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./controller.js").Controller} Controller
 * @typedef {import("./controller.js").Job} Job
 */

/** @param {Controller} controller @param {string[]} texts @param {string} [expected] */
export function openTexts(controller, texts, expected) {
	const input = texts.length === 1 ? /** @type {string} */ (texts[0]) : texts;
	const work = (/** @type {Job} */ job) => controller.api.open(input, { expected, ...job });
	controller.run(t("progress.reading"), work, { texts, expected }, true);
}

/** @param {Controller} controller @param {import("./intake/walk.js").Given[]} given */
export function openFiles(controller, given) {
	/** @type {import("./model.js").Given} */
	const own = { texts: [] };
	const work = async (/** @type {Job} */ job) => {
		const { gather } = await import("./intake.js");
		const { input, name, snapshot } = await gather(given, job);
		if (!snapshot) own.files = { input, name };
		return snapshot ? snapshot(controller.api, job.signal) : controller.api.open(input, { name, ...job });
	};
	controller.run(t("progress.reading"), work, own, true);
}

/** A digest from the box: a question about the image in view, else a paste of its own. @param {Controller} controller @param {string} text */
export function digestTyped(controller, text) {
	if ((controller.state.model?.report.nodes.length ?? 0) > 0) ask(controller, text, "box");
	else openTexts(controller, [text]);
}

/** @param {Controller} controller @param {string} text @param {"box" | "card"} from */
export async function ask(controller, text, from) {
	const { lookUp, lookupWords } = await later();
	const { model } = controller.state;
	if (!model) return;
	const lookup = { ...lookUp(model, text), from };
	const [hit] = lookup.hits;
	controller.update({ lookup, said: lookupWords(lookup).join(" ") });
	if (hit?.node) controller.select(hit.node.id);
}

/** Opens the panel: with a text from the clipboard, or with those of the present view to add to. @param {Controller} controller @param {{ text?: string, more?: boolean }} how */
export async function showPanel(controller, { text, more }) {
	await Promise.all([later(), controller.taken]);
	const { model } = controller.state;
	const panel = /** @type {any} */ (controller.root.querySelector("stow-paste"));
	panel?.show(more ? { texts: model?.given.texts, expected: model?.given.expected } : { text });
}

/** Ctrl+V outside of a field. @param {Controller} controller @param {ClipboardEvent} event */
export function pastedAnywhere(controller, event) {
	const target = /** @type {Element | null} */ (event.composedPath()[0] ?? null);
	if (event.defaultPrevented || target?.closest?.("input, textarea, select, dialog")) return;
	const given = filesIn(event.clipboardData);
	const text = event.clipboardData?.getData("text/plain") ?? "";
	if (given.length > 0) openFiles(controller, given);
	else if (text) showPanel(controller, { text });
	else return;
	event.preventDefault();
}
