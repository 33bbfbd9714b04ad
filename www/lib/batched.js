// Draws once for all changes of a turn.

/** @param {() => void} draw @returns {() => void} asks for it; it is done when the caller's turn is over */
export function batched(draw) {
	let waits = false;
	return () => {
		if (waits) return;
		waits = true;
		queueMicrotask(() => {
			waits = false;
			draw();
		});
	};
}
