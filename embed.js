// Line: others' pages -> www. The one line of a page of documentation: it defines `<stow-plan>`, and knows the page beside itself.

import { StowPlan } from "./www/stow-plan-define.js";

StowPlan.page ||= new URL("./", import.meta.url).href;
