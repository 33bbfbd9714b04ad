// paste / drop -> bytes. Takes a text, or a file whose bytes stay where they are.

import { revived } from "./session.js";

/** @param {string | Uint8Array | Blob} input @returns {{ text?: string, file?: Blob, name?: string }} */
export function asGiven(input) {
	if (typeof input === "string") return { text: input };
	if (input instanceof Uint8Array) return { file: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (input)]) };
	if (input instanceof Blob) {
		const { name, webkitRelativePath } = /** @type {Partial<File>} */ (input);
		return { file: input, name: webkitRelativePath || name };
	}
	throw revived({ code: "unsupported-input", message: "open takes a string, a Uint8Array, a Blob or a list of these" });
}
