// `stowplan compare`: how far two images are the same, and what differs.

import * as api from "../../www/api.js";
import { size } from "../../www/i18n/format.js";
import { accessTo } from "../access.js";
import { EXIT } from "../exit.js";
import { filesOf, isPath } from "../files.js";
import { line } from "../terminal.js";

/** The codes are about what could be compared: a difference is no failure. */
const CODES = { compared: EXIT.verified, failed: EXIT.failed, incomplete: EXIT.incomplete };

/**
 * @param {import("../terminal.js").Terminal} io
 * @param {string} a
 * @param {string} b
 * @param {import("../access.js").AccessOptions & { platform?: string, json?: boolean, layers?: boolean }} options
 */
export async function compare(io, a, b, { platform, json, layers, ...options }) {
	const subject = async (/** @type {string} */ text) =>
		isPath(text) ? filesOf([text], io.input) : { reference: text };
	const references = [a, b].filter((text) => !isPath(text));
	const accesses = await Promise.all(references.map((text) => accessTo(text, options)));
	const credentials = accesses.flatMap((one) => one.credentials);
	const shown = io.progress("comparing");
	const asked = { credentials, platform, layers: layers ?? false };
	const found = await api.compare(await subject(a), await subject(b), asked).finally(() => shown.end());
	const { files: _, reports: __, ...facts } = found;
	if (json) io.json(JSON.stringify(facts, null, 2));
	else io.out(textOf(facts));
	return CODES[found.verdict];
}

/** @param {any} facts */
function textOf({ verdict, rung, cause, layers, config, sizes }) {
	const lines = [`${line(verdict)}: ${line(rung)}: ${line(cause.message)}`];
	lines.push(
		`  layers: ${sizes.layersA} and ${sizes.layersB}; ${size(sizes.shared)} shared, ${size(sizes.pull)} to pull`,
	);
	for (const one of layers) lines.push(`${line(one.state)}  ${line(one.a ?? "-")}  ${line(one.b ?? "-")}`);
	for (const { path, a, b, secret } of config)
		lines.push(secret ? `config ${line(path)}: differs` : `config ${line(path)}: ${written(a)} -> ${written(b)}`);
	return `${lines.join("\n")}\n`;
}

/** @param {unknown} value */
const written = (value) => (value === undefined ? "-" : line(JSON.stringify(value), 300));
