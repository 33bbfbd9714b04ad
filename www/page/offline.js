// Has the service worker keep the page's files for use without a network; loaded when the page is idle.

/**
 * Only for the page itself, never for one that shows it in a frame; not if data is to be saved. Without it the page
 * is the same, online.
 */
export function keepForOffline() {
	const { serviceWorker, connection } = /** @type {any} */ (navigator);
	if (!serviceWorker || !isSecureContext || self !== top || connection?.saveData) return;
	serviceWorker.register(new URL("../sw.js", import.meta.url)).catch((/** @type {unknown} */ error) => {
		console.info("not kept for offline use:", error);
	});
}
