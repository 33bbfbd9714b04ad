// www, the side effect: `<stow-plan-compare>` gets its name.

import { nameElement } from "./lib/name-element.js";
import { StowPlanCompare } from "./stow-plan-compare.js";

nameElement("stow-plan-compare", StowPlanCompare);

export { StowPlanCompare };
