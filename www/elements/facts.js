// Report -> www. `<stow-facts .model=…>`: the rows below the verdict.

import { nothing } from "lit";
import { factRows } from "../views/fact-rows.js";
import { Part } from "./part.js";

export class StowFacts extends Part {
	static properties = { model: {} };

	constructor() {
		super();
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
	}

	render() {
		return this.model ? factRows(this.model) : nothing;
	}
}
