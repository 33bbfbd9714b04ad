// Report -> www. The worker's entry: runs the jobs of remote.js off the main thread.

import { expose } from "comlink";
import { remote } from "./engine/remote.js";

expose(remote);
