// Registers the dialog for embedding once its words are loaded; the files that it names are those that other pages load.

import { StowEmbed } from "../../elements/dialogs/embed-dialog.js";
import { nameElement } from "../../lib/name-element.js";

export function define() {
	nameElement("stow-embed", StowEmbed);
}

/** `<stow-plan>` itself, from its own file. */
export const preview = () => import(new URL("stow-plan-define.js", import.meta.url).href);

/**
 * The script of this build for others' pages, as the build wrote it down; none if the page was not built.
 * @param {string} base @returns {Promise<{ file: string, integrity: string } | undefined>}
 */
export const buildOf = (base) =>
	fetch(new URL("www/embed.json", base))
		.then((answer) => (answer.ok ? answer.json() : undefined))
		.catch(() => undefined);
