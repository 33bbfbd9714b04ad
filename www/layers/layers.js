// Line: www/layers. What the API loads with the first layer.

export { cache } from "./cache.js";
export { readFile } from "./content.js";
export { recallLayers } from "./memory.js";
export { withNodes } from "./merge.js";
export { verifyLayers } from "./verify.js";

import { known } from "./memory.js";

/**
 * @param {import("../types.js").Report} report @param {{ image?: string, signal?: AbortSignal }} options
 */
export async function exploreFiles(report, { image, signal }) {
	const { createExplorer } = await import(/** @type {string} */ ("./explorer.js"));
	return createExplorer({ known: () => known(report, image), signal });
}
