// Reads the layers of an image over a few workers and puts the verdicts into the report.

import { formOf } from "../archives/file-kind.js";
import { passOver, proofOf, proven, together } from "../archives/packed.js";
import { isPackedEntry, placesOf } from "../archives/places.js";
import { isLeaf } from "./leaf.js";
import { remember } from "./memory.js";
import { imagesOf, leavesOf, specOf, withNodes, withVerdict } from "./merge.js";
import { aborted, workersFor } from "./pool.js";
import { harmless, teller } from "./progress.js";
import { readLayer } from "./read-layer.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").LayerVerdict} LayerVerdict
 * @typedef {import("./read.js").Job & { id: number }} Job
 * @typedef {{ spec: import("../../types.js").LayerSpec, nodes: Node[], size: number, first?: Promise<any>,
 *   bytes?: import("../archives/places.js").Bytes, bare?: boolean, together?: Task[] }} Task layers with the same bytes and claims;
 *   `first`: how its blob is asked for, found out while workers are busy with others; `bytes`: where it lies; `bare`: it
 *   is not compressed; `together`: those that one pass over a compressed archive reads
 * @typedef {{ verdict: LayerVerdict, index?: Uint8Array, entries: import("../../types.js").LayerEntry[], contents?: [number, Uint8Array][] }} Outcome
 * @typedef {{ pool: import("./pool.js").Pool, options: import("../../types.js").VerifyOptions, authorise: Authorise }} Context
 * @typedef {(digest: string, refusal?: import("./source.js").Refusal) => Promise<any>} Authorise
 */

/** From this compressed size on, in bytes, a layer is worth two workers; one that is not compressed is only hashed once. */
export const SPLIT = 4 * 1024 * 1024;

/**
 * @param {Report} report @param {import("../../types.js").VerifyOptions} options @param {Authorise} authorise
 * @param {Map<number, import("../archives/list.js").Proof>} [proofs] what is known of entries of the one archive that it is about
 * @returns {Promise<Report>}
 */
export async function verifyLayers(report, options, authorise, proofs) {
	const { signal, onLayer = () => {} } = options;
	if (signal?.aborted) throw aborted();
	const pool = workersFor(options.workers);
	const tasks = tasksOf(report, options);
	for (const task of tasks) teller(task, options.onProgress).state("waiting");
	/** @type {Map<string, Node>} */
	const changed = new Map();
	const judged = async (/** @type {Task} */ task, /** @type {Outcome} */ outcome) => {
		const nodes = task.nodes.map((node) => withVerdict(node, outcome.verdict, outcome.entries));
		if (nodes[0]) await remember(task.spec, outcome, task.nodes, nodes[0], options.cache !== false);
		options.collect?.take(nodes, outcome);
		for (const found of nodes) {
			changed.set(found.id, found);
			harmless(() => onLayer(found));
		}
	};
	const work = async (/** @type {Task} */ task, /** @type {number} */ workers) => {
		const context = { pool, options, authorise };
		if (task.together) return passOver(task.together, context, judged);
		const proof = proofOf(task, proofs);
		if (proof) return judged(task, await proven(task, proof, context));
		await judged(task, await readLayer(task, workers, context));
	};
	const prepare = async (/** @type {Task} */ task) => {
		if (task.together) return;
		task.bare ??= await isBare(task);
		if (task.bytes) return;
		task.first ??= authorise(task.spec.digest ?? "");
		task.first.catch(() => {});
	};
	await schedule(together(tasks, proofs), pool, { prepare, work }, signal);
	const whole = withNodes(report, changed.values());
	return withNodes(whole, await chained(whole, changed, pool));
}

/** True if a layer is an uncompressed tar: by its bytes, or while these are elsewhere by its media type. @param {Task} task */
async function isBare({ bytes, spec }) {
	if (!bytes) return /[.]tar$/.test(spec.mediaType ?? "");
	// If it cannot be read now, the reason is told when it is read.
	return !isPackedEntry(bytes) && (await formOf(bytes).catch(() => undefined)) === "tar";
}

/** True if it was read as far as it goes, and no claim about it is left open. @param {Node} node */
const isJudged = ({ read, checks }) =>
	read &&
	!checks.some(
		({ id, outcome, expected, reason }) =>
			id === "limits" || (outcome === "not-checked" && expected && reason !== "no-tar"),
	);

/**
 * Layers with the same bytes and the same claims are read once, and what was read when a file was opened is not read
 * again unless it is asked for: by its id, or with other caps.
 * @param {Report} report @param {import("../../types.js").VerifyOptions} options
 */
export function tasksOf(report, { layers, limits, contents }) {
	const places = placesOf(report);
	const isLeft = (/** @type {Node} */ node) => places?.has(node.id) && (limits || !isJudged(node));
	const all = places ? report.nodes.filter(isLeft) : leavesOf(report);
	const asked = layers && new Set(layers);
	const wanted = asked ? report.nodes.filter(({ id }) => asked.has(id)) : all;
	/** The claims about a blob, and the place of its bytes. @param {Node} node */
	const claimed = (node) => {
		const place = places?.get(node.id);
		const spec = specOf(node, { limits, contents }, place);
		return { spec, key: JSON.stringify([spec, place?.key]), bytes: place?.bytes };
	};
	/** @type {Map<string, Task>} */
	const tasks = new Map();
	for (const node of wanted) {
		const { spec, key, bytes } = claimed(node);
		const task = tasks.get(key) ?? { spec, nodes: [], size: spec.size ?? spec.length ?? 0, bytes };
		task.nodes.push(node);
		tasks.set(key, task);
	}
	// A proof of a blob holds for every node with the same claims: in another platform's image, too.
	const taken = new Set(wanted);
	for (const node of report.nodes) if (isLeaf(node) && !taken.has(node)) tasks.get(claimed(node).key)?.nodes.push(node);
	return [...tasks.values()];
}

/**
 * The largest first, so that none is left alone at the end; two workers for a large one if more are idle than needed.
 * @param {Task[]} tasks @param {import("./pool.js").Pool} pool
 * @param {{ prepare: (task: Task) => Promise<void>, work: (task: Task, workers: number) => Promise<void> }} how @param {AbortSignal | undefined} signal
 */
async function schedule(tasks, pool, { prepare, work }, signal) {
	const waiting = tasks.toSorted((one, other) => other.size - one.size);
	/** @type {unknown} */
	let failure;
	const running = new Set();
	while (waiting.length > 0 && !failure) {
		const task = /** @type {Task} */ (waiting[0]);
		await prepare(task);
		await pool.ready(signal);
		if (failure || signal?.aborted) break;
		const two = pool.idle > waiting.length && task.size >= SPLIT && !task.spec.blob && !task.bare;
		waiting.shift();
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

/** The ChainIDs of images whose layers were read from the lowest on. @param {Report} report @param {Map<string, Node>} changed @param {import("./pool.js").Pool} pool */
async function chained(report, changed, pool) {
	const nodes = [];
	for (const layers of imagesOf(report, changed.values())) {
		const known = layers.slice(
			0,
			[...layers, { read: false }].findIndex(({ read }) => !read),
		);
		const diffIds = known.map(({ diffId }) => diffId ?? "");
		if (diffIds.length === 0) continue;
		const ids = await pool.use(1, undefined, ([worker]) => /** @type {any} */ (worker).reader.chainIds(diffIds));
		nodes.push(...known.map((node, at) => (ids[at] ? { ...node, chainId: ids[at] } : node)));
	}
	return nodes;
}
