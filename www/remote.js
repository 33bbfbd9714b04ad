// Line: Report -> www. Runs the core's jobs, in the worker or in Node, and hands a report over in pieces.

import { inspecting, loaded, opening } from "./core.js";

/**
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").ProgressEvent} ProgressEvent
 * @typedef {{ proxy?: string, platform?: string, credentials?: import("./types.js").Credential[], all?: boolean }} InspectOptions
 * @typedef {{ expected?: string, mediaType?: string, name?: string }} OpenOptions
 * @typedef {{ bytes: Uint8Array, name?: string, text: boolean, stated?: string }} Input
 */

/** Nodes in one message: cloning them into the main thread stays far under a 50 ms task. */
const NODES_PER_MESSAGE = 400;

/** @type {Map<number, AbortController>} */
const running = new Map();
/** @type {Map<number, import("./types.js").Node[]>} */
const waiting = new Map();

/**
 * Errors lose their fields on the way between threads, so they travel as data.
 * @param {any} error
 */
const failure = (error) => ({
	error: {
		code: isTrap(error) ? "broken-down" : error?.code,
		message: isTrap(error) ? `the program broke down on this input: ${error.message}` : String(error?.message ?? error),
		retryAfter: error?.retryAfter,
	},
});

/** Whether the wasm module stopped where it stood: nothing in it can be relied on any more. @param {unknown} error */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/**
 * @param {number} job
 * @param {(signal: AbortSignal) => Promise<import("./types.js").Report>} work
 */
async function run(job, work) {
	const controller = new AbortController();
	running.set(job, controller);
	try {
		const { nodes, ...head } = await work(controller.signal);
		if (controller.signal.aborted) throw controller.signal.reason;
		waiting.set(job, nodes);
		return { head };
	} catch (error) {
		return failure(error);
	} finally {
		running.delete(job);
	}
}

export const remote = {
	/** Loads what the first reference will need. */
	async prepare() {
		await inspecting();
	},

	/** @param {string} text */
	async parseReference(text) {
		try {
			return { value: (await inspecting()).parseReference(text) };
		} catch (error) {
			return failure(error);
		}
	},

	/**
	 * @param {number} job
	 * @param {string} reference
	 * @param {InspectOptions} options
	 * @param {(event: ProgressEvent) => void} onProgress
	 */
	inspect(job, reference, options, onProgress) {
		return run(job, async (signal) => (await inspecting()).inspect(reference, options, onProgress, signal));
	},

	/**
	 * How a blob is to be fetched, the first time or after a refusal.
	 * @param {string} reference
	 * @param {string} digest
	 * @param {InspectOptions} options
	 * @param {import("./layers/source.js").Refusal} [refusal]
	 */
	async blobRequest(reference, digest, options, refusal) {
		try {
			const { signal } = new AbortController();
			return { value: await (await inspecting()).blobRequest(reference, digest, options, refusal, () => {}, signal) };
		} catch (error) {
			return failure(error);
		}
	},

	/**
	 * @param {number} job
	 * @param {Input[]} inputs
	 * @param {OpenOptions} options
	 */
	open(job, inputs, options) {
		return run(job, async () => (await opening()).open(inputs, options));
	},

	/**
	 * The next nodes of a finished job; an empty list is the end.
	 * @param {number} job
	 */
	next(job) {
		const nodes = waiting.get(job) ?? [];
		const piece = nodes.splice(0, NODES_PER_MESSAGE);
		if (piece.length === 0) waiting.delete(job);
		return piece;
	},

	/** @param {number} job */
	abort(job) {
		running.get(job)?.abort();
		waiting.delete(job);
	},

	/**
	 * @param {string} digest
	 * @returns {Promise<Uint8Array | undefined>}
	 */
	async bytesOf(digest) {
		for (const module of loaded) {
			const bytes = module.bytesOf(digest);
			if (bytes) return bytes;
		}
		return undefined;
	},
};

/** @typedef {typeof remote} Remote */
