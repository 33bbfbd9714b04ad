// Line: www, the dialog for saving gets its name, once its words are here.

import { StowSave } from "../../elements/dialogs/save-dialog.js";

export function define() {
	if (!customElements.get("stow-save")) customElements.define("stow-save", StowSave);
}
