// Line: www, the side effect: the elements of a first view get their names; the others come with elements-later-define.js.

import { StowAnatomy } from "./anatomy/anatomy.js";
import { StowCopy } from "./elements/copy.js";
import { StowDetails } from "./elements/details.js";
import { StowSecret } from "./elements/secret.js";
import { StowSections } from "./elements/sections.js";

customElements.define("stow-anatomy", StowAnatomy);
customElements.define("stow-copy", StowCopy);
customElements.define("stow-details", StowDetails);
customElements.define("stow-secret", StowSecret);
customElements.define("stow-sections", StowSections);
