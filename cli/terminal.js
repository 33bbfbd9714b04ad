// Output to a terminal or a pipe: plain text, colours only on a terminal that has them, nothing that could steer it.

import { styleText } from "node:util";
import spinner from "yocto-spinner";
import { version } from "../package.json";
import { visible } from "../www/i18n/format.js";

/**
 * @typedef {object} Terminal
 * @property {string} version
 * @property {(text: string) => void} out
 * @property {(text: string) => void} err
 * @property {(text: string) => void} json JSON as it is; on a terminal with odd characters escaped, and a line end
 * @property {(bytes: Uint8Array) => void} content a file as it is; on a terminal as text, with odd characters escaped
 * @property {(error: unknown) => void} fault says an error in one line, with its code
 * @property {(style: Style, text: string) => string} paint
 * @property {(text: string) => Progress} progress shown on a terminal only
 * @property {() => Promise<Uint8Array>} input
 *
 * @typedef {"green" | "red" | "yellow" | "gray" | "bold"} Style
 * @typedef {{ say: (text: string) => void, end: () => void }} Progress
 */

/**
 * Node's own streams know whether they are a terminal and whether it has colours (`NO_COLOR`, `FORCE_COLOR`, `TERM`).
 * @returns {Terminal}
 */
export function terminal({ stdout, stderr, stdin } = process) {
	const coloured = Boolean(stdout.isTTY && stdout.hasColors());
	const err = (/** @type {string} */ text) => void stderr.write(text);
	return {
		version,
		out: (text) => void stdout.write(text),
		err,
		fault: (error) => err(`stowplan: ${faultLine(error)}\n`),
		paint: (style, text) => (coloured ? styleText(style, text) : text),
		progress: (text) => progress(text, stderr),
		content: (bytes) => void stdout.write(stdout.isTTY ? `${harmless(new TextDecoder().decode(bytes))}\n` : bytes),
		json: (text) => void stdout.write(stdout.isTTY ? `${harmless(text)}\n` : text),
		input: async () => Buffer.concat(await stdin.toArray()),
	};
}

/** Text of others on one line: with a line end it could write lines of its own. @param {unknown} text @param {number} [most] */
export const line = (text, most) =>
	visible(text, most).replace(/[\n\t]/g, (one) => (one === "\n" ? "<U+000A>" : "<U+0009>"));

/** The same text, with JSON's escapes for what a terminal would obey or reorder. @param {string} text */
const harmless = (text) =>
	text.replace(/[^\P{C}\n\t]/gu, (one) =>
		Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
	);

/** @param {any} error */
function faultLine(error) {
	const code = typeof error?.code === "string" ? ` (${line(error.code, 60)})` : "";
	return `${line(error?.message ?? error, 2000)}${code}`;
}

/** @param {string} text @param {NodeJS.WriteStream} stream */
function progress(text, stream) {
	if (!stream.isTTY) return { say: () => {}, end: () => {} };
	const turning = spinner({ text: line(text), stream }).start();
	return {
		say: (/** @type {string} */ next) => {
			turning.text = line(next, Math.max(20, (stream.columns ?? 80) - 4));
		},
		end: () => void turning.stop(),
	};
}
