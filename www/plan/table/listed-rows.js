// Page -> www/plan. The images that an author lists in a page: one a list item or table row, with the digest it must have.

/**
 * @typedef {object} Listed
 * @property {string} text the reference as the author wrote it
 * @property {string} reference what is asked for
 * @property {string} digest the digest that its index or manifest must have, or empty
 */

/** The most rows that are read, and the longest text of one. */
const [ROWS, LONGEST] = [500, 1024];

const DIGEST = /^sha(?:256|512):[0-9a-f]+$/i;

/**
 * The reference of a row is its first `code` or link, else its first word; a digest beside it is the one it must have.
 * @param {Element} element @param {string} image the name that bare digests and tags belong to
 * @returns {Listed[]}
 */
export function rowsOf(element, image) {
	const rows = [...element.querySelectorAll("li, tr")].filter(
		(row) => !row.matches("thead *") && !row.querySelector("li, tr"),
	);
	return rows.slice(0, ROWS).flatMap((row) => {
		const cells = row.matches("tr") ? [...row.children] : [row];
		const text = cells.map(({ textContent }) => textContent ?? "").join(" ");
		return listedOf(row.querySelector("code, a")?.textContent?.trim() || text, text, image) ?? [];
	});
}

/**
 * @param {string} named @param {string} whole the text of the row @param {string} image
 * @returns {Listed | undefined}
 */
export function listedOf(named, whole, image) {
	const words = (/** @type {string} */ text) =>
		text
			.slice(0, 4 * LONGEST)
			.split(/[\s,;|]+/)
			.filter(Boolean);
	const first = words(named)[0] ?? "";
	if (!first || first.length > LONGEST) return undefined;
	const digest = words(whole).find((word) => DIGEST.test(word)) ?? "";
	const isBare = DIGEST.test(first);
	if (image && isBare) return { text: first, reference: `${image}@${first}`, digest: "" };
	if (image && first.startsWith(":")) return { text: `${image}${first}`, reference: `${image}${first}`, digest };
	return { text: first, reference: first, digest: isBare ? "" : digest };
}

/** Equal rows have equal keys. @param {Listed} row */
export const keyOfRow = ({ reference, digest }) => `${reference} ${digest}`;
