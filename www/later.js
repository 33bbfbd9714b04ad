// Line: www, what comes on demand: the elements that most first views never show, loaded when one is wanted.

/** Elements that are wanted as soon as they stand in the page; the dialogs stand there always and are asked for. */
const WANTED =
	"stow-answer, stow-bytes, stow-entries, stow-forms, stow-hand, stow-identities, stow-pasted, stow-recovered, stow-table";

/** @type {Promise<typeof import("./elements-later-define.js")> | undefined} */
let loading;

/** @returns {Promise<typeof import("./elements-later-define.js")>} when every element is defined; a failure is forgotten, so that the next call tries again */
export function later() {
	loading ??= import("./elements-later-define.js").catch((error) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

const exploring = () => import("./files-define.js");

/**
 * Loads elements when one of them first stands below the root.
 * @param {Element} root
 */
export function watch(root) {
	when(root, WANTED, later);
	when(root, "stow-explorer", exploring);
}

/** @param {Element} root @param {string} wanted @param {() => Promise<unknown>} load */
function when(root, wanted, load) {
	const observer = new MutationObserver(() => {
		if (!root.querySelector(wanted)) return;
		observer.disconnect();
		load().catch(() => when(root, wanted, load));
	});
	observer.observe(root, { childList: true, subtree: true });
}
