// Line: www, the element of a comparison gets its name, once its words and its style sheet are here.

import { StowCompare } from "../../elements/compare/compare.js";
import { StowCompareWith } from "../../elements/dialogs/compare-with.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	nameElement("stow-compare", StowCompare);
	nameElement("stow-compare-with", StowCompareWith);
}
