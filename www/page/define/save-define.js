// Registers the dialog for saving once its words are loaded.

import { StowSave } from "../../elements/dialogs/save-dialog.js";

export function define() {
	if (!customElements.get("stow-save")) customElements.define("stow-save", StowSave);
}
