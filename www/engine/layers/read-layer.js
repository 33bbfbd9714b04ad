// task -> verdict. One layer read by one worker or two, and once more in a new one if that broke down.

import { transfer } from "comlink";
import { aborted } from "./pool.js";
import { teller } from "./progress.js";
import { requestLog } from "./requests.js";

/**
 * @typedef {import("./read.js").Job & { id: number }} Job
 * @typedef {import("./verify.js").Task} Task
 * @typedef {import("./verify.js").Outcome} Outcome
 * @typedef {import("./verify.js").Context} Context
 */

/** The most entries of a layer that its node lists, unless the caller says otherwise. */
export const ENTRIES = 50_000;

let jobs = 0;

/** The number of the next job: its entries are asked for by it. */
export const nextJob = () => ++jobs;

/**
 * One try, and one more in a new worker if the first broke down.
 * @param {Task} task @param {number} workers
 * @param {Context} context
 * @returns {Promise<Outcome>}
 */
export async function readLayer(task, workers, { pool, options, authorise }) {
	const { signal, onProgress, entries = ENTRIES } = options;
	const tell = teller(task, onProgress);
	const { most } = options.collect ?? {};
	const job = { id: nextJob(), spec: task.spec, entries, bytes: task.bytes, ...(most && { most }) };
	const log = requestLog(options.onRequest);
	const ask = log.asking(authorise.bind(null, task.spec.digest ?? ""));
	const hooks = { authorise: ask, onState: tell.state, onCount: tell.count };
	tell.state("reading");
	for (let tries = 1; ; tries++) {
		try {
			const outcome = await pool.use(tries === 1 && !most ? workers : 1, signal, async (lent) => {
				// An answer that is known in advance saves the worker a question.
				const first = tries === 1 ? await task.first?.catch(() => undefined) : undefined;
				log.begin(first);
				return readWith(lent, { ...job, first }, hooks, signal);
			});
			tell.end(outcome.verdict);
			log.end(outcome.verdict);
			return outcome;
		} catch (/** @type {any} */ error) {
			if (signal?.aborted) {
				tell.state("cancelled");
				throw aborted();
			}
			const reason = `the program broke down on this layer: ${error?.message ?? error}`;
			if (tries === 1) {
				tell.again(reason);
				continue;
			}
			const { verdict } = await pool.use(1, signal, ([worker]) =>
				/** @type {any} */ (worker).reader.unreadable(job, reason),
			);
			tell.end(verdict);
			return { verdict, entries: [] };
		}
	}
}

/**
 * @param {import("./pool.js").PoolWorker[]} hands one for the whole job, or two for a half each
 * @param {Job} job @param {any} hooks @param {AbortSignal} [signal]
 * @returns {Promise<Outcome>}
 */
async function readWith([first, second], job, hooks, signal) {
	const { reader, handOver, local } = /** @type {import("./pool.js").PoolWorker} */ (first);
	const calls = /** @type {[any, any, any, any]} */ ([
		...["authorise", "onState", "onCount"].map((name) => handOver(hooks[name])),
		local ? signal : undefined,
	]);
	const last = /** @type {import("./pool.js").PoolWorker} */ (second ?? first);
	const alone = () => ("most" in job ? reader.collect(job, ...calls) : reader.read(job, ...calls));
	/** @type {[any, any?]} */
	const [found, memory] = second ? await halves(reader, second.reader, job, calls) : [await alone()];
	/** @type {import("./pool.js").PoolWorker} */ (first).memory = memory;
	last.memory = found.memory;
	const { verdict, index, entries, contents } = found;
	return { verdict, index, contents, entries: await restOf(last.reader, job, entries, verdict.entryCount ?? 0) };
}

/**
 * All entries of a list, of which the first are here.
 * @param {import("../../data-worker.js").Reader} reader @param {{ id: number | string, entries: number }} job as many as are wanted
 * @param {import("../../types.js").LayerEntry[]} entries @param {number} count how many there are
 */
export async function restOf(reader, { id, entries: most }, entries, count) {
	while (entries.length < count && entries.length < most) {
		const piece = await reader.next(id);
		if (piece.length === 0) break;
		entries.push(...piece);
	}
	return entries;
}

/**
 * @param {import("../../data-worker.js").Reader} front @param {import("../../data-worker.js").Reader} back
 * @param {Job} job @param {[any, any, any, any]} calls
 */
const halves = (front, back, job, calls) => inHalves(front, job, calls, (port) => back.back(job, port));

/**
 * Both halves of a job at once: one worker reads and unpacks, another takes what comes out.
 * @template T
 * @param {import("../../data-worker.js").Reader} front @param {import("./read.js").Job} job @param {[any, any, any, any]} calls
 * @param {(port: MessagePort) => Promise<T>} back
 */
export function inHalves(front, job, calls, back) {
	const { port1, port2 } = new MessageChannel();
	const there = back(transfer(port2, [port2]));
	// A half that fails must not leave the other waiting.
	const here = front.front(/** @type {any} */ (job), transfer(port1, [port1]), ...calls);
	return Promise.all([there, here]);
}
