// The Worker's places: how many requests are under way in this isolate, in all and for one client.
//
// The platform may end a request without a word once its client is gone. So a place lapses unless it is renewed while the
// body moves, and one that has lapsed is given back when the next request comes.

/** @typedef {import("./settings.js").Policy} Policy */

/** A place that one request holds; leaving it twice does nothing. */
export class Place {
	/** True if a body holds the place and leaves it at its end; otherwise its request does. */
	streams = false;
	#all;
	#policy;
	#client;
	#until = 0;

	/** @param {Set<Place>} all @param {Policy} policy @param {string} client */
	constructor(all, policy, client) {
		this.#all = all;
		this.#policy = policy;
		this.#client = client;
		all.add(this);
	}

	/** Holds the place for that many milliseconds more. @param {number} milliseconds */
	renew(milliseconds) {
		this.#until = Date.now() + milliseconds;
	}

	leave() {
		if (this.#all.delete(this)) this.#policy.leave(this.#client);
	}

	get hasLapsed() {
		return Date.now() > this.#until;
	}
}

/** @type {Set<Place>} */
const held = new Set();

/**
 * A place for a request of that client, or the policy's refusal.
 * @param {Policy} policy
 * @param {string} client its address, as the platform tells it
 */
export function enter(policy, client) {
	for (const place of held) if (place.hasLapsed) place.leave();
	const refused = policy.enter(client);
	return refused ? { refused } : { place: new Place(held, policy, client) };
}
