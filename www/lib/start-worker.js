// Starts a worker's script, also if a page of another origin has loaded ours.

/**
 * `start` is written out where it is called, since others' bundlers follow `new Worker(new URL(…))` by reading it. A
 * browser runs no worker of another origin, so there a script of the page's own imports ours.
 * @param {() => Worker} start
 * @param {string} here the address of the calling module, which comes from where the worker's script comes from
 * @param {() => URL} script the address of the worker's script
 * @param {string} name
 * @returns {Worker}
 */
export function startWorker(start, here, script, name) {
	if (new URL(here).origin === globalThis.origin) return start();
	const source = new Blob([`import ${JSON.stringify(script().href)};`], { type: "text/javascript" });
	const address = URL.createObjectURL(source);
	const worker = new Worker(address, { type: "module", name });
	// The script is fetched after the worker was made; what comes from it first says that it is over.
	for (const event of ["message", "error"]) {
		worker.addEventListener(event, () => URL.revokeObjectURL(address), { once: true });
	}
	return worker;
}
