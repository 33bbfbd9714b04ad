// Errors about a blob that is not what an archive promises of it.

import { coded } from "../../lib/coded.js";

/** @param {string} name @param {number} size */
export const longer = (name, size) =>
	coded("size-mismatch", `${name} has more bytes than the ${size} that were promised`, {
		reason: "saved-longer",
		params: { size },
	});

/** @param {string} name @param {number} at @param {number} size */
export const shorter = (name, at, size) =>
	coded("size-mismatch", `${name} ends after ${at} of ${size} bytes`, {
		reason: "saved-shorter",
		params: { at, size },
	});

/** @param {string} name @param {string} [actual] @param {string} [expected] */
export const differs = (name, actual = "", expected = "") =>
	coded("digest-mismatch", `${name} hashes to ${actual} instead of ${expected}`, {
		reason: "saved-differs",
		params: { actual, expected },
	});
