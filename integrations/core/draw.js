// embeds -> HTML. The element that a page shows, and the files that it needs on the site.

import { readFileSync } from "node:fs";

/** The attributes of the element itself; the rest is for the build. */
const SHOWN = ["reference", "src", "digest", "platform", "proxy", "view", "theme", "lang", "page"];

/**
 * @param {import("./fence.js").Attributes} attributes
 * @param {string} [src] where the site has the snapshot; the exact bytes are there, so nothing is asked of a registry
 */
export function elementHtml({ reference, ...rest }, src) {
	const shown = { ...(src ? {} : { reference }), ...rest, ...(src && { src }) };
	const attributes = SHOWN.flatMap((name) => {
		const value = /** @type {Record<string, string | undefined>} */ (shown)[name];
		return value ? [` ${name}="${escaped(value)}"`] : [];
	});
	return `<stow-plan${attributes.join("")}><code>${escaped(reference ?? rest.src ?? "")}</code></stow-plan>`;
}

/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"'{}]/g, (one) => `&#${one.charCodeAt(0)};`);

/** The files of the element, as `name` beside each other and `url` on the disk; `stow-plan-define.js` is to be loaded. */
export function elementFiles() {
	const names = /** @type {string[]} */ (
		JSON.parse(readFileSync(new URL("element-files.json", import.meta.url), "utf8"))
	);
	return names.map((name) => ({ name, url: new URL(name, import.meta.url) }));
}
