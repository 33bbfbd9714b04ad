// Line: www, the side effect: the elements of a first view get their names; the others come with elements-later-define.js.

import { StowAnatomy } from "../../anatomy/anatomy.js";
import { StowCopy } from "../../elements/copy.js";
import { nameElement } from "../../lib/name-element.js";

nameElement("stow-anatomy", StowAnatomy);
nameElement("stow-copy", StowCopy);
