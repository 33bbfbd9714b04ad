// Registers the elements of files, content and sizes once their words and their style sheet are loaded.

import { StowArtifact } from "../../elements/files/artifact.js";
import { StowContent } from "../../elements/files/content.js";
import { StowExplorer } from "../../elements/files/explorer.js";
import { StowFileRows } from "../../elements/files/file-rows.js";
import { StowFiles } from "../../elements/files/files.js";
import { StowFirstFile } from "../../elements/files/first-file.js";
import { StowPeek } from "../../elements/files/peek.js";
import { StowMap } from "../../elements/files/size-map.js";
import { StowSizes } from "../../elements/files/sizes.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	if (customElements.get("stow-content")) return;
	nameElement("stow-artifact", StowArtifact);
	nameElement("stow-content", StowContent);
	nameElement("stow-explorer", StowExplorer);
	nameElement("stow-file-rows", StowFileRows);
	nameElement("stow-files", StowFiles);
	nameElement("stow-first-file", StowFirstFile);
	nameElement("stow-map", StowMap);
	nameElement("stow-peek", StowPeek);
	nameElement("stow-sizes", StowSizes);
}
