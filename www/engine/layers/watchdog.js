// Off the line, under www/engine/layers/source.js: ends a connection that says nothing, and names what went wrong.

import { coded } from "../../lib/coded.js";

/** The time for which a connection may be silent, in milliseconds: proxies and registries give up after 30 to 60 s. */
const STALL = 30_000;

/** @typedef {ReturnType<typeof watchdog>} Watchdog */

/**
 * Aborts one connection when the caller does or nothing has come for too long; our own work in between does not count.
 * @param {{ signal?: AbortSignal, stall?: number }} source
 */
export function watchdog({ signal, stall = STALL }) {
	const controller = new AbortController();
	const stop = () => controller.abort();
	let since = 0;
	let stalled = false;
	signal?.addEventListener("abort", stop, { once: true });
	if (signal?.aborted) stop();
	const timer = setInterval(() => {
		stalled ||= since > 0 && performance.now() - since > stall;
		if (stalled) stop();
	}, stall / 4);
	return {
		signal: controller.signal,
		/** @template T @param {Promise<T>} waiting @param {(error: any) => Error} failed @returns {Promise<T>} */
		async within(waiting, failed) {
			since = performance.now();
			try {
				return await waiting;
			} catch (error) {
				if (signal?.aborted) throw coded("aborted", "the caller aborted");
				throw stalled ? again("timed-out", `nothing came for ${stall / 1000} seconds`) : failed(error);
			} finally {
				since = 0;
			}
		},
		end() {
			clearInterval(timer);
			signal?.removeEventListener("abort", stop);
			stop();
		},
	};
}

/** @param {string} code @param {string} message */
export const again = (code, message) => Object.assign(coded(code, message), { again: true });
