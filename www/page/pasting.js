// The controller's part for pasted texts, files, and digests that are asked for.

import { t } from "../i18n/strings.js";
import { filesIn } from "../intake/given.js";
import { coded } from "../lib/coded.js";
import { later } from "./later.js";

/**
 * @typedef {import("./controller.js").Controller} Controller
 * @typedef {import("./controller.js").Job} Job
 */

/**
 * @param {Controller} controller @param {string[]} texts @param {string} [expected]
 * @param {boolean} [typed] in the box: what nothing is known of is a name with a mistake there
 */
export function openTexts(controller, texts, expected, typed) {
	const input = texts.length === 1 ? /** @type {string} */ (texts[0]) : texts;
	const work = async (/** @type {Job} */ job) => {
		const report = await controller.api.open(input, { expected, ...job });
		const [own] = texts.length === 1 && !expected ? (report.pasted ?? []) : [];
		const name = own?.inspect ?? (typed && own?.form === "unknown" ? texts[0]?.trim() : undefined);
		if (!name) return report;
		// A text that is one image's name is inspected at once: that is another job, which ends this one.
		controller.go({ ref: name });
		return /** @type {Promise<never>} */ (new Promise((_, end) => job.signal.addEventListener("abort", end)));
	};
	controller
		.run(t("progress.reading"), work, { texts, expected }, { leaves: true })
		.then(() => showPins(controller, texts.length === 1 ? texts[0] : undefined));
}

/** A text that came in the address. @param {Controller} controller @param {import("./controller.js").Place} place */
export function openDoc(controller, place) {
	controller.address.place = place;
	controller.update({ input: "" });
	/** @type {import("../model/model.js").Given} */
	const given = { texts: [] };
	const work = async (/** @type {Job} */ job) => {
		const { unpacked } = await import("../lib/doc-link.js");
		const text = await unpacked(place.doc ?? "").catch((error) => {
			throw coded(error.code ?? "unsupported-input", String(error.message));
		});
		given.texts.push(text);
		return controller.api.open(text, job);
	};
	controller.run(t("progress.reading"), work, given).then(() => showPins(controller, given.texts[0]));
}

/** Copies an address with the text in it, unless the text holds what looks like a secret. @param {Controller} controller */
export async function linkDoc(controller) {
	const { model } = controller.state;
	const [text, ...others] = model?.given.texts ?? [];
	if (!model || text === undefined || others.length > 0) return;
	const { LONGEST, packed } = await import("../lib/doc-link.js");
	// The lint's checks are about documents; what stands around them, or in them as plain text, is looked through, too.
	const linted = model.report.nodes.flatMap(({ checks }) => checks.filter(({ id }) => id === "secret"));
	const secret = linted.some(({ outcome }) => outcome !== "pass") || (await controller.api.holdsSecret(text));
	const code = secret ? "" : await packed(text);
	const tell = (/** @type {string} */ linked) => controller.update({ linked, said: linked });
	if (secret) return tell(t("pasted.link.secret"));
	if (code.length > LONGEST) return tell(t("pasted.link.long"));
	const { origin, pathname } = location;
	await navigator.clipboard.writeText(`${origin}${pathname}#doc=${code}`);
	tell(t("pasted.link.copied"));
}

/** The images that a text of a file names, as a table below what it is. @param {Controller} controller @param {string} [text] @param {string} [name] */
async function showPins(controller, text, name) {
	const { model } = controller.state;
	const named = model?.report.pasted?.some(({ references }) => references.length > 0);
	if (text === undefined || !named) return;
	const { readPins } = await import("./pins-actions.js");
	await readPins(controller, text, name);
}

/** @param {Controller} controller @param {import("../intake/walk.js").Given[]} given */
export function openFiles(controller, given) {
	/** @type {import("../model/model.js").Given} */
	const own = { texts: [] };
	const work = async (/** @type {Job} */ job) => {
		const { gather } = await import("./intake.js");
		const { input, name, snapshot } = await gather(given, job);
		if (!snapshot) own.files = { input, name };
		return snapshot ? snapshot(controller.api, job.signal) : controller.api.open(input, { name, ...job });
	};
	controller.run(t("progress.reading"), work, own, { leaves: true }).then(async () => {
		const [file, ...others] = own.files?.input ?? [];
		if (!file || others.length > 0 || file.size > LARGEST_FILE) return;
		showPins(controller, await file.text(), file.name);
	});
}

/** The largest file that is read for the images that it names, as the core has it. */
const LARGEST_FILE = 4 * 1024 * 1024;

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
	const lookup = { ...(await lookUp(model, text)), from };
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
	else if (text.trim()) openTexts(controller, [text]);
	else return;
	event.preventDefault();
}
