// file -> entries. One file listed in this thread: read whole if it is small or compressed, else by its headers.

import { coded } from "../../lib/coded.js";
import { reading } from "../core.js";
import { part, slices } from "../layers/slices.js";
import { tarFrom } from "../layers/tar-buffers.js";

/**
 * @typedef {import("../../types.js").Check} Check
 * @typedef {import("../../types.js").LayerEntry} LayerEntry
 * @typedef {{ file: Blob, how: How, proves?: boolean, entries: number, limits?: import("../../types.js").LayerLimits }} Job
 * @typedef {"whole" | "headers" | "either"} How all of it is read, or of a tar only what lies around the contents, or that
 *   if it is not much; `proves`: the entries of a compressed archive are hashed, and not its tar
 * @typedef {{ halves: [unknown, unknown], index: Uint8Array, entries: LayerEntry[], entryCount: number }} Proof what an
 *   entry is, whatever is claimed of it
 * @typedef {object} Listed
 * @property {Check[]} checks about the tar itself
 * @property {Uint8Array} index
 * @property {LayerEntry[]} entries the first of them
 * @property {number} entryCount
 * @property {import("../../types.js").LayerVerdict} [verdict] of the file as a layer, if it was read whole
 * @property {Map<number, Uint8Array>} kept contents of small entries, of a file that was read whole
 * @property {boolean} [isFull] whether there was no room for all of them
 * @property {Uint8Array} [text] what it unpacks to, if that may be a document
 * @property {Map<number, Proof>} [proofs] of entries, if these were hashed and the tar around them was not
 */

/** The bytes that are read at a time if only headers are wanted: between large contents, and along small ones. */
const NEAR = 64 * 1024;
const ALONG = 1024 * 1024;

/** The time between two reports of the counts, in milliseconds, and the longest that this thread may be kept if it is the caller's own. */
const TELL = 220;
const TURN = 30;

/** The checks that are about the tar, not about its entries. */
const ABOUT_TAR = new Set(["tar", "limits"]);

/** @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] in Node only @returns {Promise<Listed>} */
export async function list(job, onCount, signal) {
	return (job.how !== "whole" && (await headers(job, onCount, signal))) || whole(job, onCount, signal);
}

/** @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal] @returns {Promise<Listed>} */
function whole(job, onCount, signal) {
	return opening(job, async (opener, take) => {
		const pause = pacer(onCount, signal);
		let bytes = 0;
		for await (const piece of slices(job.file)) {
			opener.push(piece);
			take();
			bytes += piece.length;
			await pause(bytes);
		}
		return opener.finish();
	});
}

/**
 * The second half of listing a compressed file, which another worker reads and unpacks.
 * @param {Job} job @param {MessagePort} port
 * @returns {Promise<Listed>}
 */
export function listBack(job, port) {
	return opening(job, async (opener, take) => {
		const end = await tarFrom(port, (piece) => {
			opener.pushTar(piece);
			take();
		});
		if (end.failed) throw coded("unreadable-file", end.failed);
		return opener.finishWith(end.unpacked);
	});
}

/**
 * @param {Job} job
 * @param {(opener: InstanceType<import("../../types.js").DataModule["Opener"]>, take: () => void) => Promise<import("../../types.js").LayerVerdict>} read
 * @returns {Promise<Listed>}
 */
async function opening({ file, proves = false, entries, limits }, read) {
	const { Opener } = await reading();
	const opener = new Opener({ size: file.size, limits }, proves);
	/** @type {Map<number, Proof>} */
	const proofs = new Map();
	const take = () => {
		for (let proof = opener.next(); proof; proof = opener.next()) {
			const listed = proof.entries(entries);
			const found = { halves: proof.halves(), index: proof.index(), entries: listed, entryCount: listed.length };
			proofs.set(proof.entry, found);
			proof.free();
		}
	};
	try {
		const verdict = await read(opener, take);
		// That size was not stated: it is the file's own.
		verdict.checks = verdict.checks.filter((/** @type {Check} */ { id }) => id !== "size");
		const checks = verdict.checks.filter((/** @type {Check} */ { id }) => ABOUT_TAR.has(id));
		/** @type {Map<number, Uint8Array>} */
		const kept = new Map();
		for (let at = 0; at < opener.kept; at++) kept.set(opener.keptEntry(at), opener.keptBytes(at));
		const entryCount = verdict.entryCount;
		const listed = { checks, index: opener.index(), entries: opener.entries(entries), entryCount };
		return { ...listed, verdict, kept, isFull: opener.isFull, text: opener.text(), ...(opener.proves && { proofs }) };
	} finally {
		opener.free();
	}
}

/**
 * None if it comes to much of a file that may be read whole.
 * @param {Job} job @param {(bytes: number) => void} onCount @param {AbortSignal} [signal]
 * @returns {Promise<Listed | undefined>}
 */
async function headers({ file, how, entries, limits }, onCount, signal) {
	const { Seeker } = await reading();
	const seeker = new Seeker({ size: file.size, limits });
	const pause = pacer(onCount, signal);
	const most = how === "either" ? file.size / 4 : file.size;
	let [at, length, read] = [0, NEAR, 0];
	try {
		while (at < file.size) {
			const piece = await part(file, at, at + length);
			read += piece.length;
			if (read > most) return undefined;
			const next = seeker.push(piece);
			// If one header follows the other, larger parts are read.
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
