// files -> www. Asks the core about texts that are no documents: the images of a file, and whether one holds a secret.

/**
 * @param {() => Promise<typeof import("./pkg/stowplan_open.js")>} opening
 * @param {<T>(work: () => T | Promise<T>) => Promise<any>} answer
 */
export const texts = (opening, answer) => ({
	/**
	 * The images that a file names.
	 * @param {string} text @param {string} [name]
	 */
	readImages: (text, name) => answer(async () => (await opening()).readImages(text, name)),

	/** @param {string} text @param {import("../types.js").ImageRow[]} rows */
	pinImages: (text, rows) => answer(async () => (await opening()).pinImages(text, rows)),

	/** True if a text has what looks like a secret. @param {string} text */
	holdsSecret: (text) => answer(async () => (await opening()).holdsSecret(text)),
});
