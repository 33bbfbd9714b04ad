/**
 * Whether a node is a layer or another blob that a manifest names: what is hashed on demand. What it is, the core says.
 * @param {import("../../types.js").Node} node
 */
export const isLeaf = ({ kind, blobKind }) => kind === "layer" || (kind === "blob" && blobKind !== undefined);
