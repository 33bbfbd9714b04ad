// blob bytes -> verdict. The data worker's entry: reads layers off the main thread. Node imports it as it is.

import { expose, transfer } from "comlink";
import { list, listBack } from "./engine/archives/list.js";
import { beginnings, pass } from "./engine/archives/pass.js";
import { moreCalls } from "./engine/artifacts/worker-calls.js";
import { compareFiles } from "./engine/compare/joined-files.js";
import { collect, collectWhile, pick } from "./engine/compare/pick.js";
import { reading } from "./engine/core.js";
import { explore } from "./engine/layers/image-files.js";
import { back, extract, front, read } from "./engine/layers/read.js";
import { asData } from "./lib/coded.js";

/**
 * @typedef {import("./engine/layers/read.js").Job & { id: number }} Job
 * @typedef {import("./engine/layers/read.js").Hooks} Hooks
 * @typedef {import("./engine/layers/read.js").Read} Read
 */

/** Entries in one message: cloning them into the main thread stays far under a 50 ms task. */
const ENTRIES_PER_MESSAGE = 2000;

/** Entries that were not asked for yet, by job. @type {Map<number | string, import("./types.js").LayerEntry[]>} */
const waiting = new Map();

/** Archives that are being written, by job. @type {Map<number, AsyncGenerator<Uint8Array<ArrayBuffer>>>} */
const packing = new Map();

export const reader = {
	/** Loads the module. */
	async prepare() {
		await reading();
	},

	/**
	 * Callbacks stand by themselves, since only arguments become callable across threads.
	 * @param {Job} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState
	 * @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only
	 */
	async read(job, authorise, onState, onCount, signal) {
		return keep(job, await read(job, { authorise, onState, onCount, signal }));
	},

	/**
	 * @param {Job} job @param {MessagePort} port @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState
	 * @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal]
	 */
	async front(job, port, authorise, onState, onCount, signal) {
		await front(job, port, { authorise, onState, onCount, signal });
		return memory();
	},

	/** @param {Job} job @param {MessagePort} port */
	async back(job, port) {
		return keep(job, await back(job, port));
	},

	/**
	 * @param {import("./engine/layers/read.js").Job & { at: number, most: number }} job @param {Hooks["authorise"]} authorise
	 * @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount
	 * @param {(content: import("./types.js").Content) => void} onContent @param {AbortSignal} [signal]
	 */
	async extract(job, authorise, onState, onCount, onContent, signal) {
		return extract(job, { authorise, onState, onCount, onContent, signal });
	},

	/** @param {import("./engine/archives/list.js").Job & { id: number }} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] */
	async list({ id, ...job }, onCount, signal) {
		return handed(id, await list(job, onCount, signal));
	},

	/** @param {import("./engine/archives/list.js").Job & { id: number }} job @param {MessagePort} port */
	async listBack({ id, ...job }, port) {
		return handed(id, await listBack(job, port));
	},

	/** Over what both halves of reading a layer found out. @param {import("./types.js").LayerSpec} spec @param {[unknown, unknown]} halves */
	async verdict(spec, [unpacked, tarFacts]) {
		return (await reading()).verdict(spec, unpacked, tarFacts);
	},

	/** @param {Parameters<typeof beginnings>[0]} job @param {AbortSignal} [signal] */
	async entries(job, signal) {
		const found = await beginnings(job, signal);
		return transfer(
			found,
			found.map(([, { buffer }]) => buffer),
		);
	},

	/** @param {import("./engine/archives/pass.js").Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] */
	async pass(job, onCount, signal) {
		const found = await pass(job, onCount, signal);
		return transfer(
			found,
			found.flatMap(({ index }) => (index ? [index.buffer] : [])),
		);
	},

	/** @param {Job} job @param {string} reason */
	async unreadable(job, reason) {
		const { unreadable } = await reading();
		return { verdict: unreadable(job.spec, reason) };
	},

	/** The next entries of a layer that was read; an empty list is the end. @param {number | string} id @returns {Promise<import("./types.js").LayerEntry[]>} */
	async next(id) {
		const left = waiting.get(id) ?? [];
		const piece = left.splice(0, ENTRIES_PER_MESSAGE);
		if (left.length === 0) waiting.delete(id);
		return piece;
	},

	explore,

	compareFiles,

	collectPackages: collect,

	/** As `read`, with what may say something of packages. @param {any} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only */
	async collect(job, authorise, onState, onCount, signal) {
		const { contents, ...found } = await collectWhile(job, { authorise, onState, onCount, signal });
		return { ...(await keep(job, found)), contents };
	},

	/** Several files of a layer, while it is proved again. @param {import("./engine/compare/pick.js").PickJob} job @param {Hooks["authorise"]} authorise @param {Hooks["onState"]} onState @param {Hooks["onCount"]} onCount @param {AbortSignal} [signal] in Node only */
	async pick(job, authorise, onState, onCount, signal) {
		const found = await pick(job, { authorise, onState, onCount, signal });
		return transfer(
			found,
			found.contents.map(([, { buffer }]) => buffer),
		);
	},

	...moreCalls,

	/**
	 * Begins to write an archive; its pieces are asked for one by one.
	 * @param {import("./engine/saving/pack.js").Packing & { id: number }} job
	 * @param {import("./engine/saving/pack.js").Hooks["authorise"]} authorise @param {import("./engine/saving/pack.js").Hooks["onState"]} onState
	 * @param {AbortSignal} [signal] in Node only
	 */
	async pack(job, authorise, onState, signal) {
		const { pack } = await import("./engine/saving/pack.js");
		packing.set(job.id, pack(job, { authorise, onState, signal }));
	},

	/** A tar of entries of layers, in the same way. @param {{ slices: import("./engine/saving/pack-tar.js").Slice[], id: number }} job @param {any} authorise @param {any} onState @param {AbortSignal} [signal] in Node only */
	async packTar(job, authorise, onState, signal) {
		const { packTar } = await import("./engine/saving/pack-tar.js");
		packing.set(job.id, packTar(job, { authorise, onState, signal }));
	},

	/**
	 * The next piece of an archive, none at its end; errors are data, since a thrown one loses its code on the way.
	 * @param {number} id
	 * @returns {Promise<{ piece?: Uint8Array<ArrayBuffer>, error?: import("./lib/coded.js").ErrorData }>}
	 */
	async packed(id) {
		try {
			const { value: piece, done } = (await packing.get(id)?.next()) ?? { done: true };
			if (done) packing.delete(id);
			return piece ? transfer({ piece }, [piece.buffer]) : {};
		} catch (/** @type {any} */ error) {
			packing.delete(id);
			return { error: asData(error) };
		}
	},

	/** The memory of this thread's module by now, in bytes. */
	memory,
};

/** @returns {Promise<number>} */
async function memory() {
	return (await reading()).memoryBytes();
}

/** @param {Job} job @param {Read} result */
async function keep({ id }, { verdict, index, entries }) {
	const first = firstOf(id, entries);
	return transfer({ verdict, index, entries: first, memory: await memory() }, index ? [index.buffer] : []);
}

/** @param {number} id @param {import("./engine/archives/list.js").Listed} listed */
async function handed(id, listed) {
	const proofs = new Map(
		[...(listed.proofs ?? [])].map(([entry, proof]) => {
			return [entry, { ...proof, entries: firstOf(`${id} ${entry}`, proof.entries) }];
		}),
	);
	const lists = [...proofs.values(), listed].map(({ index }) => index.buffer);
	const entries = firstOf(id, listed.entries);
	const found = { ...listed, entries, ...(listed.proofs && { proofs }), memory: await memory() };
	return transfer(found, [...lists, ...[...listed.kept.values()].map(({ buffer }) => buffer)]);
}

/** The first entries come with the verdict: most layers have no more. @param {number | string} id @param {import("./types.js").LayerEntry[]} entries */
function firstOf(id, entries) {
	const first = entries.splice(0, ENTRIES_PER_MESSAGE);
	if (entries.length > 0) waiting.set(id, entries);
	return first;
}

if ("WorkerGlobalScope" in globalThis) expose(reader);

/** @typedef {typeof reader} Reader */
