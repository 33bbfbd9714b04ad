// Beside elements that draw only the rows in view: for paper they draw more of them.

export class Printing {
	/** True from the moment before printing to the one after it. */
	active = false;
	#turn = (/** @type {Event} */ { type }) => {
		this.active = type === "beforeprint";
		this.host.requestUpdate();
		// Paper does not wait for the next frame.
		this.draw();
	};

	/** @param {import("lit").ReactiveControllerHost} host @param {() => void} draw draws the host at once */
	constructor(host, draw) {
		this.host = host;
		this.draw = draw;
		host.addController(this);
	}

	hostConnected() {
		for (const type of ["beforeprint", "afterprint"]) addEventListener(type, this.#turn);
	}

	hostDisconnected() {
		for (const type of ["beforeprint", "afterprint"]) removeEventListener(type, this.#turn);
	}
}
