// Report -> www. The calls of the worker about what lies beside an image, which load the finder.

/**
 * @param {() => Promise<import("./core.js").Finding>} finding loads the finder
 * @param {<T>(work: () => T | Promise<T>) => Promise<any>} answer
 * @param {<T>(job: number, work: (signal: AbortSignal) => Promise<T>) => Promise<any>} stoppable
 */
export const findings = (finding, answer, stoppable) => ({
	/**
	 * @param {number} job
	 * @param {string | undefined} reference none for an opened file
	 * @param {object[]} nodes of a report
	 * @param {object} options
	 * @param {(event: import("../types.js").ProgressEvent) => void} onProgress
	 */
	referrers(job, reference, nodes, options, onProgress) {
		return stoppable(job, async (signal) => {
			const finder = await finding();
			if (reference === undefined) return finder.referrersHere(nodes, options);
			return finder.referrers(reference, nodes, options, onProgress, signal);
		});
	},

	/** @param {string} nodes of a report, as JSON */
	evidenceOf(nodes) {
		return answer(async () => (await finding()).evidenceOf(nodes));
	},

	/** @param {string} nodes @param {[string, Uint8Array][]} evidence */
	aboutOf(nodes, evidence) {
		return answer(async () => (await finding()).aboutOf(nodes, evidence));
	},

	/** @param {Uint8Array} bytes @param {object} about @param {string} [claimed] @param {[string, string][]} [claims] */
	readStatement(bytes, about, claimed, claims = []) {
		return answer(async () => (await finding()).readStatement(bytes, about, claimed, claims));
	},

	/** @param {object} signed */
	cosignCommand(signed) {
		return answer(async () => (await finding()).cosignCommand(signed));
	},
});
