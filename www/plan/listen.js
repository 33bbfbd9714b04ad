// Handles the events of the parts inside an element; none of them leaves the shadow tree.

import { laterInside } from "../page/later.js";
import { readLayers } from "./element-layers.js";

/**
 * @typedef {import("./inner.js").Inner} Inner
 * @param {Inner} inner
 * @returns {Record<string, (detail: any) => unknown>}
 */
const actions = (inner) => ({
	"stow-select": ({ id }) => inner.select(id),
	"stow-select-digest": ({ digest }) => inner.select(inner.state.model?.withDigest(digest)[0]?.id),
	"stow-enter": () => inner.focus(".details [role=tab][tabindex='0']"),
	"stow-history": (change) => inner.update({ history: { ...inner.state.history, ...change } }),
	"stow-goto": ({ id, pane }) => inner.select(id, pane),
	"stow-pane": ({ pane }) => inner.update({ pane }),
	"stow-cancel": () => inner.job?.abort(),
	"stow-platform": ({ platform }) => inner.choose(platform),
	"stow-layers": (what) => readLayers(inner, what),
	"stow-lookup": ({ text, from }) => lookup(inner, text, from),
	"stow-lookup-close": () => inner.update({ lookup: undefined }),
	"stow-say": ({ text }) => inner.update({ said: text }),
});

/** @param {Inner} inner @param {ShadowRoot} root */
export function listen(inner, root) {
	for (const [name, act] of Object.entries(actions(inner))) {
		root.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
	}
}

/** @param {Inner} inner @param {string} text @param {"box" | "card"} from */
async function lookup(inner, text, from) {
	const { lookUp, lookupWords } = await laterInside();
	const { model } = inner.state;
	if (!model) return;
	const lookup = { ...(await lookUp(model, text)), from };
	inner.update({ lookup, said: inner.speaking(() => lookupWords(lookup)).join(" ") });
}
