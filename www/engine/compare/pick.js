// Layers -> the files with packages in them. Both run in a data worker, or in Node's own thread.

import { comparing, reading } from "../core.js";
import { each, unread } from "../layers/read.js";

/**
 * @typedef {import("../layers/read.js").Job & { wanted: number[], programs?: number[], most: number }} PickJob
 *   `wanted`: numbers of entries; `programs`: those of which only what they say of themselves is kept
 * @typedef {{ verdict: import("../../types.js").LayerVerdict, contents: [number, Uint8Array][] }} Picked
 */

/** Packages that are being collected in this thread, by the caller's number. @type {Map<number, any>} */
const collected = new Map();

/**
 * One call of `Packages`, or `close`.
 * @param {number} id @param {string} name @param {any[]} given
 * @returns {Promise<any>}
 */
export async function collect(id, name, given) {
	if (name === "close") {
		collected.get(id)?.free();
		return collected.delete(id);
	}
	const { Packages } = await comparing();
	const packages = collected.get(id) ?? new Packages();
	collected.set(id, packages);
	return /** @type {any} */ (packages)[name](...given);
}

/**
 * A layer read as `read` does, with whatever in it may say something of packages: it need not be read again for that.
 * @param {PickJob} job @param {import("../layers/read.js").Hooks} hooks
 * @returns {Promise<import("../layers/read.js").Read & { contents: [number, Uint8Array][] }>}
 */
export async function collectWhile(job, hooks) {
	const { Picker } = await reading();
	const picker = Picker.guessing(job.spec, job.most);
	try {
		const { failed, contents } = await pickedBy(picker, job, hooks);
		if (failed) return { ...(await unread(job.spec, failed)), contents: [] };
		const verdict = picker.finish();
		return { verdict, index: picker.index(), entries: picker.entries(job.entries), contents };
	} finally {
		picker.free();
	}
}

/** @param {any} picker @param {PickJob} job @param {import("../layers/read.js").Hooks} hooks */
async function pickedBy(picker, job, hooks) {
	/** @type {[number, Uint8Array][]} */
	const contents = [];
	let bytes = 0;
	const failed = await each(job, hooks, picker, (piece) => {
		picker.push(piece);
		for (let at = picker.next(); at >= 0; at = picker.next()) contents.push([at, picker.content()]);
		bytes += piece.length;
		return bytes;
	});
	return { failed, contents };
}

/**
 * Several files of a layer in one pass, and the verdict over the whole layer.
 * @param {PickJob} job @param {import("../layers/read.js").Hooks} hooks
 * @returns {Promise<Picked>}
 */
export async function pick(job, hooks) {
	const { Picker } = await reading();
	const picker = new Picker(job.spec, Uint32Array.from(job.wanted), Uint32Array.from(job.programs ?? []), job.most);
	try {
		const { failed, contents } = await pickedBy(picker, job, hooks);
		if (failed) return { verdict: (await unread(job.spec, failed)).verdict, contents: [] };
		return { verdict: picker.finish(), contents };
	} finally {
		picker.free();
	}
}
