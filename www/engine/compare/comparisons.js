// Report -> www. The calls of the worker about comparisons and tags, which load their module.

/**
 * @typedef {{ nodes: any[], image?: string, platform?: string, documents?: { digest: string, bytes: Uint8Array }[] }} Given
 * @param {() => Promise<import("../core.js").Comparing>} comparing loads the module
 * @param {object} parts
 * @param {<T>(work: () => T | Promise<T>) => Promise<any>} parts.answer
 * @param {(job: number, work: (signal: AbortSignal) => Promise<any>) => Promise<any>} parts.stoppable
 * @param {Set<{ bytesOf(digest: string): Uint8Array | undefined }>} parts.loaded modules that keep the bytes of documents
 */
export const comparisons = (comparing, { answer, stoppable, loaded }) => ({
	/**
	 * @param {Given} a @param {Given} b
	 * @param {import("./compare-images.js").FileFacts} [facts] of the files, if these were compared
	 */
	compareImages(a, b, facts) {
		return answer(async () => {
			const { compareImages, imageOf } = await comparing();
			// The core says which images are meant; then their documents are handed over.
			const [one, other] = [a, b].map((given) => withDocuments(given, imageOf(given), loaded));
			return compareImages(one, other, facts);
		});
	},

	/** @param {Given} given */
	platforms(given) {
		return answer(async () => (await comparing()).platforms(given));
	},

	/** @param {Given | string} held an image, or what was printed about one @param {Given} given */
	pullCost(held, given) {
		return answer(async () => (await comparing()).pullCost(held, given));
	},

	/** @param {Given} given @param {string[]} materials @param {Given} [candidate] */
	bases(given, materials, candidate) {
		return answer(async () => {
			const { bases, imageOf } = await comparing();
			const [own, other] = [given, candidate].map((one) => one && withDocuments(one, imageOf(one), loaded));
			return bases(own, materials, other);
		});
	},

	/** @param {Given} given */
	dockerfile(given) {
		return answer(async () => (await comparing()).dockerfile(given));
	},

	/** @param {import("./packages-of-image.js").Package[]} a @param {import("./packages-of-image.js").Package[]} b */
	comparePackages(a, b) {
		return answer(async () => (await comparing()).comparePackages(a, b));
	},

	/** @param {string} name @param {string} digest @param {string[]} layers @param {import("./packages-of-image.js").Package[]} packages */
	cyclonedx(name, digest, layers, packages) {
		return answer(async () => (await comparing()).cyclonedx(name, digest, layers, packages));
	},

	/** @param {number} job @param {string} repository @param {object} options @param {(event: any) => void} onProgress */
	listTags(job, repository, options, onProgress) {
		return stoppable(job, async (signal) => (await comparing()).listTags(repository, options, onProgress, signal));
	},

	/** @param {number} job @param {string} host @param {object} options @param {(event: any) => void} onProgress */
	listCatalog(job, host, options, onProgress) {
		return stoppable(job, async (signal) => (await comparing()).listCatalog(host, options, onProgress, signal));
	},

	/** @param {number} job @param {string} repository @param {string} tag @param {object} options @param {(event: any) => void} onProgress */
	resolveTag(job, repository, tag, options, onProgress) {
		return stoppable(job, async (signal) =>
			(await comparing()).resolveTag(repository, tag, options, onProgress, signal),
		);
	},

	/** @param {{ tag: string, digest?: string }[]} rows */
	groupTags(rows) {
		return answer(async () => (await comparing()).groupTags(rows));
	},
});

/**
 * @param {Given} given @param {string} image
 * @param {Set<{ bytesOf(digest: string): Uint8Array | undefined }>} loaded modules that keep the bytes of documents
 * @returns {Given}
 */
function withDocuments(given, image, loaded) {
	const bytesOf = (/** @type {string} */ digest) => [...loaded].map((one) => one.bytesOf(digest)).find((one) => one);
	const isOwn = (/** @type {any} */ { id, parent, kind, path }) =>
		id === image || (parent === image && (kind === "config" || path === "$.config"));
	const documents = given.nodes.filter(isOwn).flatMap(({ digest }) => {
		const bytes = digest ? bytesOf(digest) : undefined;
		return bytes ? [{ digest, bytes }] : [];
	});
	return { ...given, image, documents };
}
