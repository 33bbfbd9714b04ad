// The element of tags gets its name, once its words and its style sheet are here.

import { StowTags } from "../../elements/compare/tags.js";
import { StowLines } from "../../elements/lines.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	nameElement("stow-lines", StowLines);
	nameElement("stow-tags", StowTags);
}
