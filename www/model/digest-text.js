// paste -> www. Texts before the core takes them apart: exact as they were copied, and digests told from names.

/**
 * The text as it was on the clipboard where a text area still holds it: there CRLF and CR become LF, and a digest counts them.
 * @param {string} value of the text area
 * @param {string | undefined} pasted what was pasted into it last
 */
export const exactText = (value, pasted) =>
	pasted !== undefined && pasted.replace(/\r\n?/g, "\n") === value ? pasted : value;

/**
 * The digest that a field holds: 64 hex digits alone are a sha256. What it cannot read goes to the core, which says why.
 * @param {string} field
 * @returns {string | undefined} nothing for an empty field
 */
export function expectedDigest(field) {
	const text = field.trim();
	const found = /(?:sha256|sha512):[0-9a-f]+/.exec(text)?.[0];
	return found ?? (/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text || undefined);
}

/**
 * True if a text is a digest or the beginning of one and no name: without an algorithm it must hold a digit, since
 * `facade` is a repository.
 * @param {string} text
 */
export const isDigest = (text) =>
	/^sha(256|512):[0-9a-f]{6,128}$/i.test(text) || (/^[0-9a-f]{6,128}$/i.test(text) && /\d/.test(text));

/** A text in a few words, for a list of them. @param {string} text */
export const excerpt = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
