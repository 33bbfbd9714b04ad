// Line: www, the documents that ship with the page; fetched from beside it, never from elsewhere.

import { t } from "./strings.js";

/**
 * @typedef {object} Sample its words are in strings.js, by its id
 * @property {string} id
 * @property {string} name
 * @property {string[]} files
 * @property {string} [expected]
 * @property {boolean} [text] opened as pasted text
 */

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

/** How long the first drawing waits for the list, in milliseconds. */
const PATIENCE = 500;

/** The list, or none where it lets the page wait. @param {Promise<Sample[]>} list @returns {Promise<Sample[]>} */
export const patiently = (list) => Promise.race([list, new Promise((done) => setTimeout(done, PATIENCE, []))]);

/**
 * A sample with the exact bytes of its files, or with their text where it is one.
 * @param {Sample[] | undefined} samples @param {string | undefined} id @param {URL | string} base
 * @param {AbortSignal} signal @param {typeof fetch} [get]
 * @returns {Promise<Sample & { inputs: (Uint8Array | string)[] }>}
 */
export async function loadSample(samples, id, base, signal, get = fetch) {
	const sample = samples?.find((one) => one.id === id);
	if (!sample) throw unavailable(t("samples.none"));
	const inputs = sample.files.map(async (name) => {
		const answer = await get(new URL(name, base), { signal });
		if (!answer.ok) throw unavailable(`${name} came with status ${answer.status}`);
		return sample.text ? answer.text() : new Uint8Array(await answer.arrayBuffer());
	});
	return { ...sample, inputs: await Promise.all(inputs) };
}

/** @param {string} message */
const unavailable = (message) => Object.assign(new Error(message), { code: "sample-unavailable" });
