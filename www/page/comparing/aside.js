// Places a view that stands instead of a result: a comparison, or a list of tags. The header is small beside it.

/** @typedef {import("../controller.js").Controller} Controller */

/** @param {Controller} controller */
const follow = (controller) =>
	controller.update({ aside: controller.root.querySelector("stow-compare, stow-tags") !== null });

/** The box says what is shown, as if it had been typed. @type {string | undefined} */
let named;

/** @param {Controller} controller @param {string} text */
export function nameBox(controller, text) {
	named = text;
	controller.update({ input: text });
}

/**
 * A result takes its place as soon as one is begun, even if the address says otherwise.
 * @param {Controller} controller @param {HTMLElement} element @param {() => void} giveWay
 */
export function place(controller, element, giveWay) {
	controller.root.addEventListener("stow-begin", giveWay, { once: true });
	// The page's own main part is empty meanwhile, and hidden.
	element.setAttribute("role", "main");
	element.tabIndex = -1;
	controller.root.querySelector(".foot")?.before(element);
	follow(controller);
}

/** @param {Controller} controller @param {"stow-compare" | "stow-tags"} name */
export function remove(controller, name) {
	const element = controller.root.querySelector(name);
	if (!element) return;
	element.remove();
	follow(controller);
	// The view in its place has named itself, unless it was there before.
	if (controller.state.input === named) controller.update({ input: controller.address.place.ref ?? "" });
	named = undefined;
}
