// Registers the elements that most first views never show, once their words are loaded.

import { StowAllChecks } from "../../elements/all-checks.js";
import { StowBytes } from "../../elements/bytes.js";
import { StowAnswer, StowChecks, StowFailure, StowForms, StowHand, StowPasted } from "../../elements/cards.js";
import { StowSettings } from "../../elements/dialogs/settings-dialog.js";
import { StowEntries } from "../../elements/files/entries.js";
import { StowFormula } from "../../elements/formula.js";
import { StowIdentities } from "../../elements/identities.js";
import { StowLines } from "../../elements/lines.js";
import { StowPaste } from "../../elements/paste.js";
import { StowPins } from "../../elements/pins.js";
import { StowRecovered } from "../../elements/recovered.js";
import { StowTable } from "../../elements/table.js";
import { nameElement } from "../../lib/name-element.js";

export { lookUp } from "../../engine/explain.js";
export { lookupWords } from "../../model/lookup.js";

/** May be called again after a load that failed half way. */
export function define() {
	if (customElements.get("stow-answer")) return;
	nameElement("stow-all-checks", StowAllChecks);
	nameElement("stow-answer", StowAnswer);
	nameElement("stow-bytes", StowBytes);
	nameElement("stow-checks", StowChecks);
	nameElement("stow-entries", StowEntries);
	nameElement("stow-failure", StowFailure);
	nameElement("stow-forms", StowForms);
	nameElement("stow-hand", StowHand);
	nameElement("stow-pasted", StowPasted);
	nameElement("stow-formula", StowFormula);
	nameElement("stow-identities", StowIdentities);
	nameElement("stow-lines", StowLines);
	nameElement("stow-paste", StowPaste);
	nameElement("stow-pins", StowPins);
	nameElement("stow-recovered", StowRecovered);
	nameElement("stow-settings", StowSettings);
	nameElement("stow-table", StowTable);
}
