// Registers the elements about signatures once their words are loaded.

import { StowAlone } from "../../elements/signatures/alone-card.js";
import { StowPackages } from "../../elements/signatures/packages.js";
import { StowSignatures } from "../../elements/signatures/signatures.js";
import { nameElement } from "../../lib/name-element.js";

/** May be called again after a load that failed half way. */
export function define() {
	if (customElements.get("stow-signatures")) return;
	nameElement("stow-alone", StowAlone);
	nameElement("stow-packages", StowPackages);
	nameElement("stow-signatures", StowSignatures);
}
