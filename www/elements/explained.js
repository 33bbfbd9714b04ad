// The base of elements that draw what the core says about the nodes in view: it is asked anew when these change.

import { nothing } from "lit";
import { OnDemand } from "./on-demand.js";

/** @template T */
export class Explained extends OnDemand {
	/** @type {import("lit").PropertyDeclarations} */
	static properties = { said: { state: true } };

	constructor() {
		super();
		/** @type {T | undefined} */
		this.said = undefined;
	}

	connectedCallback() {
		super.connectedCallback();
		// An answer that was on its way when the element left its page is dropped.
		if (this.hasUpdated && !this.said) this.ask();
	}

	/** @param {Map<string, unknown>} changed */
	willUpdate(changed) {
		super.willUpdate(changed);
		if (changed.has("model") || changed.has("image")) this.ask();
	}

	/** An answer stays until there is a new one: the same image comes in with each layer that was read. */
	ask() {
		const question = this.question();
		if (!question) return;
		this.run(async (signal) => {
			const said = await question();
			if (!signal.aborted) this.said = said;
		});
	}

	/** @returns {(() => Promise<T>) | undefined} nothing if there is nothing to ask about */
	question() {
		return undefined;
	}

	/** An answer about another image is not shown. */
	forget() {
		super.forget();
		this.said = undefined;
	}

	render() {
		if (this.failure) return this.failed();
		return this.said === undefined ? nothing : this.drawn(this.said);
	}

	/** @param {T} _said @returns {unknown} */
	drawn(_said) {
		return nothing;
	}
}
