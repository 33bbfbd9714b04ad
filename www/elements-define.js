// Line: www, the side effect: the page's elements get their names.

import { StowAnatomy } from "./anatomy/anatomy.js";
import { StowBytes } from "./elements/bytes.js";
import { StowCopy } from "./elements/copy.js";
import { StowDetails } from "./elements/details.js";
import { StowLines } from "./elements/lines.js";
import { StowSections } from "./elements/sections.js";
import { StowSettings } from "./elements/settings-dialog.js";

customElements.define("stow-anatomy", StowAnatomy);
customElements.define("stow-bytes", StowBytes);
customElements.define("stow-copy", StowCopy);
customElements.define("stow-details", StowDetails);
customElements.define("stow-lines", StowLines);
customElements.define("stow-sections", StowSections);
customElements.define("stow-settings", StowSettings);
