// Line: www. The page's address: it names the place that is shown or on its way, and keeps step with what is selected.

import { formatFragment, parseFragment } from "./fragment.js";

/** @typedef {import("./fragment.js").Place} Place */

export class Address {
	/** The place that is shown or being loaded. @type {Place} */
	place = {};
	/** That of the image in view: another one may be on its way, or have failed. */
	#seen = this.place;
	#writing = 0;

	/** What has arrived is what is in view. */
	arrive() {
		this.#seen = this.place;
	}

	/** The digest of what is selected in the image in view, as far as somebody chose it. */
	get node() {
		return this.#seen.node;
	}

	/** @param {string | undefined} node */
	select(node) {
		const isNamed = this.place === this.#seen;
		this.#seen = { ...this.#seen, node };
		if (!isNamed) return;
		this.place = this.#seen;
		clearTimeout(this.#writing);
		// Arrow keys held down must not run into the browser's limit on history changes.
		this.#writing = window.setTimeout(() => this.#write(), 100);
	}

	#write() {
		if (this.place.ref || this.place.sample) history.replaceState(null, "", formatFragment(this.place));
	}

	/** For what has no address. */
	leave() {
		this.place = {};
		if (location.hash) history.pushState(null, "", location.pathname + location.search);
	}

	/** Names a place; the page follows it. @param {Place} place @returns {boolean} whether it was named already, and nobody will tell of it */
	name(place) {
		this.place = {};
		const hash = formatFragment(place);
		const same = hash === location.hash;
		if (!same) location.hash = hash;
		return same;
	}

	/** What is named now that was not before: an image, a sample, a node, or nothing any more. */
	change() {
		const [to, { place }] = [parseFragment(location.hash), this];
		if (to.ref && (to.ref !== place.ref || to.platform !== place.platform)) return { image: to };
		if (to.sample && to.sample !== place.sample) return { sample: to };
		if (!to.ref && !to.sample && (place.ref || place.sample)) return { home: true };
		return { node: to.node };
	}
}
