// others' pages -> www. The page in a frame: one element that its address describes, as wide and as high as the frame.

import { trustOwnScripts } from "./lib/trusted.js";
import { NAMES } from "./model/embedding.js";
import { StowPlan } from "./stow-plan-define.js";

trustOwnScripts();
StowPlan.page = new URL("./", document.baseURI).href;

const plan = document.createElement("stow-plan");
const follow = () => {
	const fields = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
	for (const name of [...NAMES, "lang"]) {
		const value = fields.get(name);
		if (value && value.length <= 2048) plan.setAttribute(name, value);
		else plan.removeAttribute(name);
	}
};
follow();
addEventListener("hashchange", follow);
document.querySelector("main")?.append(plan);
