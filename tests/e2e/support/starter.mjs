// Off the line, under the tests: what a test file starts, stopped when the file is over.

import { after } from "node:test";

/**
 * A function that starts something, which has a `stop` or a `close`; what came last is stopped first.
 * @returns {<T extends { stop?: () => unknown, close?: () => unknown }>(starting: Promise<T> | T) => Promise<T>}
 */
export function starter() {
	/** @type {{ stop?: () => unknown, close?: () => unknown }[]} */
	const started = [];
	after(async () => {
		for (const part of started.reverse()) await (part.stop ?? part.close)?.call(part);
	});
	return async (starting) => {
		const part = await starting;
		started.push(part);
		return part;
	};
}
