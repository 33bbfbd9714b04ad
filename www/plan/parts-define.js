// Registers the parts of a first view, with which an element near the reader is drawn.

import { StowAnatomy } from "../anatomy/anatomy.js";
import { StowCopy } from "../elements/copy.js";
import { StowDetails } from "../elements/details.js";
import { StowLongTable } from "../elements/long-table.js";
import { StowSecret } from "../elements/secret.js";
import { nameElement } from "../lib/name-element.js";
import { Inner } from "./inner.js";
import { drawInside } from "./language.js";

drawInside();

nameElement("stow-anatomy", StowAnatomy);
nameElement("stow-copy", StowCopy);
nameElement("stow-details", StowDetails);
nameElement("stow-secret", StowSecret);
nameElement("stow-long-table", StowLongTable);

/** @param {ShadowRoot} root @param {import("./inner.js").Host} host */
export const make = (root, host) => new Inner(root, host);
