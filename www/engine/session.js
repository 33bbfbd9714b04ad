// Report -> www. The session: in a browser a worker that does the work and remembers, in Node this thread.

import { proxy as handOver, wrap } from "comlink";
import { startWorker } from "../lib/start-worker.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 */

/** @typedef {import("comlink").Remote<import("./remote.js").Remote> & { local?: boolean }} Backend */
/** @typedef {{ remote: Backend, died: Promise<never>, end: () => void }} Worked `died` rejects when the worker breaks down */

/** @type {Promise<Worked> | undefined} */
let started;
let jobs = 0;

/** @returns {Promise<Worked>} */
function backend() {
	started ??= start();
	return started;
}

/** @returns {Promise<Worked>} */
async function start() {
	if (typeof Worker === "undefined") {
		const { remote } = await import("./remote.js");
		const local = /** @type {any} */ ({ ...remote, local: true });
		return { remote: local, died: new Promise(() => {}), end: () => {} };
	}
	return watched(
		startWorker(
			() => new Worker(new URL("worker.js", import.meta.url), { type: "module", name: "stowplan" }),
			import.meta.url,
			() => new URL("worker.js", import.meta.url),
			"stowplan",
		),
	);
}

/**
 * A worker that breaks down (out of memory, a trap in the wasm module, a script that does not load) answers nothing any
 * more: what was asked of it fails, and the next question goes to a new one, which has forgotten the session.
 * @param {Worker} worker
 * @returns {Worked}
 */
function watched(worker) {
	const end = () => {
		started = undefined;
		worker.terminate();
	};
	/** @type {Promise<never>} */
	const died = new Promise((_, reject) => {
		worker.addEventListener("error", (event) => {
			event.preventDefault();
			end();
			reject(brokenDown(event.message));
		});
	});
	died.catch(() => {});
	return { remote: /** @type {Backend} */ (/** @type {unknown} */ (wrap(worker))), died, end };
}

/**
 * @template T
 * @param {(remote: Backend) => Promise<T>} question
 * @returns {Promise<T>}
 */
export async function ask(question) {
	const { remote, died } = await backend();
	return Promise.race([question(remote), died]);
}

/**
 * The value of the backend's answer; its error is thrown.
 * @param {(remote: any) => Promise<any>} question
 */
export async function answered(question) {
	const outcome = await ask(question);
	if ("error" in outcome) throw revived(outcome.error);
	return outcome.value;
}

/**
 * One job in the backend, which an abort ends there as well.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(remote: Backend, job: number) => Promise<any>} call
 * @param {(outcome: any, remote: Backend, job: number, died: Promise<never>) => T | Promise<T>} [take]
 * @returns {Promise<T>}
 */
export async function runAs(signal, call, take = ({ value }) => value) {
	if (signal?.aborted) throw aborted();
	const { remote, died, end } = await backend();
	const job = ++jobs;
	const stop = () => void remote.abort(job);
	signal?.addEventListener("abort", stop, { once: true });
	try {
		const outcome = await Promise.race([call(remote, job), died]);
		if (signal?.aborted) throw aborted();
		if ("error" in outcome) {
			if (outcome.error.code === BROKEN_DOWN) end();
			throw revived(outcome.error);
		}
		const taken = await Promise.race([take(outcome, remote, job, died), died]);
		// An abort meanwhile has taken away the pieces that were not here yet.
		if (signal?.aborted) throw aborted();
		return taken;
	} finally {
		signal?.removeEventListener("abort", stop);
	}
}

/**
 * A job that gives a report.
 * @param {AbortSignal | undefined} signal
 * @param {(remote: Backend, job: number) => Promise<any>} call
 * @returns {Promise<Report>}
 */
export const run = (signal, call) => runAs(signal, call, ({ head }, remote, job) => gather(remote, job, head));

/**
 * A large report comes over in pieces, so that no piece keeps the main thread busy; the worker writes the next one meanwhile.
 * @param {Backend} remote
 * @param {number} job
 * @param {Omit<Report, "nodes">} head
 * @returns {Promise<Report>}
 */
async function gather(remote, job, head) {
	const nodes = [];
	for (let coming = next(remote, job); ; ) {
		const piece = await coming;
		if (piece.length === 0) break;
		coming = next(remote, job);
		nodes.push(...piece);
	}
	const { schema, source, ...rest } = head;
	return { schema, source, nodes, ...rest };
}

/** @param {Backend} remote @param {number} job */
function next(remote, job) {
	const coming = Promise.resolve(remote.next(job));
	// If the worker dies meanwhile, the job says so.
	coming.catch(() => {});
	return coming;
}

/**
 * @param {Backend} remote
 * @param {((event: ProgressEvent) => void) | undefined} onProgress
 */
export function listener(remote, onProgress) {
	const listen = onProgress ?? (() => {});
	return remote.local === true ? listen : handOver(listen);
}

/** @param {{ code?: string, message: string, retryAfter?: number, reason?: string, params?: any }} failure */
export function revived({ code, message, retryAfter, reason, params }) {
	return Object.assign(
		new Error(message),
		{ code, ...(reason && { reason, params }) },
		retryAfter === undefined ? {} : { retryAfter },
	);
}

const BROKEN_DOWN = "broken-down";

/** @param {string} [why] */
const brokenDown = (why) =>
	revived({ code: BROKEN_DOWN, message: `the program broke down on this input${why ? `: ${why}` : ""}` });

export const aborted = () => revived({ code: "aborted", message: "the caller aborted" });
