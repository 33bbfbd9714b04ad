// The public API of what stands around an image: its other platforms, what an update costs, what it is built on. Loaded on demand.

import { asker } from "./asker.js";

const loading = () => import("./compare/lineage-facts.js");

/**
 * The platforms of an index: what each weighs compressed, its layers, and what it shares with the one in view.
 * @param {import("../types.js").Report} report of `inspect` or `open`; with `all` every platform was read
 * @returns {Promise<import("./compare/lineage-facts.js").PlatformRow[]>} never with the size of the index itself
 */
export const platforms = async (report) => (await loading()).platforms(report);

/**
 * The bytes that a machine with other images downloads to pull this one.
 * @param {import("../types.js").Report | string} held the image that is there: a report, a reference, or what `docker inspect` printed
 * @param {import("../types.js").Report | string} image what is pulled: a report or a reference
 * @param {import("./compare/lineage-facts.js").CostOptions} [options]
 * @returns {Promise<import("./compare/lineage-facts.js").Cost>} rejects with `unsupported-input` if a text has no list of layers
 */
export const updateCost = async (held, image, options = {}) => (await loading()).updateCost(held, image, options);

/**
 * The base of an image: by its annotations and labels, by the materials of its provenance, by an image that is named.
 * @param {import("../types.js").Report} report
 * @param {import("./compare/lineage-facts.js").BaseOptions} [options]
 * @returns {Promise<import("./compare/lineage-facts.js").Base[]>}
 */
export const baseImages = async (report, options = {}) => (await loading()).baseImages(report, options);

/**
 * The history of an image as the lines of a Dockerfile: each recorded, or inferred from what is left of it.
 * @param {import("../types.js").Report} report
 * @param {{ image?: string }} [options] `image`: the id of a manifest's node, else the chosen one
 * @returns {Promise<import("./compare/lineage-facts.js").Step[]>}
 */
export const dockerfile = async (report, options = {}) => (await loading()).dockerfile(report, options);

const listing = () => import("./compare/packages-of-image.js");

/**
 * The packages of an image by the databases in its layers: dpkg, apk, rpm, Python and npm, and by what Go and Rust programs say of themselves. Layers that were not read yet are read,
 * and those with databases once more: nothing is taken from one that is not proved.
 * @param {import("../types.js").Report} report
 * @param {import("./compare/packages-of-image.js").PackageOptions} [options]
 * @returns {Promise<import("./compare/packages-of-image.js").PackageList>}
 */
export const packages = async (report, options = {}) =>
	(await listing()).packages(report, options, asker(report, options));

/** Compares two lists of packages. @type {typeof import("./compare/packages-of-image.js").comparePackages} */
export const comparePackages = async (a, b) => (await listing()).comparePackages(a, b);

/** A list of packages as CycloneDX 1.6. @type {typeof import("./compare/packages-of-image.js").cyclonedx} */
export const cyclonedx = async (list) => (await listing()).cyclonedx(list);
