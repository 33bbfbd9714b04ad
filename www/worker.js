// Line: Report -> www. The worker's entry: what remote.js does, off the main thread.

import { expose } from "comlink";
import { remote } from "./engine/remote.js";

expose(remote);
