// The base class of the page's elements: Lit without a shadow root, so that one style sheet serves all.

import { LitElement, noChange } from "lit";
import { Directive, directive } from "lit/directive.js";
import { onLanguage } from "../i18n/strings.js";
import { keepingFocus } from "../lib/focus.js";

export class Part extends LitElement {
	createRenderRoot() {
		return this;
	}

	connectedCallback() {
		super.connectedCallback();
		this.unheard = onLanguage(() => this.reword());
	}

	/** @override @param {import("lit").PropertyValues} changed */
	update(changed) {
		keepingFocus(this, () => super.update(changed));
	}

	/** All words are drawn anew when the language is switched; who keeps some makes them anew. */
	reword() {
		this.requestUpdate();
	}

	disconnectedCallback() {
		super.disconnectedCallback();
		this.unheard?.();
	}
}

/**
 * Tells the controller what the user wants; views know nothing else of it. It stays in the tree that they are drawn in:
 * a page that shows `<stow-plan>` hears nothing of it.
 * @param {EventTarget | null} target
 * @param {string} name
 * @param {unknown} [detail]
 */
export function emit(target, name, detail) {
	target?.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

class Vars extends Directive {
	/** @param {Record<string, string>} _values */
	render(_values) {
		return noChange;
	}

	/** @override @param {any} part @param {[Record<string, string>]} values */
	update(part, [values]) {
		for (const [name, value] of Object.entries(values)) part.element.style.setProperty(name, value);
		return noChange;
	}
}

/** Custom properties on an element through the CSSOM: the page's policy allows no style attributes. */
export const vars = directive(Vars);
