// The page's entry: the API, the elements and the controller meet here.

import { open } from "./api.js";
import { StowCopy } from "./elements/copy.js";
import { How } from "./how/how-controller.js";
import { trustOwnScripts } from "./lib/trusted.js";
import { browserStore } from "./page/settings.js";

trustOwnScripts();
customElements.define("stow-copy", StowCopy);
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();
void new How({ open, root, store: browserStore() }).start();
