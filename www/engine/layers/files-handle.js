// indexes -> www/engine/layers -> FilesHandle. The files of an image over the layers known so far, in a worker of their own.

import { coded } from "../../lib/coded.js";
import { aborted, startPoolWorker } from "./pool.js";

/**
 * @typedef {import("../../views/files/contract.js").FilesHandle} FilesHandle
 * @typedef {import("../../views/files/contract.js").FilesQuery} FilesQuery
 * @typedef {import("./memory.js").Known} Known
 * @typedef {Omit<Known, "index" | "name">} Explored
 */

/** The time that a regular expression may take over all paths, in milliseconds: some never end. */
const PATIENCE = 3000;

let explorers = 0;

/**
 * @param {{ known: () => Promise<Known[]>, system?: string, signal?: AbortSignal, patience?: number, startWorker?: typeof startPoolWorker }} parts
 * @returns {Promise<FilesHandle & { layers: Explored[], update: () => Promise<boolean>, close: () => void }>}
 */
export async function createExplorer({ known, system, signal, patience = PATIENCE, startWorker = startPoolWorker }) {
	const id = ++explorers;
	/** @type {Explored[]} */
	let layers = [];
	/** The name of each layer. @type {Map<number, string | undefined>} */
	const names = new Map();
	/** @type {Promise<import("./pool.js").PoolWorker> | undefined} */
	let worker;
	/** @type {FilesQuery} */
	let last = { view: "image" };
	let closed = false;

	/** @param {string} name @param {any[]} given @returns {Promise<any>} */
	const call = async (name, ...given) => {
		if (closed) throw aborted();
		worker ??= Promise.resolve(startWorker());
		const { reader, died, end } = await worker;
		return Promise.race([reader.explore(id, name, given), died]).catch((error) => {
			if (error?.name !== "RuntimeError") throw error;
			// A module that trapped is not asked again; the layers are taken in anew by the next update.
			end();
			worker = undefined;
			layers = [];
			throw coded("broken-down", "the program broke down on these files");
		});
	};

	/** The thread with all that it knew goes, and a new one learns it again. */
	const anew = async () => {
		const before = worker;
		worker = undefined;
		(await before)?.end();
		layers = [];
		await update();
		await call("query", last);
	};

	/** Takes in the layers that were read meanwhile, or turned out to be others. @returns {Promise<boolean>} whether there were any */
	const update = async () => {
		const news = (await known()).filter(
			({ position, name }) => !layers.some((layer) => layer.position === position && names.get(position) === name),
		);
		for (const { index, name, ...about } of news) {
			await call("add", about.position, index);
			if (system && layers.length === 0) await call("setSystem", system);
			names.set(about.position, name);
			const others = layers.filter(({ position }) => position !== about.position);
			layers = [...others, about].sort((one, other) => one.position - other.position);
		}
		return news.length > 0;
	};

	/** @param {FilesQuery} asked */
	const query = async (asked) => {
		const view = asked.path?.how === "regex" ? await watched(asked) : await call("query", asked);
		last = asked;
		return view;
	};

	/** @param {FilesQuery} asked */
	const watched = async (asked) => {
		/** @type {any} */
		let timer;
		const late = new Promise((resolve) => {
			timer = setTimeout(resolve, patience, LATE);
		});
		const found = await Promise.race([call("query", asked).catch(wrongPattern), late]).finally(() =>
			clearTimeout(timer),
		);
		if (found !== LATE) return found;
		await anew();
		throw coded("pattern-too-slow", `the expression took more than ${patience / 1000} seconds on these paths`);
	};

	const close = () => {
		closed = true;
		signal?.removeEventListener("abort", close);
		worker?.then(
			({ reader, local, end }) => {
				if (local) void reader.explore(id, "close", []);
				end();
			},
			() => {},
		);
	};
	if (signal?.aborted) throw aborted();
	signal?.addEventListener("abort", close, { once: true });
	await update();
	return {
		get layers() {
			return layers;
		},
		query,
		rows: call.bind(null, "rows"),
		toggle: call.bind(null, "toggle"),
		openAll: call.bind(null, "openAll"),
		find: call.bind(null, "find"),
		detail: call.bind(null, "detail"),
		findings: call.bind(null, "findings"),
		sizes: call.bind(null, "sizes"),
		treemap: call.bind(null, "treemap"),
		content: call.bind(null, "content"),
		brought: call.bind(null, "brought"),
		choose: call.bind(null, "choose"),
		changes: call.bind(null, "changes"),
		update,
		close,
	};
}

const LATE = Symbol("late");

/** @param {any} error */
function wrongPattern(error) {
	throw error?.name === "SyntaxError" ? coded("invalid-pattern", error.message) : error;
}
