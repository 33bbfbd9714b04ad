// Does work that several elements want at once only once; it ends early only when no caller waits for it.

/** The time for which a result is as good as new, in milliseconds: a tag may point elsewhere after a while. */
const FRESH = 60_000;
/** The most results that are kept. */
const MOST = 32;

/** @template T */
export class Shared {
	/** @type {Map<string, { promise: Promise<T>, controller: AbortController, waiting: number, done?: number }>} */
	#jobs = new Map();

	/** @param {() => number} [now] milliseconds */
	constructor(now = () => Date.now()) {
		this.now = now;
	}

	/**
	 * @param {string} key
	 * @param {AbortSignal} signal of one who waits
	 * @param {(signal: AbortSignal) => Promise<T>} work
	 * @returns {Promise<T>}
	 */
	async get(key, signal, work) {
		const job = this.#present(key) ?? this.#start(key, work);
		job.waiting++;
		const leave = () => {
			job.waiting--;
			if (job.waiting > 0 || job.done !== undefined) return;
			this.#jobs.delete(key);
			job.controller.abort();
		};
		/** @type {(error: unknown) => void} */
		let refuse = () => {};
		/** @type {Promise<never>} */
		const left = new Promise((_, reject) => {
			refuse = reject;
		});
		const stop = () => {
			leave();
			refuse(aborted());
		};
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
		try {
			return await Promise.race([job.promise, left]);
		} finally {
			signal.removeEventListener("abort", stop);
		}
	}

	/** Forgets a result, so that the next one who wants it has the work done anew. @param {string} key */
	forget(key) {
		if (this.#jobs.get(key)?.done !== undefined) this.#jobs.delete(key);
	}

	/** @param {string} key */
	#present(key) {
		const job = this.#jobs.get(key);
		if (job?.done === undefined || this.now() - job.done < FRESH) return job;
		this.#jobs.delete(key);
		return undefined;
	}

	/** @param {string} key @param {(signal: AbortSignal) => Promise<T>} work */
	#start(key, work) {
		const controller = new AbortController();
		const promise = work(controller.signal);
		const job = { promise, controller, waiting: 0, done: /** @type {number | undefined} */ (undefined) };
		const drop = () => {
			if (this.#jobs.get(key) === job) this.#jobs.delete(key);
		};
		promise.then(() => {
			job.done = this.now();
			if (this.#jobs.size > MOST) this.#oldest();
		}, drop);
		this.#jobs.set(key, job);
		return job;
	}

	#oldest() {
		for (const [key, { done }] of this.#jobs) if (done !== undefined) return void this.#jobs.delete(key);
	}
}

const aborted = () => Object.assign(new Error("the request was aborted"), { code: "aborted" });
