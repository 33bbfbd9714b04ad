// Shows the tags that the address names (`#tags=ghcr.io/o/app`).

import { loadWords } from "../../i18n/strings.js";
import { styled } from "../later.js";
import { nameBox, place, remove } from "./aside.js";
import { isShown } from "./compare-address.js";

/** @typedef {import("../controller.js").Controller} Controller */

/** The repository in an address. @param {string} hash */
export const repositoryOf = (hash) =>
	(new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B")).get("tags") ?? "").slice(0, 1024);

/** @param {Controller} controller */
export async function showTags(controller) {
	const { root } = controller;
	const isHere = () => isShown("tags");
	if (!isHere()) return remove(controller, "stow-tags");
	const words = ["compare", "errors"].map((area) => loadWords(/** @type {any} */ (area)));
	const [{ define }] = await Promise.all([
		import("../define/tags-define.js"),
		styled(new URL("compare.css", import.meta.url)),
		...words,
	]);
	define();
	await controller.taken;
	if (!isHere()) return;
	const before = /** @type {import("../../elements/compare/tags.js").StowTags | null} */ (
		root.querySelector("stow-tags")
	);
	const element =
		before ?? /** @type {import("../../elements/compare/tags.js").StowTags} */ (document.createElement("stow-tags"));
	Object.assign(element, { api: controller.api, settings: controller.state.settings });
	if (!before) place(controller, element, () => remove(controller, "stow-tags"));
	scrollTo({ top: 0 });
	const repository = repositoryOf(location.hash);
	nameBox(controller, repository);
	await element.show(repository);
}
