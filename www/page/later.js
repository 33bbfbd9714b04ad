// Loads the elements that most first views never show when one is wanted.

import { loadWords } from "../i18n/strings.js";

/** Elements that are wanted as soon as they stand in the page; the dialogs stand there always and are asked for. */
const WANTED =
	"stow-all-checks, stow-answer, stow-bytes, stow-checks, stow-entries, stow-failure, stow-forms, stow-hand, stow-identities, stow-pasted, stow-pins, stow-recovered, stow-table";

/** @type {Promise<typeof import("./define/elements-later-define.js")> | undefined} */
let loading;

/** @returns {Promise<typeof import("./define/elements-later-define.js")>} when every element is defined */
export async function later() {
	const [elements] = await Promise.all([laterElements(), styled(new URL("later.css", import.meta.url))]);
	elements.define();
	return elements;
}

/** The same in a shadow tree, whose style sheet has all. */
export async function laterInside() {
	const elements = await laterElements();
	elements.define();
	return elements;
}

/** The words come beside the code; a failure is forgotten, so that the next call tries again. */
function laterElements() {
	const words = ["later", "checks", "sections", "pasting"].map((area) => loadWords(/** @type {any} */ (area)));
	loading ??= Promise.all([import("./define/elements-later-define.js"), ...words]).then(
		([elements]) => elements,
		(error) => {
			loading = undefined;
			throw error;
		},
	);
	return loading;
}

/** The elements of files build on those above. */
export async function exploring() {
	const sheet = styled(new URL("files.css", import.meta.url));
	const [elements] = await Promise.all([import("./define/files-define.js"), later(), sheet, loadWords("files")]);
	elements.define();
}

/** A sheet that does not come must not keep away what it styles. @param {URL} sheet @returns {Promise<unknown>} */
export function styled({ href }) {
	if ([...document.styleSheets].some((one) => one.href === href)) return Promise.resolve();
	const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
	document.head.append(link);
	return new Promise((done) => {
		link.onload = done;
		link.onerror = done;
	});
}

/** The elements beside and below the structure: begun with the first image, so that it is here when that is. */
export async function sections() {
	const sheet = styled(new URL("later.css", import.meta.url));
	const words = [loadWords("sections"), loadWords("checks")];
	const [elements] = await Promise.all([import("./define/sections-define.js"), ...words, sheet]);
	elements.define();
}

/** The elements for signatures and statements. */
export async function signatures() {
	const sheet = styled(new URL("signatures.css", import.meta.url));
	const [elements] = await Promise.all([import("./define/signatures-define.js"), later(), loadWords("trust"), sheet]);
	elements.define();
}

/** The dialog for saving. */
export async function saving() {
	const sheet = styled(new URL("later.css", import.meta.url));
	const [elements] = await Promise.all([
		import("./define/save-define.js"),
		loadWords("saving"),
		loadWords("errors"),
		sheet,
	]);
	elements.define();
	return elements;
}

/** The dialog for embedding. */
export async function embedding() {
	const sheet = styled(new URL("later.css", import.meta.url));
	const [elements] = await Promise.all([
		import("./define/embed-define.js"),
		loadWords("embed"),
		loadWords("errors"),
		sheet,
	]);
	elements.define();
	await elements.preview();
	return elements;
}

/**
 * Loads elements when one of them first stands below the root.
 * @param {Element} root
 */
export function watch(root) {
	when(root, WANTED, later);
	when(root, "stow-sections, stow-details, stow-facts", sections);
	when(root, "stow-explorer, stow-artifact", exploring);
	when(root, "stow-signatures, stow-alone", signatures);
	when(root, "stow-lineage", lineage);
}

/** The elements for platforms and bases. */
async function lineage() {
	const sheet = styled(new URL("compare.css", import.meta.url));
	const words = ["compare", "errors"].map((area) => loadWords(/** @type {any} */ (area)));
	const [elements] = await Promise.all([import("./define/lineage-define.js"), sheet, ...words]);
	elements.define();
}

/** @param {ShadowRoot} root */
export const watchInside = (root) => when(root, WANTED, laterInside);

/** @param {Element | ShadowRoot} root @param {string} wanted @param {() => Promise<unknown>} load */
function when(root, wanted, load) {
	const observer = new MutationObserver(() => {
		if (!root.querySelector(wanted)) return;
		observer.disconnect();
		load().catch(() => when(root, wanted, load));
	});
	observer.observe(root, { childList: true, subtree: true });
}
