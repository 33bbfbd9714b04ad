// Mends broken links from the file up, as a builder writes them; the rest of the text stays as it is.

/**
 * @typedef {import("./lesson.js").Texts} Texts
 * @typedef {import("./lesson.js").Link} Link
 */

/**
 * Each document is mended before its digest goes into the one above.
 * @param {Pick<import("./lesson.js").Lesson, "results">} lesson
 * @param {Texts} texts
 */
export async function mended(lesson, texts) {
	const now = { ...texts };
	for (const by of /** @type {const} */ (["config", "manifest", "index"])) {
		const { links } = await lesson.results(now);
		for (const link of links) if (link.by === by && !link.fits) now[by] = renamed(now[by], link);
	}
	return now;
}

/** The text with another digest, and size, in the place of those that it names. @param {string} text @param {Link} link */
export function renamed(text, { named, namedSize, found }) {
	if (!named || !found.digest || !text.includes(named)) return text;
	// The brace before a digest opens its descriptor.
	const start = text.lastIndexOf("{", text.indexOf(named));
	const sized =
		typeof namedSize === "number"
			? text.slice(0, start) + text.slice(start).replace(/("size"\s*:\s*)\d+/, `$1${found.size}`)
			: text;
	return sized.replaceAll(named, found.digest);
}
