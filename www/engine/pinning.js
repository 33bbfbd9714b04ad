// The public API for files that name images; its code is loaded with the first of them.

/**
 * The images that a Dockerfile, compose file, Kubernetes manifest, chart's values, workflow, CI file, dev container, Nix,
 * Bazel or Renovate file names, each with its place in the text (in UTF-16 code units).
 * @param {string} text
 * @param {{ name?: string }} [options] `name`: the file's, which decides between kinds that look alike
 * @returns {Promise<import("../types.js").ImageFile>} `kind` is null if the text is no such file
 */
export const readImages = async (text, options) => (await pins()).readImages(text, options);

/**
 * Asks the registries what the tags of these images serve now: by HEAD alone, so that no pull is counted, each name once.
 * With `details` the manifests and configs are read as well, for `size` and `created`: Docker Hub counts that as pulls, so it
 * is asked for these only with `countedPulls`.
 * @param {import("../types.js").ImageRow[]} images of `readImages`
 * @param {import("../types.js").CheckPinsOptions} [options]
 * @returns {Promise<import("../types.js").CheckedRow[]>} the same rows with their `state`; an answer is a claim of the registry
 */
export const checkPins = async (images, options = {}) => (await pins()).checkPins(images, options);

/**
 * The text with the digest `now` of each row written into its place; every other byte stays.
 * @param {string} text the one that the rows were read from
 * @param {import("../types.js").CheckedRow[]} rows of `checkPins`; those without `now` stay as they are
 * @returns {Promise<string>}
 */
export const pinImages = async (text, rows) => (await pins()).pinImages(text, rows);

/**
 * True if a text has what looks like a secret, anywhere: then no address should be made of it.
 * @param {string} text @returns {Promise<boolean>}
 */
export const holdsSecret = async (text) => (await pins()).holdsSecret(text);

const pins = () => import("./pins-asking.js");
