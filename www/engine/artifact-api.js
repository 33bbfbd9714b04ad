// The public API of artifacts that are no images. Loaded on demand.

import { asker } from "./asker.js";

/**
 * Reads an artifact that is no image: the facts and files of a Helm chart, the files that ORAS pushed, what a wasm file
 * asks for and offers, what the head of a model says.
 * @param {import("../types.js").Report} report of `inspect` or `open`
 * @param {import("../types.js").ArtifactOptions} [options]
 * @returns {Promise<import("../types.js").Artifact>} rejects with `unsupported-input` if it cannot be read, and with
 *   `digest-mismatch` if the blob is not what was promised
 */
export const readArtifact = async (report, options = {}) =>
	(await import("./artifacts/read-artifact.js")).readArtifact(report, options, asker(report, options));

/**
 * The files of a layer before it is downloaded, if its manifest proves its table of contents (eStargz, zstd:chunked).
 * @param {import("../types.js").Report} report of `inspect` or `open`
 * @param {string} id of the layer's node
 * @param {{ proxy?: string, credentials?: import("../types.js").Credential[], signal?: AbortSignal }} [options]
 * @returns {Promise<import("../types.js").Peeked>} to be closed by the caller; rejects with `unsupported-input` if nothing is
 *   promised or the promise does not hold, and with `no-ranges` if the registry serves no parts
 */
export const peekLayer = async (report, id, options = {}) =>
	(await import("./artifacts/peek-layer.js")).peekLayer(report, id, options, asker(report, options));

/**
 * One file of a layer that was not read before. The download ends with the first entry of that path, so the layer is not proved
 * and a later entry may replace the file: `check` says so.
 * @param {import("../types.js").Report} report of `inspect` or `open`
 * @param {string} id of the layer's node
 * @param {string} path as the layer has it
 * @param {import("../types.js").ReadOptions} [options]
 * @returns {Promise<import("../types.js").PeekedFile>} rejects with `not-found` if the layer has no such entry
 */
export const peekFile = async (report, id, path, options = {}) =>
	(await import("./artifacts/peek-file.js")).peekFile(report, id, path, options, asker(report, options));
