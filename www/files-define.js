// Line: www, the elements of files, content and sizes get their names, once their words and their style sheet are here.

import { StowContent } from "./elements/content.js";
import { StowExplorer } from "./elements/explorer.js";
import { StowFileRows } from "./elements/file-rows.js";
import { StowFiles } from "./elements/files.js";
import { StowMap } from "./elements/size-map.js";
import { StowSizes } from "./elements/sizes.js";
import { nameElement } from "./name-element.js";

export function define() {
	if (customElements.get("stow-content")) return;
	nameElement("stow-content", StowContent);
	nameElement("stow-explorer", StowExplorer);
	nameElement("stow-file-rows", StowFileRows);
	nameElement("stow-files", StowFiles);
	nameElement("stow-map", StowMap);
	nameElement("stow-sizes", StowSizes);
}
