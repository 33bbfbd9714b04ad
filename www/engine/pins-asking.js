// files -> www. Asks registries what the tags of a file's images serve now: each name once, a few at a time.

import { listener, run, runAs } from "./session.js";

/**
 * @typedef {import("../types.js").ImageRow} ImageRow
 * @typedef {import("../types.js").CheckedRow} CheckedRow
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 */

/** The most names that are asked for at a time. */
const AT_ONCE = 4;

/** @param {string} text @param {{ name?: string }} [options] @returns {Promise<import("../types.js").ImageFile>} */
export const readImages = async (text, { name } = {}) =>
	runAs(undefined, (remote) => remote.readImages(String(text), name));

/** @param {string} text @returns {Promise<boolean>} */
export const holdsSecret = async (text) => runAs(undefined, (remote) => remote.holdsSecret(String(text)));

/** @param {string} text @param {CheckedRow[]} rows @returns {Promise<string>} */
export const pinImages = async (text, rows) => runAs(undefined, (remote) => remote.pinImages(String(text), rows));

/**
 * @param {ImageRow[]} images
 * @param {import("../types.js").CheckPinsOptions} options
 * @returns {Promise<CheckedRow[]>}
 */
export async function checkPins(images, options) {
	const { signal, onProgress, maxRequests = Number.POSITIVE_INFINITY, details, countedPulls, ...asked } = options;
	let [requests, begun] = [0, 0];
	const count = (/** @type {ProgressEvent} */ event) => {
		if (event.type === "request") requests++;
		onProgress?.(event);
	};
	const isFull = () => Math.max(requests, begun) >= maxRequests;
	/** @param {() => Promise<void>} work */
	const together = (work) => Promise.all(Array.from({ length: AT_ONCE }, work));
	const names = [...new Set(images.map(({ reference }) => reference))];
	/** @type {Map<string, object>} */
	const found = new Map();
	await together(async () => {
		for (let name = names.shift(); name !== undefined; name = names.shift()) {
			// A name takes one request at least, so those that have begun count already.
			if (isFull()) {
				found.set(name, { state: "not-asked", why: "max-requests" });
				continue;
			}
			const one = name;
			begun++;
			const answer = runAs(signal, (remote, job) => remote.checkPin(job, one, asked, listener(remote, count)));
			found.set(one, await answer);
		}
	});
	const rows = images.map((row) => /** @type {CheckedRow} */ ({ ...row, ...found.get(row.reference) }));
	if (!details) return rows;
	const left = rows.filter(({ now }) => now);
	await together(async () => {
		for (let row = left.shift(); row; row = left.shift()) {
			const { reference, platform = PLATFORM, now } = row;
			const name = `${reference.split("@")[0]}@${now}`;
			const inspecting = () =>
				run(signal, (remote, job) =>
					remote.inspect(job, name, { ...asked, platform, all: false }, listener(remote, count)),
				);
			const why = isFull() ? "max-requests" : !countedPulls && (await isCounted(reference)) ? "counted-pulls" : "";
			Object.assign(row, why ? { noDetails: why } : await detailsOf(inspecting, signal));
		}
	});
	return rows;
}

/** The platform of images that name none. */
const PLATFORM = "linux/amd64";

/** True if the registry counts manifests that are read as pulls. @param {string} reference */
async function isCounted(reference) {
	const parsed = await runAs(undefined, (remote) => remote.parseReference(reference));
	return parsed.registry === "docker.io";
}

/**
 * The bytes of the layers, and the date that the config names, of the chosen platform.
 * @param {() => Promise<import("../types.js").Report>} inspecting
 * @param {AbortSignal} [signal]
 */
async function detailsOf(inspecting, signal) {
	try {
		const { nodes } = await inspecting();
		const manifest =
			nodes.find(({ kind, chosen }) => kind === "manifest" && chosen) ??
			nodes.find(({ kind, read }) => kind === "manifest" && read);
		const below = nodes.filter(({ parent }) => parent === manifest?.id);
		const layers = below.filter(({ kind }) => kind === "layer");
		const created = below.find(({ kind }) => kind === "config")?.image?.created;
		if (!manifest || layers.length === 0) return { noDetails: "no-platform" };
		return { size: layers.reduce((sum, { size }) => sum + (size ?? 0), 0), ...(created ? { created } : {}) };
	} catch (/** @type {any} */ error) {
		if (signal?.aborted) throw error;
		return { noDetails: String(error?.code ?? "unknown") };
	}
}
