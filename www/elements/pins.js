// files -> www. `<stow-pins .pins=…>`: the images of a file, the digests that their tags serve now, and the file with every image pinned.

import { nothing } from "lit";
import { pinsCard } from "../views/pasted/pins-card.js";
import { Part } from "./part.js";

export class StowPins extends Part {
	static properties = { pins: {} };

	constructor() {
		super();
		/** @type {import("../views/pasted/pins-card.js").Pins | undefined} */
		this.pins = undefined;
	}

	render() {
		return this.pins ? pinsCard(this.pins) : nothing;
	}
}
