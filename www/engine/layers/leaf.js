/**
 * True if a node is a layer or another blob that a manifest names: these are hashed on demand. The core tells their kind.
 * @param {import("../../types.js").Node} node
 */
export const isLeaf = ({ kind, blobKind }) => kind === "layer" || (kind === "blob" && blobKind !== undefined);
