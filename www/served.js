// Line: www. What index.html shows before the scripts are here gives way to what they draw; what was typed, pressed and held stays.

/**
 * early.js has kept what was pressed, and presses it again when it hears of the drawing.
 * @param {import("./controller.js").Controller} controller
 */
export function takeOver(controller) {
	const { root, state } = controller;
	const parts = () => [...root.querySelectorAll("a, button, input, select")];
	const held = parts().indexOf(/** @type {Element} */ (document.activeElement));
	const box = root.querySelector("input");
	const [start = 0, end = 0] = [box?.selectionStart ?? 0, box?.selectionEnd ?? 0];
	state.input = box?.value || state.input;
	root.replaceChildren();
	controller.served = false;
	controller.draw();
	const part = /** @type {HTMLInputElement | undefined} */ (parts()[held]);
	part?.focus({ preventScroll: true });
	if (part && part === root.querySelector("input")) part.setSelectionRange(start, end);
	document.documentElement.dataset.shell = "drawn";
	dispatchEvent(new Event("stow-drawn"));
}
