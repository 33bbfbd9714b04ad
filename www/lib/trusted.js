// The one policy of the page's own for browsers with Trusted Types: workers' scripts come from beside the page.

/** @param {string} text @returns {string | null} the address of a script of ours; nothing else becomes one */
export function ownScript(text, base = document.baseURI) {
	const own = new URL("./", base);
	const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
	return url?.origin === own.origin && url.pathname.startsWith(own.pathname) ? text : null;
}

/**
 * The default policy, since bundlers follow `new Worker(new URL(…))` only as it is. For pages of ours: on others' it is
 * theirs to make.
 */
export function trustOwnScripts() {
	/** @type {any} */ (globalThis).trustedTypes?.createPolicy("default", {
		createScriptURL: (/** @type {string} */ text) => ownScript(text),
	});
}
