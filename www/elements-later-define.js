// Line: www, the elements that most first views never show get their names, once their words are here.

import { StowBytes } from "./elements/bytes.js";
import { StowAnswer, StowForms, StowHand, StowPasted } from "./elements/cards.js";
import { StowEntries } from "./elements/entries.js";
import { StowFormula } from "./elements/formula.js";
import { StowIdentities } from "./elements/identities.js";
import { StowLines } from "./elements/lines.js";
import { StowPaste } from "./elements/paste.js";
import { StowRecovered } from "./elements/recovered.js";
import { StowSettings } from "./elements/settings-dialog.js";
import { StowTable } from "./elements/table.js";

export { lookUp, lookupWords } from "./lookup.js";

/** May be called again after a load that failed half way. */
export function define() {
	if (customElements.get("stow-answer")) return;
	customElements.define("stow-answer", StowAnswer);
	customElements.define("stow-bytes", StowBytes);
	customElements.define("stow-entries", StowEntries);
	customElements.define("stow-forms", StowForms);
	customElements.define("stow-hand", StowHand);
	customElements.define("stow-pasted", StowPasted);
	customElements.define("stow-formula", StowFormula);
	customElements.define("stow-identities", StowIdentities);
	customElements.define("stow-lines", StowLines);
	customElements.define("stow-paste", StowPaste);
	customElements.define("stow-recovered", StowRecovered);
	customElements.define("stow-settings", StowSettings);
	customElements.define("stow-table", StowTable);
}
