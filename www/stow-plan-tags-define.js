// www, the side effect: `<stow-plan-tags>` gets its name.

import { nameElement } from "./lib/name-element.js";
import { StowPlanTags } from "./stow-plan-tags.js";

nameElement("stow-plan-tags", StowPlanTags);

export { StowPlanTags };
