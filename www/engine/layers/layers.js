// The module that the API loads with the first layer.

export { openFiles } from "../archives/open.js";
export { cache } from "./cache.js";
export { readFile } from "./file-content.js";
export { holdFiles } from "./holding.js";
export { exploreFiles, known, recallLayers, systemOf } from "./memory.js";
export { withNodes } from "./merge.js";
export { verifyLayers } from "./verify.js";
