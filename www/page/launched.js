// Takes what the system hands to an installed page: files that it opens, a text that is shared, an address of `web+oci:`.

/**
 * Each becomes the event that the box or a drop would be.
 * @param {{ root: HTMLElement, taken: Promise<unknown> }} controller
 * @param {string | FileSystemHandle[]} given the query of the page's address, or files
 */
export async function take({ root, taken }, given) {
	await taken;
	const tell = (/** @type {string} */ name, /** @type {object} */ detail) =>
		void root.dispatchEvent(new CustomEvent(`stow-${name}`, { detail, bubbles: true }));
	if (typeof given !== "string") return tell("files", { given });
	const query = new URLSearchParams(given);
	const address = query.get("oci");
	const text = ["text", "url", "title"].map((name) => query.get(name)?.trim()).find(Boolean);
	if (!address && !text) return;
	// The address is the page's again: loading it anew does not ask once more.
	history.replaceState(null, "", location.pathname + location.hash);
	if (address) tell("inspect", { text: address.replace(/^web\+oci:(\/\/)?/, "oci://") });
	else tell("verify", { texts: [text], typed: true });
}
