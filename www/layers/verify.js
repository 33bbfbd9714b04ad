// Line: Report -> layers -> Report. Reads the layers of an image over a few workers and puts the verdicts into the report.

import { transfer } from "comlink";
import { remember } from "./memory.js";
import { imagesOf, layersOf, specOf, withNodes, withVerdict } from "./merge.js";
import { aborted, Pool, usual } from "./pool.js";
import { harmless, teller } from "./progress.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").LayerVerdict} LayerVerdict
 * @typedef {import("./read.js").Job & { id: number }} Job
 * @typedef {{ spec: import("../types.js").LayerSpec, nodes: Node[], size: number, first?: Promise<any> }} Task layers with the
 *   same bytes and claims; `first`: how its blob is asked for, found out while workers are busy with others
 * @typedef {{ verdict: LayerVerdict, index?: Uint8Array, entries: import("../types.js").LayerEntry[] }} Outcome
 * @typedef {(digest: string, refusal?: import("./source.js").Refusal) => Promise<any>} Authorise
 */

/** From this compressed size on, in bytes, a layer is worth two workers. */
const SPLIT = 4 * 1024 * 1024;

/** How many entries of a layer its node lists, unless the caller says otherwise. */
const ENTRIES = 50_000;

/** By their size: who asks for another number of workers finds those of before still warm. @type {Map<number, Pool>} */
const pools = new Map();
let jobs = 0;

/** The workers, as many as asked for. @param {number} [workers] */
export function workersFor(workers = usual()) {
	const pool = pools.get(workers) ?? new Pool(workers);
	pools.set(workers, pool);
	return pool;
}

/**
 * @param {Report} report @param {import("../types.js").VerifyOptions} options @param {Authorise} authorise
 * @param {Map<string, Uint8Array | Blob>} [atHand] blobs that need not be fetched, by digest
 * @returns {Promise<Report>}
 */
export async function verifyLayers(report, options, authorise, atHand) {
	const { signal, onLayer = () => {} } = options;
	if (signal?.aborted) throw aborted();
	const pool = workersFor(options.workers);
	const tasks = tasksOf(report, options);
	for (const task of tasks) teller(task, options.onProgress).state("waiting");
	/** @type {Map<string, Node>} */
	const changed = new Map();
	const work = async (/** @type {Task} */ task, /** @type {number} */ workers) => {
		const outcome = await attempt(task, workers, { pool, options, authorise, atHand });
		await remember(task.spec, outcome, options.cache !== false);
		for (const node of task.nodes) {
			const found = withVerdict(node, outcome.verdict, outcome.entries);
			changed.set(node.id, found);
			harmless(() => onLayer(found));
		}
	};
	const prepare = (/** @type {Task} */ task) => {
		if (atHand?.has(task.spec.digest ?? "")) return;
		task.first ??= authorise(task.spec.digest ?? "");
		task.first.catch(() => {});
	};
	await schedule(tasks, pool, { prepare, work }, signal);
	const whole = withNodes(report, changed.values());
	return withNodes(whole, await chained(whole, changed, pool));
}

/** Layers with the same bytes and the same claims are read once. @param {Report} report @param {import("../types.js").VerifyOptions} options */
export function tasksOf(report, { layers, limits }) {
	const wanted = layers ? report.nodes.filter(({ id }) => layers.includes(id)) : layersOf(report);
	/** @type {Map<string, Task>} */
	const tasks = new Map();
	for (const node of wanted) {
		const spec = specOf(node, { limits });
		const key = JSON.stringify(spec);
		const task = tasks.get(key) ?? { spec, nodes: [], size: spec.size ?? 0 };
		task.nodes.push(node);
		tasks.set(key, task);
	}
	return [...tasks.values()];
}

/**
 * The largest first, so that none is left alone at the end; two workers for a large one where more are idle than needed.
 * @param {Task[]} tasks @param {Pool} pool
 * @param {{ prepare: (task: Task) => void, work: (task: Task, workers: number) => Promise<void> }} how @param {AbortSignal | undefined} signal
 */
async function schedule(tasks, pool, { prepare, work }, signal) {
	const waiting = tasks.toSorted((one, other) => other.size - one.size);
	/** @type {unknown} */
	let failure;
	const running = new Set();
	while (waiting.length > 0 && !failure) {
		if (waiting[0]) prepare(waiting[0]);
		await pool.ready(signal);
		if (failure || signal?.aborted) break;
		const two = pool.idle > waiting.length && (waiting[0]?.size ?? 0) >= SPLIT;
		const task = /** @type {Task} */ (waiting.shift());
		const job = work(task, two ? 2 : 1)
			.catch((error) => {
				failure ??= error;
			})
			.finally(() => running.delete(job));
		running.add(job);
	}
	await Promise.all(running);
	if (failure) throw failure;
	if (signal?.aborted) throw aborted();
}

/**
 * One try, and one more in a new worker where the first broke down.
 * @param {Task} task @param {number} workers
 * @param {{ pool: Pool, options: import("../types.js").VerifyOptions, authorise: Authorise, atHand?: Map<string, Uint8Array | Blob> }} context
 * @returns {Promise<Outcome>}
 */
async function attempt(task, workers, { pool, options, authorise, atHand }) {
	const { signal, onProgress, entries = ENTRIES } = options;
	const tell = teller(task, onProgress);
	const job = { id: ++jobs, spec: task.spec, entries, bytes: atHand?.get(task.spec.digest ?? "") };
	const ask = authorise.bind(null, task.spec.digest ?? "");
	const hooks = { authorise: ask, onState: tell.state, onCount: tell.count };
	tell.state("reading");
	for (let tries = 1; ; tries++) {
		try {
			const outcome = await pool.use(tries === 1 ? workers : 1, signal, async (lent) => {
				// What was found out in advance saves the worker a question.
				const first = tries === 1 ? await task.first?.catch(() => undefined) : undefined;
				return readWith(lent, { ...job, first }, hooks, signal);
			});
			tell.end(outcome.verdict);
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
			const { verdict } = await pool.use(1, signal, ([hand]) =>
				/** @type {any} */ (hand).reader.unreadable(job, reason),
			);
			tell.end(verdict);
			return { verdict, entries: [] };
		}
	}
}

/**
 * @param {import("./pool.js").Hand[]} hands one for the whole job, or two for a half each
 * @param {Job} job @param {any} hooks @param {AbortSignal} [signal]
 * @returns {Promise<Outcome>}
 */
async function readWith([first, second], job, hooks, signal) {
	const { reader, handOver, local } = /** @type {import("./pool.js").Hand} */ (first);
	const calls = /** @type {[any, any, any, any]} */ ([
		...["authorise", "onState", "onCount"].map((name) => handOver(hooks[name])),
		local ? signal : undefined,
	]);
	const last = /** @type {import("./pool.js").Hand} */ (second ?? first);
	const [found, memory] = second ? await halves(reader, second.reader, job, calls) : [await reader.read(job, ...calls)];
	/** @type {import("./pool.js").Hand} */ (first).memory = memory;
	last.memory = found.memory;
	const { verdict, index, entries } = found;
	for (;;) {
		if (entries.length >= (verdict.entryCount ?? 0) || entries.length >= job.entries)
			return { verdict, index, entries };
		const piece = await last.reader.next(job.id);
		if (piece.length === 0) return { verdict, index, entries };
		entries.push(...piece);
	}
}

/**
 * @param {import("../data-worker.js").Reader} front @param {import("../data-worker.js").Reader} back
 * @param {Job} job @param {[any, any, any, any]} calls
 */
async function halves(front, back, job, calls) {
	const { port1, port2 } = new MessageChannel();
	const there = back.back(job, transfer(port2, [port2]));
	// A half that fails must not leave the other waiting.
	const here = front.front(job, transfer(port1, [port1]), ...calls);
	return Promise.all([there, here]);
}

/** The ChainIDs of images whose layers were read from the lowest on. @param {Report} report @param {Map<string, Node>} changed @param {Pool} pool */
async function chained(report, changed, pool) {
	const nodes = [];
	for (const layers of imagesOf(report, changed.values())) {
		const known = layers.slice(
			0,
			[...layers, { read: false }].findIndex(({ read }) => !read),
		);
		const diffIds = known.map(({ diffId }) => diffId ?? "");
		if (diffIds.length === 0) continue;
		const ids = await pool.use(1, undefined, ([hand]) => /** @type {any} */ (hand).reader.chainIds(diffIds));
		nodes.push(...known.map((node, at) => (ids[at] ? { ...node, chainId: ids[at] } : node)));
	}
	return nodes;
}
