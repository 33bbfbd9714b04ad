// Line: paste / drop -> bytes. What the caller has, as bytes with what is known about them.

import { revived } from "./session.js";

/** @param {string | Uint8Array | Blob} input @returns {Promise<import("./remote.js").Input>} */
export async function asBytes(input) {
	if (typeof input === "string") return { bytes: new TextEncoder().encode(input), text: true };
	if (input instanceof Uint8Array) return { bytes: input, text: false };
	if (input instanceof Blob) {
		const bytes = new Uint8Array(await input.arrayBuffer());
		return { bytes, text: false, name: "name" in input ? String(input.name) : undefined };
	}
	throw revived({ code: "unsupported-input", message: "open takes a string, a Uint8Array, a Blob or a list of these" });
}
