// Report -> www. Runs the core's jobs, in the worker or in Node, and hands a report over in pieces.

import { asData } from "../lib/coded.js";
import { comparisons } from "./compare/comparisons.js";
import { comparing, explaining, finding, inspecting, judging, loaded, opening } from "./core.js";
import { contents } from "./entry-contents.js";
import { findings } from "./findings.js";
import { judgements } from "./judgements.js";
import { texts } from "./texts.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {{ proxy?: string, platform?: string, credentials?: import("../types.js").Credential[], all?: boolean }} InspectOptions
 * @typedef {{ expected?: string, mediaType?: string, name?: string }} OpenOptions
 * @typedef {{ bytes: Uint8Array, name?: string, text: boolean, stated?: string }} Input
 * @typedef {object} ArchiveSource a tar (`index`, `size`) or a folder (`files`), and who has the bytes of its entries
 * @property {Uint8Array} [index] @property {number} [size] @property {string} [digest]
 * @property {{ path: string, size: number }[]} [files]
 * @property {Blob} [file] a tar that is not compressed
 * @property {Map<number, Uint8Array>} [kept] contents of a compressed one, by entry
 * @property {boolean} [isFull] whether more of them are asked for if they are missing
 * @property {Blob} [packed] the compressed one
 * @property {Blob[]} [blobs] the folder's files
 */

/** Nodes in one message: cloning them into the main thread stays far under a 50 ms task. */
const NODES_PER_MESSAGE = 400;

/** @type {Map<number, AbortController>} */
const running = new Map();
/** The nodes of finished jobs: a list, or what the module still has to write. @type {Map<number, import("../types.js").Node[] | import("./pkg/stowplan.js").Nodes>} */
const waiting = new Map();

/** @param {number} job */
function forget(job) {
	const nodes = waiting.get(job);
	if (nodes && !Array.isArray(nodes)) nodes.free();
	waiting.delete(job);
}

/**
 * Errors lose their fields on the way between threads, so they travel as data.
 * @param {any} error
 */
const failure = (error) => {
	const data = asData(error);
	if (!isTrap(error)) return { error: data };
	return { error: { code: "broken-down", message: `the program broke down on this input: ${data.message}` } };
};

/** True if the wasm module stopped where it stood: it cannot be relied on any more. @param {unknown} error */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/**
 * @param {number} job
 * @param {(signal: AbortSignal) => Promise<any>} work a report
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

/** @template T @param {() => T | Promise<T>} work */
async function answer(work) {
	try {
		return { value: await work() };
	} catch (error) {
		return failure(error);
	}
}

/** An answer that an abort of its job ends. @template T @param {number} job @param {(signal: AbortSignal) => Promise<T>} work */
function stoppable(job, work) {
	const controller = new AbortController();
	running.set(job, controller);
	return answer(() => work(controller.signal)).finally(() => running.delete(job));
}

export const remote = {
	/** Loads what the first reference will need. */
	async prepare() {
		await inspecting();
	},

	/** @param {string} text @param {boolean} [freely] also what people write instead of a reference */
	parseReference(text, freely) {
		const read = freely ? "readReference" : "parseReference";
		return answer(async () => (await inspecting())[read](text));
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
	 * The request for a blob, the first time or after a refusal.
	 * @param {string} reference
	 * @param {string} digest
	 * @param {InspectOptions} options
	 * @param {import("./layers/source.js").Refusal} [refusal]
	 * @param {(event: ProgressEvent) => void} [onRequest]
	 */
	blobRequest(reference, digest, options, refusal, onRequest = () => {}) {
		const { signal } = new AbortController();
		const ask = async () => (await inspecting()).blobRequest(reference, digest, options, refusal, onRequest, signal);
		return answer(ask);
	},

	...texts(opening, answer),

	/**
	 * Asks the registry by HEAD what it serves under one name.
	 * @param {number} job
	 * @param {string} reference
	 * @param {InspectOptions} options
	 * @param {(event: ProgressEvent) => void} onProgress
	 */
	checkPin(job, reference, options, onProgress) {
		return stoppable(job, async (signal) => (await inspecting()).checkPin(reference, options, onProgress, signal));
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
	 * An archive that was listed, or a folder; a head without a schema if it holds no images. `asked` is how much of
	 * which entries the report takes, of an archive that could not be kept whole.
	 * @param {number} job
	 * @param {ArchiveSource} source
	 * @param {OpenOptions} options
	 * @param {(event: ProgressEvent) => void} onProgress
	 */
	openArchive(job, source, options, onProgress) {
		return run(job, async (signal) => {
			const { openArchive } = await opening();
			/** @type {Map<number, number>} */
			const asked = new Map();
			const found = await openArchive(source, contents(source, signal, asked), options, onProgress);
			return { ...(found ? { ...found.report, places: found.places } : /** @type {any} */ ({ nodes: [] })), asked };
		});
	},

	/** @param {"explainImage" | "recipes" | "inputOf" | "lookUp"} name @param {[any, any?]} question */
	explain(name, ...question) {
		return answer(async () => (await explaining())[name](...question));
	},

	...findings(finding, answer, stoppable),
	...judgements(judging, answer),
	...comparisons(comparing, { answer, stoppable, loaded }),

	/**
	 * The next nodes of a finished job; an empty list is the end.
	 * @param {number} job
	 */
	next(job) {
		const nodes = waiting.get(job) ?? [];
		/** @type {import("../types.js").Node[]} */
		const piece = Array.isArray(nodes) ? nodes.splice(0, NODES_PER_MESSAGE) : nodes.next(NODES_PER_MESSAGE);
		if (piece.length === 0) forget(job);
		return piece;
	},

	/** @param {number} job */
	abort(job) {
		running.get(job)?.abort();
		forget(job);
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
