// Report -> OCI layout tar. Plans the archive of an image, has a worker write it, and hands its pieces to a stream.

import { coded } from "../../lib/coded.js";
import { aborted, workersFor } from "../layers/pool.js";
import { planned } from "./archive-entries.js";
import { treeOf } from "./plan.js";

export { planned };

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").SaveOptions} SaveOptions
 * @typedef {import("../../types.js").SavedImage} SavedImage
 * @typedef {object} Session what the API gives
 * @property {(digest: string) => Promise<Uint8Array | undefined>} bytesOf
 * @property {(reference: string, options: any) => Promise<Report>} inspect
 * @property {(digest: string, refusal?: import("../layers/source.js").Refusal) => Promise<any>} authorise
 * @property {(report: Report, options: import("../../types.js").VerifyOptions) => Promise<Report>} verify
 * @typedef {(reader: any, id: number, authorise: any, onState: any, signal?: AbortSignal) => Promise<void>} Begin
 */

let jobs = 0;

/**
 * Writes the archive.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 * @returns {Promise<SavedImage & { stream?: ReadableStream<Uint8Array> }>} `stream` if no `to` was given
 */
export async function saveImage(report, options, session) {
	if (options.signal?.aborted) throw aborted();
	const { facts, entries } = await planned(await withLayers(report, options, session), options, session);
	/** @type {Begin} */
	const begin = (reader, id, authorise, onState, signal) => reader.pack({ id, entries }, authorise, onState, signal);
	return delivered(begin, facts.size, facts, options, session);
}

/**
 * Writes what a worker makes to where it was asked for, or gives it as a stream beside the facts.
 * @template T
 * @param {Begin} begin @param {number} total @param {T} facts
 * @param {Pick<SaveOptions, "to" | "signal" | "onProgress">} options @param {Pick<Session, "authorise">} session
 * @returns {Promise<T | (T & { stream: ReadableStream<Uint8Array> })>}
 */
export async function delivered(begin, total, facts, options, session) {
	if (options.to) {
		await written(begin, total, options.to, options, session);
		return facts;
	}
	const { readable, writable } = new TransformStream();
	// A failure reaches the reader through the stream.
	written(begin, total, writable, options, session).catch(() => {});
	return { ...facts, stream: readable };
}

/** The layers of a `docker save` have no digests before they are read. @param {Report} report @param {SaveOptions} options @param {Session} session */
async function withLayers(report, options, { verify }) {
	const open = treeOf(report, options).blobs.filter(({ digest }) => digest === "");
	if (open.length === 0) return report;
	const total = open.reduce((sum, { size }) => sum + (size ?? 0), 0);
	/** @type {Map<string, number>} */
	const done = new Map();
	const onProgress = (/** @type {import("../../types.js").LayerProgress} */ { id, bytes }) => {
		done.set(id, bytes);
		const sum = [...done.values()].reduce((all, one) => all + one, 0);
		options.onProgress?.({ type: "save", state: "hashing", bytes: Math.min(sum, total), total });
	};
	return verify(report, { layers: open.map(({ id }) => id), signal: options.signal, onProgress });
}

/**
 * @param {Begin} begin @param {number} total @param {WritableStream<Uint8Array>} to
 * @param {Pick<SaveOptions, "signal" | "onProgress">} options @param {Pick<Session, "authorise">} session
 */
async function written(begin, total, to, { signal, onProgress = () => {} }, { authorise }) {
	const writer = to.getWriter();
	const pool = workersFor();
	let bytes = 0;
	const tell = (/** @type {"writing" | "resuming"} */ state, /** @type {string} */ reason = "") =>
		onProgress({ type: "save", state, bytes, total, ...(reason && { reason }) });
	const onState = (/** @type {"reading" | "resuming"} */ state, /** @type {string | undefined} */ reason) =>
		tell(state === "resuming" ? "resuming" : "writing", reason);
	try {
		tell("writing");
		await pool.ready();
		await pool.use(1, signal, async ([worker]) => {
			const { reader, handOver, local } = /** @type {import("../layers/pool.js").PoolWorker} */ (worker);
			const id = ++jobs;
			await begin(reader, id, handOver(authorise), handOver(onState), local ? signal : undefined);
			// One piece is made while the one before is written.
			for (let next = reader.packed(id); ; ) {
				const { piece, error } = await next;
				if (error) {
					const { code = "broken-down", message, ...said } = error;
					throw coded(code, message, said);
				}
				if (!piece) return;
				next = reader.packed(id);
				next.catch(() => {});
				await writer.write(piece).catch((/** @type {any} */ error) => {
					throw signal?.aborted
						? aborted()
						: coded("cannot-write", `the archive could not be written: ${error?.message ?? error}`);
				});
				bytes += piece.length;
				tell("writing");
			}
		});
		await writer.close();
	} catch (/** @type {any} */ error) {
		const told = signal?.aborted ? aborted() : error;
		await writer.abort(told).catch(() => {});
		throw told;
	}
}
