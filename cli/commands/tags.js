// `stowplan tags`: the tags of a repository, the newest first.

import * as api from "../../www/api.js";
import { accessTo } from "../access.js";
import { EXIT } from "../exit.js";
import { line } from "../terminal.js";

/**
 * @param {import("../terminal.js").Terminal} io
 * @param {string} repository
 * @param {import("../access.js").AccessOptions & { json?: boolean }} options
 */
export async function tags(io, repository, options) {
	const shown = io.progress("asking for the tags");
	const found = await api.tags(repository, await accessTo(repository, options)).finally(() => shown.end());
	if (options.json) io.json(JSON.stringify(found, null, 2));
	else io.out(found.tags.map((tag) => `${line(tag)}\n`).join(""));
	return EXIT.verified;
}
