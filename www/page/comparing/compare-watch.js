// Watches for two images in the address (`#compare=A,B`) or in the box (`A … B`) and for lists of tags (`#tags=NAME`); loads their views on demand.

/** @typedef {import("../controller.js").Controller} Controller */

/** Two names with a sign between them, as the box takes them. */
const PAIR = /^\s*(\S+)\s+(?:…|\.{2,3}|→|->|vs\.?)\s+(\S+)\s*$/;

/** A name in the box with the beginning of a tag, and no port; or a port, with the beginning of a repository. */
const TAGGED = /^\s*[^\s@]+[/\w]:[\w.-]*(\/[\w./-]*)?$/;

/** A name in the box without a tag: Tab behind it lists its tags. A second Tab moves on, as everywhere. */
const NAMED = /^\s*[\w.-]+(:\d+(?=\/))?(\/[\w.-]+)*$/;

/** True if an address is that of a comparison or of tags: the controller leaves it alone. @param {string} hash */
export const isComparison = (hash) => /[#&](compare|tags)=/.test(hash);

/** @param {Controller} controller */
export function watchComparisons(controller) {
	const { root } = controller;
	const follow = async () => {
		if (!isComparison(location.hash) && !controller.state.aside) return;
		const [{ showComparison }, { showTags }] = await Promise.all([import("./comparing.js"), import("./tags-view.js")]);
		showComparison(controller);
		showTags(controller);
	};
	addEventListener("hashchange", follow);
	/** @param {Event} event */
	const typed = async (event) => {
		const { text, texts, typed } = /** @type {CustomEvent} */ (event).detail ?? {};
		const [, a, b] = PAIR.exec(text ?? (typed && texts?.[0]) ?? "") ?? [];
		if (!a || !b) return;
		event.stopImmediatePropagation();
		location.hash = (await import("./compare-address.js")).comparisonHash(a, b);
	};
	for (const name of ["stow-inspect", "stow-verify"]) root.addEventListener(name, typed, { capture: true });
	root.addEventListener("stow-compare-with", async (event) =>
		(await import("./compare-with-other.js")).compareWith(controller, /** @type {CustomEvent} */ (event).detail ?? {}),
	);
	root.addEventListener("stow-platforms-all", async () =>
		(await import("./compare-with-other.js")).readAll(controller),
	);
	root.addEventListener("input", async ({ target }) => {
		const { id, value } = /** @type {HTMLInputElement} */ (target);
		if (id === "reference" && TAGGED.test(value)) (await import("./tags-complete.js")).complete(controller);
	});
	root.addEventListener("keydown", async (event) => {
		const { key, target, shiftKey, ctrlKey, altKey, metaKey, isComposing } = /** @type {KeyboardEvent} */ (event);
		const field = /** @type {HTMLInputElement} */ (target);
		if (key !== "Tab" || shiftKey || ctrlKey || altKey || metaKey || isComposing || field.id !== "reference") return;
		if (!NAMED.test(field.value) || field.selectionStart !== field.value.length) return;
		event.preventDefault();
		(await import("./tags-complete.js")).begin(field);
	});
	void follow();
}
