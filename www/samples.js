// Line: www, the documents that ship with the page; fetched from beside it, never from elsewhere.

/** @typedef {{ id: string, name: string, files: string[], expected?: string }} Sample its words are in strings.js, by its id */

/**
 * @param {URL | string} base the folder of the samples
 * @param {typeof fetch} [get]
 * @returns {Promise<Sample[]>} none where the list cannot be had
 */
export async function listSamples(base, get = fetch) {
	try {
		const answer = await get(new URL("index.json", base));
		return answer.ok ? await answer.json() : [];
	} catch {
		return [];
	}
}

/**
 * The exact bytes of a sample's files.
 * @param {Sample} sample @param {URL | string} base @param {AbortSignal} signal @param {typeof fetch} [get]
 * @returns {Promise<Uint8Array[]>}
 */
export async function loadSample(sample, base, signal, get = fetch) {
	return Promise.all(
		sample.files.map(async (name) => {
			const answer = await get(new URL(name, base), { signal });
			if (!answer.ok)
				throw Object.assign(new Error(`${name} came with status ${answer.status}`), { code: "sample-unavailable" });
			return new Uint8Array(await answer.arrayBuffer());
		}),
	);
}
