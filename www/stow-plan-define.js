// Line: www, the side effect: `<stow-plan>` and the parts that it is drawn with at first get their names.

import { StowAnatomy } from "./anatomy/anatomy.js";
import { StowCopy } from "./elements/copy.js";
import { StowDetails } from "./elements/details.js";
import { StowSecret } from "./elements/secret.js";
import { nameElement } from "./name-element.js";
import { StowPlan } from "./stow-plan.js";

nameElement("stow-anatomy", StowAnatomy);
nameElement("stow-copy", StowCopy);
nameElement("stow-details", StowDetails);
nameElement("stow-secret", StowSecret);
nameElement("stow-plan", StowPlan);

export { StowPlan };
