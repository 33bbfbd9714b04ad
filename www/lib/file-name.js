// www. The name of a file that holds the bytes of a digest.

/** The name under which the bytes of a node are saved. @param {string} digest */
export const fileName = (digest) => `${digest.replace(/[^a-z0-9]+/gi, "-").slice(0, 140)}.bin`;
