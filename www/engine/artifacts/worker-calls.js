// The calls of the data worker that are one line each, and what answers them is loaded with the first.

import { reading } from "../core.js";

/** @typedef {import("../layers/read.js").Hooks} Hooks */

export const moreCalls = {
	/** A layer by parts of its blob. @param {string} id @param {string} name @param {any[]} given */
	async peek(id, name, given) {
		return (await import("./peek-in-worker.js")).peek(id, name, given);
	},

	/** One file of a layer that was not read before. @param {any} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only */
	async peekFile(job, authorise, onState, onCount, signal) {
		return (await import("./peek-in-worker.js")).peekFile(job, { authorise, onState, onCount, signal });
	},

	/** The blobs of an artifact that are read. @param {object[]} parts */
	async planArtifact(parts) {
		return (await import("./artifact-bytes.js")).planArtifact(parts);
	},

	/** Opens one of them. @param {any} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only */
	async openArtifact(job, authorise, onState, onCount, signal) {
		return (await import("./artifact-bytes.js")).openArtifact(job, { authorise, onState, onCount, signal });
	},

	/** The checks of a chart's provenance. @param {any} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only */
	async heldProvenance(job, authorise, onState, onCount, signal) {
		return (await import("./artifact-bytes.js")).heldProvenance(job, { authorise, onState, onCount, signal });
	},

	/** @param {Uint8Array} bytes */
	async sha256(bytes) {
		return (await import("../saving/pack.js")).sha256(bytes);
	},

	/** @param {string[]} diffIds @returns {Promise<string[]>} */
	async chainIds(diffIds) {
		return (await reading()).chainIds(diffIds);
	},
};
