// www, the side effect: `<stow-plan-table>` gets its name.

import { nameElement } from "./lib/name-element.js";
import { StowPlanTable } from "./stow-plan-table.js";

nameElement("stow-plan-table", StowPlanTable);

export { StowPlanTable };
