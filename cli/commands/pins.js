// `stowplan pins`: the images that files name, what their tags serve now, and the digests written into the files.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as api from "../../www/api.js";
import { accessTo } from "../access.js";
import { EXIT, worst } from "../exit.js";
import { fault } from "../fault.js";
import { line } from "../terminal.js";

/**
 * @typedef {import("../terminal.js").Terminal} Terminal
 * @typedef {import("../../www/types.js").CheckedRow} CheckedRow
 * @typedef {{ file: string, kind: string | null, images: CheckedRow[], written?: boolean }} Checked
 * @typedef {import("../access.js").AccessOptions & { write?: boolean, json?: boolean, maxRequests?: number }} Options
 */

/** @type {Record<string, number>} */
const CODES = {
	agrees: EXIT.verified,
	moved: EXIT.failed,
	gone: EXIT.failed,
	"not-pinned": EXIT.incomplete,
	"not-asked": EXIT.incomplete,
};

/** @param {Terminal} io @param {string[]} files @param {Options} options */
export async function pins(io, files, options) {
	const shown = io.progress("asking registries");
	/** @type {Checked[]} */
	const all = [];
	try {
		for (const file of files) all.push(await checked(file, options));
	} finally {
		shown.end();
	}
	if (options.json) io.json(JSON.stringify(all, null, 2));
	else for (const one of all) io.out(textOf(one));
	return worst(all.flatMap((one) => one.images.map((row) => codeOf(row, one))));
}

/** The code of a row; an image that was written into the file is pinned now. @param {CheckedRow} row @param {Checked} file */
const codeOf = (row, { written }) =>
	written && row.now && row.edit ? EXIT.verified : (CODES[row.state] ?? EXIT.incomplete);

/** @param {string} file @param {Options} options @returns {Promise<Checked>} */
async function checked(file, options) {
	const text = await readFile(file, "utf8").catch((error) => {
		throw fault("unreadable-file", `${file} cannot be read: ${error.code ?? error.message}`);
	});
	const { kind, images } = await api.readImages(text, { name: path.basename(file) });
	const rows = await api.checkPins(images, {
		...(await accessToAll(images, options)),
		maxRequests: options.maxRequests,
	});
	if (!options.write) return { file, kind, images: rows };
	const pinned = await api.pinImages(text, rows);
	if (pinned !== text) await writeFile(file, pinned);
	return { file, kind, images: rows, written: true };
}

/** Each registry's own credentials; a name that is none is told by its row. @param {{ reference: string }[]} images @param {Options} options */
async function accessToAll(images, options) {
	/** @type {Map<string, import("../../www/types.js").Credential>} */
	const found = new Map();
	for (const { reference } of images) {
		const parsed = await api.readReference(reference).catch(() => undefined);
		if (!parsed?.registry || found.has(parsed.registry)) continue;
		const { credentials } = await accessTo(reference, options);
		for (const credential of credentials) found.set(credential.registry, credential);
	}
	return { credentials: [...found.values()] };
}

/** @param {Checked} checked */
function textOf({ file, kind, images }) {
	if (kind === null) return `${line(file)}: no file that names images\n`;
	const rows = images.map(({ line: at, column, reference, state, now, why, message }) => {
		const said = [now && state !== "agrees" ? `now ${line(now)}` : "", why && line(why), message && line(message)];
		return `${[`${line(file)}:${at}:${column}`, state, line(reference, 400), ...said.filter(Boolean)].join("  ")}\n`;
	});
	return rows.join("");
}
