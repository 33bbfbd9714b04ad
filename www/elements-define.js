// Line: www, the side effect: the page's elements get their names.

import { StowAnatomy } from "./anatomy/anatomy.js";
import { StowBytes } from "./elements/bytes.js";
import { StowCopy } from "./elements/copy.js";
import { StowDetails } from "./elements/details.js";
import { StowFormula } from "./elements/formula.js";
import { StowIdentities } from "./elements/identities.js";
import { StowLines } from "./elements/lines.js";
import { StowPaste } from "./elements/paste.js";
import { StowRecovered } from "./elements/recovered.js";
import { StowSecret } from "./elements/secret.js";
import { StowSections } from "./elements/sections.js";
import { StowSettings } from "./elements/settings-dialog.js";

customElements.define("stow-anatomy", StowAnatomy);
customElements.define("stow-bytes", StowBytes);
customElements.define("stow-copy", StowCopy);
customElements.define("stow-details", StowDetails);
customElements.define("stow-formula", StowFormula);
customElements.define("stow-identities", StowIdentities);
customElements.define("stow-lines", StowLines);
customElements.define("stow-paste", StowPaste);
customElements.define("stow-recovered", StowRecovered);
customElements.define("stow-secret", StowSecret);
customElements.define("stow-sections", StowSections);
customElements.define("stow-settings", StowSettings);
