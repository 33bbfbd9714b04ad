// Registers an element under a name that is still free: a page may load two copies of a script.

/** @param {string} name @param {CustomElementConstructor} element */
export function nameElement(name, element) {
	if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}
