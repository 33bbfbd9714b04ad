// Report -> www. `<stow-table kind=…>`: the tables behind a tab: the config, the layers, the requests.

import { nothing } from "lit";
import { config } from "../views/config.js";
import { layers, requests } from "../views/tables.js";
import { Part } from "./part.js";

export class StowTable extends Part {
	static properties = { kind: {}, model: {}, image: {}, requests: {} };

	constructor() {
		super();
		this.kind = "";
		/** @type {import("../model/model.js").Model | undefined} */
		this.model = undefined;
		/** @type {import("../types.js").Node | undefined} */
		this.image = undefined;
		/** @type {import("../views/tables.js").Request[]} */
		this.requests = [];
	}

	render() {
		if (this.kind === "requests") return requests(this.requests);
		if (!this.model) return nothing;
		return this.kind === "config" ? config(this.model, this.image) : layers(this.model, this.image);
	}
}
