// Line: www, what stands beside and below the structure gets its name, once its words are here.

import { StowDetails } from "./elements/details.js";
import { StowSecret } from "./elements/secret.js";
import { StowSections } from "./elements/sections.js";
import { nameElement } from "./name-element.js";

/** May be called again after a load that failed half way. */
export function define() {
	if (customElements.get("stow-sections")) return;
	nameElement("stow-details", StowDetails);
	nameElement("stow-secret", StowSecret);
	nameElement("stow-sections", StowSections);
}
