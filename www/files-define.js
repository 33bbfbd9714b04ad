// Line: www, the elements of files, content and sizes get their names, once their words and their style sheet are here.

import { StowContent } from "./elements/content.js";
import { StowExplorer } from "./elements/explorer.js";
import { StowFileRows } from "./elements/file-rows.js";
import { StowFiles } from "./elements/files.js";
import { StowMap } from "./elements/size-map.js";
import { StowSizes } from "./elements/sizes.js";

export function define() {
	if (customElements.get("stow-content")) return;
	customElements.define("stow-content", StowContent);
	customElements.define("stow-explorer", StowExplorer);
	customElements.define("stow-file-rows", StowFileRows);
	customElements.define("stow-files", StowFiles);
	customElements.define("stow-map", StowMap);
	customElements.define("stow-sizes", StowSizes);
}
