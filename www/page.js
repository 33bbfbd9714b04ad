// The page's entry: the API, the elements and the controller meet here.

import * as api from "./api.js";
import { trustOwnScripts } from "./lib/trusted.js";
import { watchComparisons } from "./page/comparing/compare-watch.js";
import { Controller } from "./page/controller.js";
import { listen } from "./page/events.js";
import { watch } from "./page/later.js";
import { browserStore } from "./page/settings.js";
import "./page/define/elements-define.js";

trustOwnScripts();

// The first reference should not have to wait for the worker and its wasm module: they start first.
void api.prepare();

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const controller = new Controller({ api, root, store: browserStore() });
listen(controller);
watch(root);
watchComparisons(controller);
controller.start();

// Takes what the system hands over: a text or an address in the query, files in a queue.
/** @param {string | FileSystemHandle[]} given */
const launched = (given) => import("./page/launched.js").then(({ take }) => take(controller, given));
if (location.search) launched(location.search);
/** @type {any} */ (window).launchQueue?.setConsumer(
	(/** @type {{ files?: FileSystemHandle[] }} */ { files }) => files?.length && launched([...files]),
);

// Keeping the page for offline use must not compete with its first answers.
setTimeout(() => import("./page/offline.js").then(({ keepForOffline }) => keepForOffline()).catch(() => {}), 4000);
