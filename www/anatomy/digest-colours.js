// Line: Report -> www. A digest's four-colour bar: equal digests look equal. Colour and height both tell them apart.

/** How many colours the style sheet names (`--digest-0` …) and how many heights a stripe may have. */
export const COLOURS = 8;
export const LEVELS = 4;
export const STRIPES = 4;

/**
 * Four stripes; every character of the digest counts. It is a help for the eye, never a proof.
 * @param {string} digest
 * @returns {{ colour: number, level: number }[]} `colour` from 0 to 7, `level` from 1 to 4
 */
export function stripesOf(digest) {
	let hash = fnv1a(digest);
	return Array.from({ length: STRIPES }, () => {
		const stripe = { colour: hash % COLOURS, level: 1 + ((hash >>> 3) % LEVELS) };
		hash >>>= 5;
		return stripe;
	});
}

/** FNV-1a, 32 bits, with a last mix so that the low bits depend on all of the text. @param {string} text */
function fnv1a(text) {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length && at < 200; at++) {
		hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
	return (hash ^ (hash >>> 15)) >>> 0;
}
