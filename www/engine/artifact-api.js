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
