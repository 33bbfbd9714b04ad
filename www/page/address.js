// The page's address: it names the place that is shown or on its way, and keeps step with what is selected.

import { formatFragment, parseFragment } from "../lib/fragment.js";

/** @typedef {import("../lib/fragment.js").Place} Place */

export class Address {
	/** The place that is shown or being loaded. @type {Place} */
	place = {};
	/** That of the image in view: another one may be on its way, or have failed. */
	#seen = this.place;
	#writing = 0;

	/** The place that has arrived is the one in view. */
	arrive() {
		this.#seen = this.place;
		return true;
	}

	/** The digest of what is selected in the image in view, if the reader chose it. */
	get node() {
		return this.#seen.node;
	}

	/**
	 * The selected or open part of the image in view.
	 * @param {Partial<Place>} change @param {boolean} [push] whether "back" leads to the one before; arrow keys leave none
	 */
	set(change, push = false) {
		const isNamed = this.place === this.#seen;
		this.#seen = { ...this.#seen, ...change };
		if (!isNamed) return;
		this.place = this.#seen;
		clearTimeout(this.#writing);
		if (push) return this.#write(true);
		// Arrow keys held down must not run into the browser's limit on history changes.
		this.#writing = window.setTimeout(() => this.#write(), 100);
	}

	/** The place that the address names already. @param {Place} place */
	take(place) {
		const isNamed = this.place === this.#seen;
		this.place = place;
		if (isNamed) this.#seen = place;
	}

	/** @param {boolean} [push] */
	#write(push = false) {
		const { place } = this;
		if (!place.ref && !place.sample && !place.doc) return;
		const hash = formatFragment(place);
		if (hash === location.hash) return;
		if (push) history.pushState(null, "", hash);
		else history.replaceState(null, "", hash);
	}

	/** For what has no address. */
	leave() {
		this.place = {};
		if (location.hash) history.pushState(null, "", location.pathname + location.search);
	}

	/** Names a place; the page follows it. @param {Place} place @returns {boolean} whether it was named already, so that no event follows */
	name(place) {
		this.place = {};
		const hash = formatFragment(place);
		const same = hash === location.hash;
		if (!same) location.hash = hash;
		return same;
	}

	/** The place that is named now and was not before: an image, a sample, a place in the present one, or nothing any more. */
	change() {
		const [to, { place }] = [parseFragment(location.hash), this];
		if (to.ref && (to.ref !== place.ref || to.platform !== place.platform)) return { image: to };
		if (to.sample && to.sample !== place.sample) return { sample: to };
		if (to.doc && to.doc !== place.doc) return { doc: to };
		if (!to.ref && !to.sample && !to.doc && (place.ref || place.sample || place.doc)) return { home: true };
		return { place: to };
	}
}
