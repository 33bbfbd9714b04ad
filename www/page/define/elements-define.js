// Registers the elements of a first view; elements-later-define.js registers the others.

import { StowAnatomy } from "../../anatomy/anatomy.js";
import { StowCopy } from "../../elements/copy.js";
import { nameElement } from "../../lib/name-element.js";

nameElement("stow-anatomy", StowAnatomy);
nameElement("stow-copy", StowCopy);
