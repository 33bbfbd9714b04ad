// Report -> www/plan. A digest that the page's author pinned, held against the report: a mismatch fails, loudly.

import { withNodes } from "../engine/layers/merge.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Check} Check
 */

/** The registered forms, as src/digest.rs reads them. */
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** @param {string} text */
export const isPin = (text) => DIGEST.test(text);

/**
 * The report with the pinned digest as a check of its root; the report itself stays as it is.
 * @param {Report} report
 * @param {string} pin
 * @returns {Report}
 */
export function withPin(report, pin) {
	const root = report.nodes.find(({ id }) => id === report.roots[0]);
	if (!root) return report;
	const check = checkOf(root, pin);
	// "No digest was given" is no longer true; what was proved or disproved before stays beside it.
	const others = root.checks.filter(
		({ id, expected, outcome }) => id !== "digest" || expected !== null || outcome === "fail",
	);
	const pinned = { ...root, checks: [check, ...others] };
	return withNodes(report, [pinned]);
}

/** @param {import("../types.js").Node} root @param {string} pin @returns {Check} */
function checkOf({ digest, read }, pin) {
	const base = { id: "digest", expected: pin, source: /** @type {const} */ ("user") };
	if (!read || !digest) return { ...base, outcome: "not-checked", actual: null, message: "not read, so not checked" };
	const [same, comparable] = [digest === pin, digest.split(":")[0] === pin.split(":")[0]];
	if (!same && !comparable) {
		const message = "the pinned digest is of another algorithm than the one computed here";
		return { ...base, outcome: "not-checked", actual: digest, message };
	}
	const message = same
		? "the digest of the bytes is the one that this page pins"
		: "the digest of the bytes is not the one that this page pins";
	return { ...base, outcome: same ? "pass" : "fail", actual: digest, message };
}
