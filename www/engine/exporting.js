// The public API of what leaves an image: layers and paths as tars, the changes of a layer. Loaded on demand.

/**
 * A layer as a tar, decompressed, or chosen paths as a tar: the entries as they stand in their layers, byte for byte.
 * @param {import("../types.js").Report} report
 * @param {import("../types.js").TarOptions} options `layer`, `paths` or both
 * @returns {Promise<import("../types.js").SavedTar & { stream?: ReadableStream<Uint8Array> }>} as `saveImage`; rejects with
 *   `digest-mismatch` if a layer is not what was promised, and with `not-found` if there is nothing at the paths
 */
export async function saveTar(report, options) {
	return (await saving()).saveTar(report, options);
}

/**
 * The changes of a layer: each path with its present state and that of the lower layers. Layers are read for it.
 * @param {import("../types.js").Report} report
 * @param {string} layer the id of its node
 * @param {Omit<import("../types.js").TarOptions, "layer" | "paths" | "to">} [options]
 * @returns {Promise<import("../types.js").LayerChanges>} plain JSON
 */
export async function layerChanges(report, layer, options = {}) {
	return (await saving()).layerChanges(report, layer, options);
}

const saving = () => import("./saving/save-tar.js");
