// Line: www. Whether the page is being printed: a Lit controller that has its host drawn anew at both ends.

/** How many rows are printed. */
export const ON_PAPER = 1000;

const EVENTS = ["beforeprint", "afterprint"];

export class Paper {
	/** @param {import("lit").ReactiveControllerHost} host */
	constructor(host) {
		this.host = host;
		this.printing = false;
		host.addController(this);
	}

	hostConnected() {
		for (const name of EVENTS) addEventListener(name, this);
	}

	hostDisconnected() {
		for (const name of EVENTS) removeEventListener(name, this);
	}

	/** @param {Event} event */
	handleEvent({ type }) {
		this.printing = type === EVENTS[0];
		this.host.requestUpdate();
	}
}
