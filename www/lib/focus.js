// Moves the focus when its element is removed: to the part around it, never to the top of the page.

/**
 * Draws, and puts the focus on the nearest part around it that may have it if the drawing took its place away.
 * @param {Element} root what is drawn
 * @param {() => void} draw
 */
export function keepingFocus(root, draw) {
	const held = /** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement;
	/** @type {HTMLElement[]} */
	const around = [];
	for (let up = root.contains(held) ? held : null; up; up = up.parentElement) {
		if (up.hasAttribute("tabindex")) around.push(/** @type {HTMLElement} */ (up));
	}
	draw();
	if (!held?.isConnected) around.find((part) => part.isConnected)?.focus({ preventScroll: true });
}
