// Line: www, the side effect: the elements of a first view get their names; the others come with elements-later-define.js.

import { StowAnatomy } from "./anatomy/anatomy.js";
import { StowCopy } from "./elements/copy.js";
import { StowDetails } from "./elements/details.js";
import { StowSecret } from "./elements/secret.js";
import { StowSections } from "./elements/sections.js";
import { nameElement } from "./name-element.js";

nameElement("stow-anatomy", StowAnatomy);
nameElement("stow-copy", StowCopy);
nameElement("stow-details", StowDetails);
nameElement("stow-secret", StowSecret);
nameElement("stow-sections", StowSections);
