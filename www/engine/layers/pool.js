// The workers that read layers: a few at most, a broken one replaced, none kept for long.

import { proxy, wrap } from "comlink";
import { coded } from "../../lib/coded.js";
import { startWorker as start } from "../../lib/start-worker.js";

/**
 * @typedef {object} PoolWorker
 * @property {import("../../data-worker.js").Reader} reader its calls, whichever thread answers them
 * @property {Promise<never>} died rejects when the worker breaks down
 * @property {() => void} end
 * @property {<T extends Function>(callback: T) => T} handOver makes a callback callable from there
 * @property {boolean} [local] this thread
 * @property {number} [memory] what its module took when it was asked last, in bytes
 */

/** Idle workers are ended after so many milliseconds: a wasm module's memory never shrinks. */
const IDLE = 20_000;

/** A worker whose module took more memory than this is ended after its job, in bytes: a quarter of 96 MiB. */
const ENDED_ABOVE = 24 * 1024 * 1024;

/** The most workers unless the caller says otherwise: registries dislike more connections, memory more modules. */
const MOST = 4;

export class Pool {
	/** @type {PoolWorker[]} */
	#free = [];
	#busy = 0;
	/** @type {(() => void)[]} */
	#waiting = [];
	/** @type {any} */
	#timer;

	/** @param {number} size @param {() => Promise<PoolWorker> | PoolWorker} [startWorker] */
	constructor(size = usual(), startWorker = startPoolWorker) {
		this.size = Math.max(1, size);
		this.startWorker = startWorker;
	}

	/** The number of jobs that could begin now. */
	get idle() {
		return this.size - this.#busy;
	}

	/** Resolves when a worker is idle, or the caller aborts. @param {AbortSignal} [signal] */
	async ready(signal) {
		while (this.idle < 1 && !signal?.aborted) {
			await new Promise((resume) => {
				const wake = () => resume(undefined);
				this.#waiting.push(wake);
				signal?.addEventListener("abort", wake, { once: true });
			});
		}
	}

	/**
	 * Lends so many workers for a job; they are ended if it fails, since their state is unknown then.
	 * @template T
	 * @param {number} count @param {AbortSignal | undefined} signal @param {(workers: PoolWorker[]) => Promise<T>} work
	 * @returns {Promise<T>}
	 */
	async use(count, signal, work) {
		this.#busy += count;
		clearTimeout(this.#timer);
		/** @type {PoolWorker[]} */
		let workers = [];
		let sound = false;
		const stop = stopped(signal);
		try {
			workers = await Promise.all(Array.from({ length: count }, () => this.#free.pop() ?? this.startWorker()));
			const result = await Promise.race([work(workers), stop.promise, ...workers.map(({ died }) => died)]);
			sound = true;
			return result;
		} finally {
			stop.forget();
			this.#busy -= count;
			for (const worker of workers) {
				if (sound && (worker.memory ?? 0) <= ENDED_ABOVE) this.#free.push(worker);
				else worker.end();
			}
			for (const wake of this.#waiting.splice(0)) wake();
			if (this.#busy === 0) this.#rest();
		}
	}

	/** Ends every worker that is idle. */
	end() {
		for (const worker of this.#free.splice(0)) worker.end();
	}

	#rest() {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.end(), IDLE);
		this.#timer.unref?.();
	}
}

/** By their size: who asks for another number of workers finds those of before still warm. @type {Map<number, Pool>} */
const pools = new Map();

/** The workers, as many as asked for. @param {number} [workers] */
export function workersFor(workers = usual()) {
	const pool = pools.get(workers) ?? new Pool(workers);
	pools.set(workers, pool);
	return pool;
}

/** One for each core, at most {@link MOST}. */
export const usual = () => Math.min(globalThis.navigator?.hardwareConcurrency ?? 2, MOST);

/** A worker of its own, or this thread if there are none. @returns {Promise<PoolWorker>} */
export async function startPoolWorker() {
	if (typeof Worker === "undefined") return inPlace();
	const worker = start(
		() => new Worker(new URL("data-worker.js", import.meta.url), { type: "module", name: "stowplan data" }),
		import.meta.url,
		() => new URL("data-worker.js", import.meta.url),
		"stowplan data",
	);
	/** @type {Promise<never>} */
	const died = new Promise((_, reject) => {
		worker.addEventListener("error", (event) => {
			event.preventDefault();
			worker.terminate();
			reject(new Error(event.message || "its worker ended"));
		});
	});
	died.catch(() => {});
	const reader = /** @type {any} */ (wrap(worker));
	return { reader, died, end: () => worker.terminate(), handOver: (callback) => proxy(/** @type {any} */ (callback)) };
}

let talks = 0;

/**
 * A worker of its own that is asked by one of its methods; what it knows is dropped at the end.
 * @param {"explore" | "compareFiles" | "collectPackages" | "peek"} method
 * @param {typeof startPoolWorker} [startWorker]
 */
export async function talk(method, startWorker = startPoolWorker) {
	const id = `${method}-${++talks}`;
	const { reader, died, end } = await startWorker();
	/** @param {string} name @param {any[]} given @returns {Promise<any>} */
	const ask = (name, ...given) => Promise.race([/** @type {any} */ (reader)[method](id, name, given), died]);
	// A worker that has died answers no more.
	const close = () =>
		void ask("close")
			.catch(() => {})
			.finally(end);
	return { ask, close };
}

/** Without workers the caller's own thread reads. @returns {Promise<PoolWorker>} */
async function inPlace() {
	const { reader } = await import("../../data-worker.js");
	return { reader, died: new Promise(() => {}), end: () => {}, handOver: (callback) => callback, local: true };
}

/** @param {AbortSignal | undefined} signal */
function stopped(signal) {
	let forget = () => {};
	/** @type {Promise<never>} */
	const promise = new Promise((_, reject) => {
		const stop = () => reject(aborted());
		if (signal?.aborted) stop();
		signal?.addEventListener("abort", stop, { once: true });
		forget = () => signal?.removeEventListener("abort", stop);
	});
	promise.catch(() => {});
	return { promise, forget: () => forget() };
}

export const aborted = () => coded("aborted", "the caller aborted");
