// Parts of a blob -> a layer's list, in a data worker or in Node's own thread. Errors are data, so that they keep their codes.

import { asData } from "../../lib/coded.js";
import { reading } from "../core.js";

/** Layers that are looked at in this thread, by the caller's number. @type {Map<string, any>} */
const peeks = new Map();

/** One call of `Peek`, or `close`. @param {string} id @param {string} name @param {any[]} given @returns {Promise<{ value?: any, error?: import("../../lib/coded.js").ErrorData }>} */
export async function peek(id, name, given) {
	try {
		if (name === "close") {
			peeks.get(id)?.free();
			return { value: peeks.delete(id) };
		}
		if (name !== "begin") return { value: peeks.get(id)[name](...given) };
		const { Peek } = await reading();
		const made = Peek.of(given[0]);
		if (made) peeks.set(id, made);
		return { value: made?.kind };
	} catch (/** @type {any} */ error) {
		return { error: asData(error) };
	}
}
