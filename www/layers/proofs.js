// Line: archive -> Report. What entries of a compressed archive turned out to be when it was listed, held against its documents.

import { restOf } from "./attempt.js";
import { proofOf } from "./packed.js";
import { isCalledLayer, isPackedEntry, placesOf } from "./places.js";
import { formOf } from "./sniff.js";
import { tasksOf, verifyLayers } from "./verify.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("./list.js").Proof} Proof
 * @typedef {import("./judge.js").How} How
 */

/**
 * The report with the verdicts over all that need not be read any more.
 * @param {Report} report @param {Map<number, Proof> | undefined} proofs by entry @param {How} how
 * @returns {Promise<Report>}
 */
export async function proved(report, proofs, { signal, limits }) {
	const places = placesOf(report);
	if (!proofs || !places) return report;
	/** @type {string[]} */
	const seen = [];
	for (const node of report.nodes) {
		const { id } = node;
		const place = places.get(id);
		if (!isPackedEntry(place?.bytes) || !proofs.has(place.bytes.entry)) continue;
		// What is called a layer and is none is told so when it is judged.
		if (!isCalledLayer(node, place) || (await formOf(place.head ?? new Uint8Array()))) seen.push(id);
	}
	const tasks = tasksOf(report, { layers: seen, limits }).filter((task) => proofOf(task, proofs));
	const layers = tasks.flatMap(({ nodes }) => nodes.map(({ id }) => id));
	const nobody = async () => ({ error: { code: "not-found", message: "its bytes are not at hand" } });
	return layers.length > 0 ? verifyLayers(report, { layers, cache: false, signal, limits }, nobody, proofs) : report;
}

/**
 * All entries of each proof, of which the first are here.
 * @param {import("../data-worker.js").Reader} reader @param {{ id: number, entries: number }} job @param {Map<number, Proof>} [proofs]
 */
export async function withEntries(reader, { id, entries }, proofs = new Map()) {
	for (const [entry, proof] of proofs)
		await restOf(reader, { id: `${id} ${entry}`, entries }, proof.entries, proof.entryCount);
}
