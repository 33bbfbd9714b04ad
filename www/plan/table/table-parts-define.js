// www/plan. Loads what draws a table near the reader.

import { TableInner } from "./table-inner.js";

/** @param {ShadowRoot} root @param {import("./table-inner.js").Host} host */
export const make = (root, host) => new TableInner(root, host);
