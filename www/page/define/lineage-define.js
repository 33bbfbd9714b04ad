// Names the elements about an image's surroundings, once their words and their style sheet are here.

import { StowInventory } from "../../elements/compare/inventory.js";
import { StowLineage } from "../../elements/compare/lineage.js";
import { StowLines } from "../../elements/lines.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	nameElement("stow-lines", StowLines);
	nameElement("stow-lineage", StowLineage);
	nameElement("stow-inventory", StowInventory);
}
