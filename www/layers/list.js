// Line: file -> entries. One file listed in this thread: read whole where it is small or compressed, else by its headers.

import { reading } from "../core.js";
import { part, slices } from "./slices.js";

/**
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").LayerEntry} LayerEntry
 * @typedef {{ file: Blob, whole: boolean, entries: number, limits?: import("../types.js").LayerLimits }} Job
 *   `whole`: read all of it, also where the headers would do
 * @typedef {object} Listed
 * @property {Check[]} checks about the tar itself
 * @property {Uint8Array} index
 * @property {LayerEntry[]} entries the first of them
 * @property {number} entryCount
 * @property {import("../types.js").LayerVerdict} [verdict] of the file as a layer, where it was read whole
 * @property {Map<number, Uint8Array>} kept contents of small entries, of a file that was read whole
 * @property {Uint8Array} [text] what it unpacks to, where that may be a document
 */

/** How much is read at a time where only headers are wanted: between large contents, and along small ones. */
const NEAR = 64 * 1024;
const ALONG = 1024 * 1024;

/** How often the counts are told, in milliseconds, and how long this thread may be kept where it is the caller's own. */
const TELL = 220;
const TURN = 30;

/** The checks that are about the tar, whatever is in it. */
const ABOUT_TAR = new Set(["tar", "limits"]);

/** @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] in Node only @returns {Promise<Listed>} */
export async function list(job, onCount, signal) {
	return job.whole ? whole(job, onCount, signal) : headers(job, onCount, signal);
}

/** @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] @returns {Promise<Listed>} */
async function whole({ file, entries, limits }, onCount, signal) {
	const { Opener } = await reading();
	const opener = new Opener({ size: file.size, limits });
	const pause = pacer(onCount, signal);
	let bytes = 0;
	try {
		for await (const piece of slices(file)) {
			opener.push(piece);
			bytes += piece.length;
			await pause(bytes);
		}
		const verdict = opener.finish();
		const checks = verdict.checks.filter((/** @type {Check} */ { id }) => ABOUT_TAR.has(id));
		/** @type {Map<number, Uint8Array>} */
		const kept = new Map();
		for (let at = 0; at < opener.kept; at++) kept.set(opener.keptEntry(at), opener.keptBytes(at));
		const entryCount = verdict.entryCount;
		const listed = { checks, index: opener.index(), entries: opener.entries(entries), entryCount };
		return { ...listed, verdict, kept, text: opener.text() };
	} finally {
		opener.free();
	}
}

/** @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] @returns {Promise<Listed>} */
async function headers({ file, entries, limits }, onCount, signal) {
	const { Seeker } = await reading();
	const seeker = new Seeker({ size: file.size, limits });
	const pause = pacer(onCount, signal);
	let [at, length] = [0, NEAR];
	try {
		while (at < file.size) {
			const next = seeker.push(await part(file, at, at + length));
			// Where one header follows the other, larger parts are read.
			length = next === at + length ? Math.min(2 * length, ALONG) : NEAR;
			at = next;
			await pause(at);
		}
		const checks = seeker.finish();
		const { count } = seeker;
		return { checks, index: seeker.index(), entries: seeker.entries(entries), entryCount: count, kept: new Map() };
	} finally {
		seeker.free();
	}
}

/** @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] */
export function pacer(onCount, signal) {
	let [told, turn] = [performance.now(), performance.now()];
	return async (/** @type {number} */ bytes) => {
		const now = performance.now();
		if (now - told > TELL) {
			told = now;
			onCount(bytes);
		}
		if (signal && now - turn > TURN) {
			await new Promise((resume) => setTimeout(resume));
			turn = performance.now();
		}
		signal?.throwIfAborted();
	};
}
