// indexes -> www/engine/compare -> ComparedFiles. The files of two images, joined in a worker of their own.

import { aborted, talk } from "../layers/pool.js";

/**
 * @typedef {import("../layers/memory.js").Known} Known
 * @typedef {{ layers: Known[], system?: string }} Side its layers, the lowest first, and the operating system
 */

/**
 * @param {[Side, Side]} sides @param {{ a: number, b: number }[]} shared positions of layers that are the same tar
 * @param {AbortSignal} [signal] @param {typeof import("../layers/pool.js").startPoolWorker} [startWorker]
 * @returns {Promise<{ facts: import("./compare-images.js").FileFacts, files: import("./compare-images.js").ComparedFilesHandle }>}
 */
export async function createComparer(sides, shared, signal, startWorker) {
	const worker = await talk("compareFiles", startWorker);
	let closed = false;
	/** @param {string} name @param {any[]} given @returns {Promise<any>} */
	const call = async (name, ...given) => {
		if (closed) throw aborted();
		return worker.ask(name, ...given);
	};
	const close = () => {
		if (closed) return;
		closed = true;
		signal?.removeEventListener("abort", close);
		worker.close();
	};
	if (signal?.aborted) throw aborted();
	signal?.addEventListener("abort", close, { once: true });
	try {
		for (const [side, { layers, system }] of sides.entries()) {
			for (const { position, index } of layers) await call("add", side, position, index);
			if (system) await call("setSystem", side, system);
		}
		await call("share", shared);
		const facts = await call("build");
		const { added, removed, changed, renamed, sizeA, sizeB } = facts;
		const files = {
			...{ added, removed, changed, renamed, sizeA, sizeB },
			rows: (/** @type {import("./compare-images.js").RowQuery} */ query = {}) => call("rows", query),
			count: (/** @type {import("./compare-images.js").RowQuery} */ query = {}) => call("count", query),
			tree: (path = "", /** @type {number | undefined} */ most = undefined) => call("tree", path, most),
			growth: (most = 3) => call("growth", most),
			close,
		};
		return { facts, files };
	} catch (error) {
		close();
		throw error;
	}
}
