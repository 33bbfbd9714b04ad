// tasks -> verdicts. The layers of one compressed archive, which has no places to go to, in one pass over it.

import { aborted } from "../layers/pool.js";
import { teller } from "../layers/progress.js";
import { ENTRIES, readLayer } from "../layers/read-layer.js";
import { isPackedEntry } from "./places.js";

/**
 * @typedef {import("../layers/verify.js").Task} Task
 * @typedef {import("../layers/verify.js").Outcome} Outcome
 * @typedef {import("../layers/verify.js").Context} Context
 * @typedef {import("./list.js").Proof} Proof
 */

/**
 * Layers of one compressed archive are one task: who reads the last of them has gone by all others. A pass reads each
 * entry once; if nodes make several claims about one, each further claim is in a pass with all others of its turn.
 * @param {Task[]} tasks @param {Map<number, Proof>} [proofs] what they have in them need not be read
 */
export function together(tasks, proofs) {
	/** @type {Map<Blob, Task[]>} */
	const passes = new Map();
	/** @type {Map<Blob, Map<number, number>>} */
	const turns = new Map();
	const alone = [];
	for (const task of tasks) {
		const { bytes } = task;
		if (!isPackedEntry(bytes) || proofOf(task, proofs)) {
			alone.push(task);
			continue;
		}
		const claims = turns.get(bytes.file) ?? new Map();
		const turn = claims.get(bytes.entry) ?? 0;
		turns.set(bytes.file, claims.set(bytes.entry, turn + 1));
		const all = passes.get(bytes.file) ?? [];
		all[turn] ??= { spec: {}, nodes: [], size: bytes.file.size, together: [] };
		all[turn].together?.push(task);
		passes.set(bytes.file, all);
	}
	return [...[...passes.values()].flat(), ...alone];
}

/**
 * Reads the layers of a compressed archive in one pass, in one worker; if the program breaks down on it, each is read
 * alone, for only one of them may be to blame.
 * @param {Task[]} tasks @param {Context} context @param {(task: Task, outcome: Outcome) => Promise<void>} judged
 */
export async function passOver(tasks, { pool, options, authorise }, judged) {
	const { signal, onProgress, limits, entries = ENTRIES } = options;
	const entryOf = (/** @type {Task} */ { bytes }) => (isPackedEntry(bytes) ? bytes.entry : -1);
	const [first] = tasks;
	if (!first || !isPackedEntry(first.bytes)) return;
	const { file, limits: own } = first.bytes;
	const wanted = tasks.map((task) => [entryOf(task), task.spec]);
	const job = { file, wanted, entries, limits: { ...own, ...limits } };
	const tellers = new Map(tasks.map((task) => [task, teller(task, onProgress)]));
	for (const tell of tellers.values()) tell.state("reading");
	/** @param {number} bytes of the file so far */
	const onCount = (bytes) => {
		const done = bytes / Math.max(1, job.file.size);
		for (const [task, tell] of tellers) tell.count({ bytes: Math.floor(done * task.size), unpacked: 0 });
	};
	/** @type {(Outcome & { entry: number })[]} */
	let found = [];
	try {
		found = await pool.use(1, signal, ([worker]) => {
			const { reader, handOver, local } = /** @type {import("../layers/pool.js").PoolWorker} */ (worker);
			return reader.pass(/** @type {any} */ (job), handOver(onCount), local ? signal : undefined);
		});
	} catch (/** @type {any} */ error) {
		if (signal?.aborted) {
			for (const tell of tellers.values()) tell.state("cancelled");
			throw aborted();
		}
		const reason = `the program broke down on this archive: ${error?.message ?? error}`;
		for (const tell of tellers.values()) tell.again(reason);
	}
	const outcomes = new Map(found.map((outcome) => [outcome.entry, outcome]));
	for (const [task, tell] of tellers) {
		const outcome = outcomes.get(entryOf(task));
		if (outcome) tell.end(outcome.verdict);
		await judged(task, outcome ?? (await readLayer(task, 1, { pool, options, authorise })));
	}
}

/**
 * The proof of an entry from listing its archive; none if a fact had to be known beforehand: the algorithm of its digest,
 * or that its files are held against a table of contents.
 * @param {Task} task @param {Map<number, Proof>} [proofs]
 */
export function proofOf({ bytes, spec: { digest, diffId, annotations = [] } }, proofs) {
	const isUsual =
		[digest, diffId].every((one) => !one || one.startsWith("sha256:")) &&
		!annotations.some(([name]) => /zstd-chunked|stargz\/toc\.digest$/.test(name));
	return isUsual && isPackedEntry(bytes) ? proofs?.get(bytes.entry) : undefined;
}

/** The verdict over that. @param {Task} task @param {Proof} proof @param {Context} context @returns {Promise<Outcome>} */
export async function proven({ spec }, { halves, index, entries }, { pool, options }) {
	const verdict = await pool.use(1, options.signal, ([worker]) =>
		/** @type {import("../layers/pool.js").PoolWorker} */ (worker).reader.verdict(spec, halves),
	);
	return { verdict, index, entries };
}
