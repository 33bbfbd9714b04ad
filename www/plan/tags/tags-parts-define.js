// www/plan. Loads what draws a list of tags near the reader.

import { define } from "../../page/define/tags-define.js";
import { drawInside } from "../language.js";
import { TagsInner } from "./tags-inner.js";

drawInside();
define();

/** @param {ShadowRoot} root @param {import("./tags-inner.js").Host} host */
export const make = (root, host) => new TagsInner(root, host);
