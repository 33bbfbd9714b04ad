// Line: www, the dialog for embedding gets its name, once its words are here; what it shows is what others' pages load.

import { StowEmbed } from "./elements/embed-dialog.js";
import { nameElement } from "./name-element.js";

export function define() {
	nameElement("stow-embed", StowEmbed);
}

/** `<stow-plan>` itself, from its own file. */
export const preview = () => import(new URL("stow-plan-define.js", import.meta.url).href);
