// Shows the comparison in the address, or that of two loaded images: the documents first, the files when they are asked for.

import { loadWords } from "../../i18n/strings.js";
import { styled } from "../later.js";
import { asking } from "../settings.js";
import { failureOf } from "../state.js";
import { nameBox, place, remove } from "./aside.js";
import { comparisonHash, isShown } from "./compare-address.js";

/**
 * @typedef {import("../controller.js").Controller} Controller
 * @typedef {import("../../engine/compare/compare-images.js").Subject} Subject
 * @typedef {{ a: string, b: string, platform?: string, platforms?: [string, string], subjects?: [Subject, Subject] }} Pair
 *   `subjects`: what is compared if it has no address: files, and what was opened from some
 */

/** @type {AbortController | undefined} */
let job;

/** A pair without an address. @type {Pair | undefined} */
let held;

/** Both images and the platforms in an address. @param {string} hash @returns {Pair} */
export function pairOf(hash) {
	const fields = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
	const two = (/** @type {string} */ name, /** @type {number} */ most) =>
		(fields.get(name) ?? "").split(",").map((text) => text.slice(0, most));
	const [a = "", b = ""] = two("compare", 1024);
	const [one, other] = two("platforms", 128);
	const platform = fields.get("platform")?.slice(0, 128) || undefined;
	return { a, b, platform, ...(one && other && { platforms: /** @type {[string, string]} */ ([one, other]) }) };
}

/** The element, its words and its style sheet. */
export async function prepared() {
	const sheet = styled(new URL("compare.css", import.meta.url));
	const words = ["compare", "checks", "errors"].map((area) => loadWords(/** @type {any} */ (area)));
	const [{ define }] = await Promise.all([import("../define/compare-define.js"), sheet, ...words]);
	define();
}

/** @param {Controller} controller @param {Pair} [given] two that have no address */
export async function showComparison(controller, given) {
	const { root } = controller;
	job?.abort();
	held = given;
	if (!given && !isShown("compare")) return closed(controller);
	await prepared();
	// The view of index.html is replaced when all of it is drawn.
	await controller.taken;
	if (held !== given || (!given && !isShown("compare"))) return;
	const before = /** @type {import("../../elements/compare/compare.js").StowCompare | null} */ (
		root.querySelector("stow-compare")
	);
	const element = before ?? made(controller);
	scrollTo({ top: 0 });
	await run(controller, element, false);
}

/** @param {Controller} controller */
function closed(controller) {
	job?.abort();
	held = undefined;
	remove(controller, "stow-compare");
}

/** @param {Controller} controller */
function made(controller) {
	const element = /** @type {import("../../elements/compare/compare.js").StowCompare} */ (
		document.createElement("stow-compare")
	);
	place(controller, element, () => closed(controller));
	const to = (/** @type {Pair} */ { a, b, platform, platforms }) => {
		location.hash = comparisonHash(a, b, platform, platforms);
	};
	element.addEventListener("stow-compare-files", () => void run(controller, element, true));
	element.addEventListener("stow-compare-close", () => closed(controller));
	element.addEventListener("stow-compare-swap", () => {
		const { a, b, platform, platforms, subjects } = held ?? pairOf(location.hash);
		const turned = platforms && /** @type {[string, string]} */ ([platforms[1], platforms[0]]);
		if (!subjects) return to({ a: b, b: a, platform, platforms: turned });
		void showComparison(controller, { a: b, b: a, platforms: turned, subjects: [subjects[1], subjects[0]] });
	});
	element.addEventListener("stow-compare-pair", (event) => {
		const { a, b } = /** @type {CustomEvent} */ (event).detail;
		to({ a, b, platform: pairOf(location.hash).platform });
	});
	element.addEventListener("stow-compare-platform", (event) => {
		const { platform } = /** @type {CustomEvent} */ (event).detail;
		if (held) void showComparison(controller, { ...held, platform, platforms: undefined });
		else to({ ...pairOf(location.hash), platform, platforms: undefined });
	});
	return element;
}

/** @param {Controller} controller @param {import("../../elements/compare/compare.js").StowCompare} element @param {boolean} files */
async function run(controller, element, files) {
	const own = new AbortController();
	job = own;
	const { subjects, ...pair } = held ?? pairOf(location.hash);
	nameBox(controller, subjects ? "" : `${pair.a} … ${pair.b}`);
	element.comparison?.files?.close();
	const known = files ? element.comparison?.reports : undefined;
	// The platforms of another pair are not those of this one.
	if (element.a !== pair.a || element.b !== pair.b)
		Object.assign(element, { sides: { a: [], b: [] }, changing: false });
	const shown = { platform: undefined, platforms: undefined, ...pair, local: subjects !== undefined };
	Object.assign(element, { ...shown, busy: true, turn: {}, failure: undefined, api: controller.api });
	if (!files) Object.assign(element, { comparison: undefined, leftOver: undefined });
	element.asking = asking(controller.state.settings);
	const options = { ...element.asking, platform: pair.platform, platforms: pair.platforms, signal: own.signal };
	const onProgress = (/** @type {any} */ event) => element.heard(event);
	try {
		const [a, b] = known ?? subjects ?? [pair.a, pair.b];
		const how = files ? { layers: true, maxBytes: Number.POSITIVE_INFINITY } : { layers: false };
		const comparison = await controller.api.compare(a, b, { ...options, ...how, onProgress });
		if (job !== own) return comparison.files?.close();
		await element.show(comparison);
	} catch (error) {
		if (job === own) Object.assign(element, { busy: false, failure: failureOf(error) });
	}
}
