// The documents that ship with the page; fetched from beside it, never from elsewhere.

import { first, t } from "../i18n/strings.js";
import { coded } from "../lib/coded.js";

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
 * @returns {Promise<Sample[]>} none if the list cannot be had
 */
export async function listSamples(base, get = fetch) {
	try {
		const answer = await get(new URL("index.json", base));
		return answer.ok ? await answer.json() : [];
	} catch {
		return [];
	}
}

/** The time for which the first drawing waits for the list, in milliseconds. */
const PATIENCE = 500;

/** The list, or none if it lets the page wait. @param {Promise<Sample[]>} list @returns {Promise<Sample[]>} */
export const patiently = (list) => Promise.race([list, new Promise((done) => setTimeout(done, PATIENCE, []))]);

/**
 * A sample with the exact bytes of its files, or with their text if it is one.
 * @param {Sample[] | undefined} samples @param {string | undefined} id @param {URL | string} base
 * @param {AbortSignal} signal @param {typeof fetch} [get]
 * @returns {Promise<Sample & { inputs: (Uint8Array | string)[] }>}
 */
export async function loadSample(samples, id, base, signal, get = fetch) {
	const sample = samples?.find((one) => one.id === id);
	if (!sample && samples?.length) throw unavailable(`there is no sample "${id}"`, "sample-unknown");
	if (!sample) throw unavailable(t("samples.none"));
	const inputs = sample.files.map(async (name) => {
		const answer = await get(new URL(name, base), { signal });
		if (!answer.ok) throw unavailable(`${name} came with status ${answer.status}`);
		return sample.text ? answer.text() : new Uint8Array(await answer.arrayBuffer());
	});
	return { ...sample, inputs: await Promise.all(inputs) };
}

/** @param {string} message */
const unavailable = (message, code = "sample-unavailable") => coded(code, message);

/** @param {import("./controller.js").Controller} controller @param {import("./controller.js").Place} place */
export function openSample(controller, place) {
	controller.address.place = place;
	controller.update({ input: "" });
	const given = /** @type {import("../model/model.js").Given} */ ({ texts: [] });
	controller.run(
		t("samples.load", { title: first(`sample.${place.sample}.title`, place.sample ?? "") }),
		async ({ signal }) => {
			const found = await loadSample(await controller.samples, place.sample, controller.sampleBase, signal);
			const { name, expected, inputs } = found;
			if (found.text) Object.assign(given, { texts: inputs, expected });
			return controller.api.open(inputs, { name, expected, signal });
		},
		given,
	);
}
