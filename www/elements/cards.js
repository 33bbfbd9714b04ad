// Report -> www. Views that most first looks never show, as elements, so that their code comes when they do.

import { nothing } from "lit";
import { recipes } from "../engine/explain.js";
import { checks } from "../views/checks.js";
import { failureLead } from "../views/failure.js";
import { byHand, oneByHand } from "../views/hand.js";
import { lookupCard } from "../views/lookup-answer.js";
import { formsCard, pastedCard } from "../views/pasted/pasted.js";
import { Explained } from "./explained.js";
import { Part } from "./part.js";

/** `<stow-pasted .model=…>`: what was pasted. */
export class StowPasted extends Part {
	static properties = { model: {}, linked: {} };

	constructor() {
		super();
		/** @type {string | undefined} */
		this.linked = undefined;
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
	}

	render() {
		return this.model ? pastedCard(this.model, this.linked) : nothing;
	}
}

/** `<stow-forms .model=…>`: the digests in the well-known forms. */
export class StowForms extends StowPasted {
	render() {
		return this.model ? formsCard(this.model) : nothing;
	}
}

/** `<stow-answer .lookup=…>`: what the digest is that was typed in the box. */
export class StowAnswer extends Part {
	static properties = { lookup: {} };

	constructor() {
		super();
		/** @type {import("../model/lookup.js").Lookup | undefined} */
		this.lookup = undefined;
	}

	render() {
		return this.lookup ? lookupCard(this.lookup) : nothing;
	}
}

/** `<stow-failure .model=…>`: what failed first, both values, the likely cause. */
export class StowFailure extends StowPasted {
	render() {
		return this.model ? failureLead(this.model) : nothing;
	}
}

/** `<stow-checks .node=…>`: every verdict about a node. */
export class StowChecks extends Part {
	static properties = { node: {} };

	constructor() {
		super();
		/** @type {import("../types.js").Node | undefined} */
		this.node = undefined;
	}

	render() {
		return this.node ? checks(this.node) : nothing;
	}
}

/**
 * `<stow-hand .image=… .model=…>`: commands that check a node by hand.
 * @extends {Explained<import("../engine/explain.js").Recipe[]>}
 */
export class StowHand extends Explained {
	static properties = { most: {} };

	constructor() {
		super();
		/** The number of commands that are shown; all if it is not set. @type {number | undefined} */
		this.most = undefined;
	}

	/** @override */
	question() {
		const { model, image } = this;
		return model && image && (() => recipes(model, image));
	}

	/** @override @param {import("../engine/explain.js").Recipe[]} all */
	drawn(all) {
		return this.most ? oneByHand(all) : byHand(all);
	}
}
