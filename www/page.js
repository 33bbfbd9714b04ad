// Line: www, the page's entry: the API, the elements and the controller meet here.

import * as api from "./api.js";
import { Controller } from "./controller.js";
import { listen } from "./events.js";
import { watch } from "./later.js";
import { browserStore } from "./settings.js";
import "./elements-define.js";

// The first reference should not have to wait for the worker and its wasm module: they start first.
void api.prepare();

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const controller = new Controller({ api, root, store: browserStore() });
listen(controller);
watch(root);
controller.start();

// What keeps the page for offline use must not compete with its first answers.
setTimeout(() => import("./offline.js").then(({ keepForOffline }) => keepForOffline()).catch(() => {}), 4000);
