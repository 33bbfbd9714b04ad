// www/plan. Loads what draws a comparison near the reader.

import { define } from "../../page/define/compare-define.js";
import { drawInside } from "../language.js";
import { CompareInner } from "./compare-inner.js";

drawInside();
define();

/** @param {ShadowRoot} root @param {import("./compare-inner.js").Host} host */
export const make = (root, host) => new CompareInner(root, host);
