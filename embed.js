// others' pages -> www. The one line of a page of documentation: it defines the elements, and knows the page beside itself.

import { StowPlanCompare } from "./www/stow-plan-compare-define.js";
import { StowPlan } from "./www/stow-plan-define.js";
import { StowPlanTable } from "./www/stow-plan-table-define.js";
import { StowPlanTags } from "./www/stow-plan-tags-define.js";

const page = new URL("./", import.meta.url).href;
for (const element of [StowPlan, StowPlanTable, StowPlanCompare, StowPlanTags]) element.page ||= page;
