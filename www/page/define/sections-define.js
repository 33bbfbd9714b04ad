// Registers the sections beside and below the structure once their words are loaded.

import { StowActions, StowMenu } from "../../elements/actions.js";
import { StowDetails } from "../../elements/details.js";
import { StowFacts } from "../../elements/facts.js";
import { StowLongTable } from "../../elements/long-table.js";
import { StowSecret } from "../../elements/secret.js";
import { StowSections } from "../../elements/sections.js";
import { nameElement } from "../../lib/name-element.js";

/** May be called again after a load that failed half way. */
export function define() {
	if (customElements.get("stow-sections")) return;
	nameElement("stow-menu", StowMenu);
	nameElement("stow-actions", StowActions);
	nameElement("stow-facts", StowFacts);
	nameElement("stow-details", StowDetails);
	nameElement("stow-secret", StowSecret);
	nameElement("stow-long-table", StowLongTable);
	nameElement("stow-sections", StowSections);
}
