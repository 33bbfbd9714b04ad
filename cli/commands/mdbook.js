// `stowplan mdbook`: a preprocessor of mdBook. JSON comes in and goes out, `supports RENDERER` is answered by the exit code.

import { drawBook } from "../../integrations/core/mdbook.js";
import { accessTo } from "../access.js";
import { EXIT } from "../exit.js";
import { fault } from "../fault.js";

/**
 * @param {import("../terminal.js").Terminal} io
 * @param {string | undefined} word
 * @param {{ refresh?: boolean, offline?: boolean }} options
 * @param {string} [renderer]
 */
export async function mdbook(io, word, options, renderer) {
	if (word === "supports") return renderer === "html" ? EXIT.verified : EXIT.failed;
	if (word !== undefined) throw fault("usage", `mdBook asks nothing called "${word}"`);
	const book = await drawBook(read(await io.input()), { ...options, access: (reference) => accessTo(reference, {}) });
	io.out(JSON.stringify(book));
	return EXIT.verified;
}

/** @param {Uint8Array} bytes */
function read(bytes) {
	try {
		const input = JSON.parse(new TextDecoder().decode(bytes));
		if (Array.isArray(input) && input.length === 2 && typeof input[0]?.root === "string")
			return /** @type {any} */ (input);
	} catch {}
	throw fault("invalid-book", "standard input is not a book as mdBook gives it to a preprocessor");
}
