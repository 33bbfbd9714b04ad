// The public API for the documents beside an image; its code is loaded with the first question.

/**
 * Looks for signatures, statements and lists of packages about an image, in their four places.
 * @param {import("../types.js").Report} report of `inspect` or `open`; it stays as it is
 * @param {import("./referrers.js").ReferrerOptions} [options]
 * @returns {Promise<import("../types.js").Report>} a new one: what was found are nodes with `about`, and `asked` says what
 *   each place answered
 */
export const referrers = async (report, options) => (await import("./referrers.js")).referrers(report, options);

/**
 * Verifies the signatures that a report shows: each signature's node gets its checks, the report gets `trust`.
 * @param {import("../types.js").Report} report from `inspect`, `open` or `referrers`; it stays as it is
 * @param {import("./verify-signatures.js").SignatureOptions} [options]
 * @returns {Promise<import("../types.js").Report>} a new one
 */
export const verifySignatures = async (report, options) =>
	(await import("./verify-signatures.js")).verifySignatures(report, options);

/**
 * Reads a statement, a list of packages or another document about an image.
 * @param {import("../types.js").Report} report of `referrers`, or of `open`
 * @param {string} id of the node of the document, or of the manifest that holds it
 * @returns {Promise<import("../types.js").ReadStatement>} rejects with `unsupported-input`, `limit-exceeded`, `not-found`
 */
export const readStatement = async (report, id) => (await statements()).readStatement(report, id);

/**
 * The command of cosign that proves a signature by hand.
 * @param {import("../types.js").Report} report
 * @param {import("../types.js").Node} node with `proof`
 * @param {import("../types.js").ReadStatement} [read] what was signed
 * @returns {Promise<string>} nothing if the report names no repository
 */
export const cosignCommand = async (report, node, read) => (await statements()).cosignCommand(report, node, read);

const statements = () => import("./statements.js");
