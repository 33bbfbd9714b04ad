// Replaces the view of index.html by the one that scripts draw; typed text, presses and focus stay.

/**
 * early.js has kept what was pressed, and presses it again when it hears of the drawing.
 * @param {import("./controller.js").Controller} controller
 */
export function replaceShell(controller) {
	const { root, state } = controller;
	const field = () => /** @type {HTMLTextAreaElement | null} */ (root.querySelector("#reference"));
	const parts = () => [...root.querySelectorAll("a, button, input, select, textarea")];
	const held = parts().indexOf(/** @type {Element} */ (document.activeElement));
	const box = field();
	const [start = 0, end = 0] = [box?.selectionStart ?? 0, box?.selectionEnd ?? 0];
	state.input = box?.value || state.input;
	root.replaceChildren();
	controller.served = false;
	controller.draw();
	const part = /** @type {HTMLElement | undefined} */ (parts()[held]);
	part?.focus({ preventScroll: true });
	if (part && part === field()) field()?.setSelectionRange(start, end);
	document.documentElement.dataset.shell = "drawn";
	dispatchEvent(new Event("stow-drawn"));
}
