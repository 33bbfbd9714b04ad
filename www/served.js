// Line: www. What index.html shows before the scripts are here gives way to what they draw; what was typed and pressed stays.

/**
 * early.js has kept what was pressed, and presses it again when it hears of the drawing.
 * @param {import("./controller.js").Controller} controller
 */
export function takeOver(controller) {
	const { root, state } = controller;
	const box = root.querySelector("input");
	const held = box && box === document.activeElement;
	state.input = box?.value ?? "";
	root.replaceChildren();
	controller.draw();
	if (held) root.querySelector("input")?.focus();
	document.documentElement.dataset.shell = "drawn";
	dispatchEvent(new Event("stow-drawn"));
}
