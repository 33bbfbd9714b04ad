// Line: www, the side effect: `<stow-plan>` gets its name.

import { nameElement } from "./lib/name-element.js";
import { StowPlan } from "./stow-plan.js";

nameElement("stow-plan", StowPlan);

export { StowPlan };
