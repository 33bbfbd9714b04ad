// Line: www, what the controller does about pasted texts and digests that are asked for.

import { later } from "./later.js";

/** @typedef {import("./controller.js").Controller} Controller */

/** A digest from the box: a question about the image in view, else a paste of its own. @param {Controller} controller @param {string} text */
export function digestTyped(controller, text) {
	if ((controller.state.model?.report.nodes.length ?? 0) > 0) ask(controller, text, "box");
	else controller.open(text);
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
	await later();
	const { model } = controller.state;
	const panel = /** @type {any} */ (controller.root.querySelector("stow-paste"));
	panel?.show(more ? { texts: model?.given.texts, expected: model?.given.expected } : { text });
}

/** Ctrl+V outside of a field. @param {Controller} controller @param {ClipboardEvent} event */
export function pastedAnywhere(controller, event) {
	const target = /** @type {Element | null} */ (event.composedPath()[0] ?? null);
	if (event.defaultPrevented || target?.closest?.("input, textarea, select, dialog")) return;
	const files = [...(event.clipboardData?.files ?? [])];
	const text = event.clipboardData?.getData("text/plain") ?? "";
	if (files.length > 0) controller.open(files, { name: files[0]?.name });
	else if (text) showPanel(controller, { text });
	else return;
	event.preventDefault();
}
