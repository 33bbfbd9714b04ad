// Registers the element of a comparison once its words and its style sheet are loaded.

import { StowChangedFiles } from "../../elements/compare/changed-files.js";
import { StowCompare } from "../../elements/compare/compare.js";
import { StowCompareWith } from "../../elements/dialogs/compare-with.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	nameElement("stow-changed-files", StowChangedFiles);
	nameElement("stow-compare", StowCompare);
	nameElement("stow-compare-with", StowCompareWith);
}
