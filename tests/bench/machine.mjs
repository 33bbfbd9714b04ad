// Off the line, under the benchmarks: what the figures were measured on.

import { cpus, totalmem } from "node:os";

/** One line about the processor, the memory and the browser. */
export async function machine(browser) {
	const cores = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cores[0].model.trim()}, ${cores.length} cores, ${memory} GiB; Chromium ${browser.version()}; Node ${process.versions.node}`;
}
