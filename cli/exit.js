// The exit codes: what a script may rely on.

export const EXIT = { verified: 0, failed: 1, incomplete: 2, error: 3 };

/** @param {import("../www/types.js").Report} report */
export const exitOf = ({ summary }) => EXIT[summary.verdict];

/** The worst of several: a failure, then what was left open. @param {number[]} codes */
export const worst = (codes) =>
	[EXIT.error, EXIT.failed, EXIT.incomplete].find((code) => codes.includes(code)) ?? EXIT.verified;
