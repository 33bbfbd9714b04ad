// documentation -> embeds -> snapshots -> HTML. The code that plugins of documentation tools share (`stowplan/docs.js`).

export { elementFiles, elementHtml, escaped } from "./draw.js";
export { readFence, snapshotName } from "./fence.js";
export { findEmbeds, isOurs, isPage } from "./find.js";
export { Keeper } from "./keep.js";
export { markdownItStowplan } from "./markdown-it.js";
export { keepPages, linesOf } from "./pages.js";
export { remarkStowplan } from "./remark.js";
export { Site } from "./site.js";
