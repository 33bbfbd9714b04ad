// Compares the hashes that the listing of a compressed archive found with its documents.

import { restOf } from "../layers/read-layer.js";
import { tasksOf, verifyLayers } from "../layers/verify.js";
import { proofOf } from "./packed.js";
import { isPackedEntry, placesOf } from "./places.js";

/**
 * @typedef {import("../../types.js").Report} Report
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
	for (const { id } of report.nodes) {
		const bytes = places.get(id)?.bytes;
		if (isPackedEntry(bytes) && proofs.has(bytes.entry)) seen.push(id);
	}
	const tasks = tasksOf(report, { layers: seen, limits }).filter((task) => proofOf(task, proofs));
	const layers = tasks.flatMap(({ nodes }) => nodes.map(({ id }) => id));
	const missing = async () => ({ error: { code: "not-found", message: "its bytes are not at hand" } });
	return layers.length > 0 ? verifyLayers(report, { layers, cache: false, signal, limits }, missing, proofs) : report;
}

/**
 * All entries of each proof, of which the first are here.
 * @param {import("../../data-worker.js").Reader} reader @param {{ id: number, entries: number }} job @param {Map<number, Proof>} [proofs]
 */
export async function withEntries(reader, { id, entries }, proofs = new Map()) {
	for (const [entry, proof] of proofs)
		await restOf(reader, { id: `${id} ${entry}`, entries }, proof.entries, proof.entryCount);
}
