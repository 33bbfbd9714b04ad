// The side effect of loading this file: `<stow-plan>` is registered.

import { nameElement } from "./lib/name-element.js";
import { StowPlan } from "./stow-plan.js";

nameElement("stow-plan", StowPlan);

export { StowPlan };
