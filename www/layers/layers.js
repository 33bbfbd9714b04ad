// Line: www/layers. What the API loads with the first layer.

export { cache } from "./cache.js";
export { readFile } from "./content.js";
export { exploreFiles, recallLayers } from "./memory.js";
export { withNodes } from "./merge.js";
export { openFiles } from "./open.js";
export { verifyLayers } from "./verify.js";
