// The element's attributes as properties of the same names, always in step: the attribute is the only memory.

import { Common } from "./common.js";
import { reflect } from "./nearness.js";
import { oneOf, VIEWS } from "./wish.js";

/** @typedef {import("./wish.js").View} View */

export class Attributes extends Common {
	/** The image reference, such as `ghcr.io/o/app:1.2`. */
	get reference() {
		return this.getAttribute("reference") ?? "";
	}
	set reference(value) {
		reflect(this, "reference", value);
	}

	/** The address of a snapshot; it comes before the reference. */
	get src() {
		return this.getAttribute("src") ?? "";
	}
	set src(value) {
		reflect(this, "src", value);
	}

	/** The digest that the index or manifest must have; another one fails. */
	get digest() {
		return this.getAttribute("digest") ?? "";
	}
	set digest(value) {
		reflect(this, "digest", value);
	}

	/** The required signer of the image, as its certificate names it; another signer fails. */
	get identity() {
		return this.getAttribute("identity") ?? "";
	}
	set identity(value) {
		reflect(this, "identity", value);
	}

	/** The issuer that vouches for that identity: `https://accounts.google.com`. */
	get issuer() {
		return this.getAttribute("issuer") ?? "";
	}
	set issuer(value) {
		reflect(this, "issuer", value);
	}

	/** A repository of GitHub, `owner/name`: its source must have been built and signed. */
	get repository() {
		return this.getAttribute("repository") ?? "";
	}
	set repository(value) {
		reflect(this, "repository", value);
	}

	/** The address of the public key (PEM) that must have signed. */
	get key() {
		return this.getAttribute("key") ?? "";
	}
	set key(value) {
		reflect(this, "key", value);
	}

	/** The view that is drawn. @returns {View} */
	get view() {
		return oneOf(VIEWS, this.getAttribute("view"));
	}
	set view(value) {
		reflect(this, "view", value);
	}
}
