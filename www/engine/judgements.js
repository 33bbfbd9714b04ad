// Report -> www. The calls of the worker about signatures, which load the judge.

/**
 * @param {() => Promise<import("./core.js").Judging>} judging loads the judge
 * @param {<T>(work: () => T | Promise<T>) => Promise<any>} answer
 */
export const judgements = (judging, answer) => ({
	/** @param {string} bundle @param {import("./signatures-question.js").Asked} asked */
	verifyBundle(bundle, asked) {
		return answer(async () => (await judging()).verifyBundle(bundle, asked));
	},

	/** @param {string} pem */
	readCertificate(pem) {
		return answer(async () => (await judging()).readCertificate(pem));
	},

	/** @param {string} nodes of a report, as JSON @param {string} [view] the id of the image in view */
	signaturesOf(nodes, view) {
		return answer(async () => (await judging()).signaturesOf(nodes, view));
	},

	/** @param {string} nodes @param {{ id: string, bytes?: Uint8Array }[]} bytes @param {object} asked */
	judgeSignatures(nodes, bytes, asked) {
		return answer(async () => (await judging()).judgeSignatures(nodes, bytes, asked));
	},
});
