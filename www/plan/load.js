// Line: bytes -> Report -> www/plan. Gets what an element asks for: all elements of a page share one session and its memory.

import { inspect, openSnapshot, verifyLayers, withLayers } from "../api.js";
import { MOST_CHARACTERS } from "../snapshot.js";
import { isPin, withPin } from "./pin.js";
import { Shared } from "./shared.js";
import { keyOf } from "./wish.js";

export { bytesOf } from "../api.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {import("./wish.js").Wish} Wish
 */

/** What layers are read with. */
export const reading = { verifyLayers, withLayers };

/** @type {Shared<Report>} */
const shared = new Shared();

/**
 * @param {Wish} wish
 * @param {AbortSignal} signal
 * @param {(event: ProgressEvent) => void} onProgress is told by the element that asked first only
 * @returns {Promise<Report>}
 */
export function load(wish, signal, onProgress) {
	return shared.get(keyOf(wish), signal, (stop) => report(wish, stop, onProgress));
}

/** Lets the next load of it begin anew. @param {Wish} wish */
export const forget = (wish) => shared.forget(keyOf(wish));

/** @param {import("../types.js").Snapshot} snapshot that the page holds @param {string} digest @param {AbortSignal} signal */
export async function openHeld(snapshot, digest, signal) {
	return openSnapshot(snapshot, { digest: pinOf(digest), signal });
}

/** @param {Wish} wish @param {AbortSignal} signal @param {(event: ProgressEvent) => void} onProgress */
async function report({ reference, src, digest, platform, proxy }, signal, onProgress) {
	const pin = pinOf(digest);
	if (src) return openSnapshot(await fetched(src, signal), { digest: pin, signal });
	const options = { proxy: proxy || undefined, platform: platform || undefined };
	const report = await inspect(reference, { ...options, signal, onProgress });
	return pin ? withPin(report, pin) : report;
}

/** @param {string} digest */
function pinOf(digest) {
	if (digest && !isPin(digest)) throw refusal("invalid-digest", `the pinned digest "${digest.slice(0, 100)}" is none`);
	return digest || undefined;
}

/** The bytes of a snapshot, no more than one may have. @param {string} src @param {AbortSignal} signal */
async function fetched(src, signal) {
	const answer = await fetch(src, { signal, credentials: "same-origin" }).catch((error) => {
		if (signal.aborted) throw refusal("aborted", "nobody waits any more");
		throw refusal("snapshot-unavailable", `the snapshot could not be fetched: ${error.message}`);
	});
	if (!answer.ok) throw refusal("snapshot-unavailable", `the snapshot came with status ${answer.status}`);
	/** @type {Uint8Array[]} */
	const pieces = [];
	let length = 0;
	for await (const piece of piecesOf(answer)) {
		length += piece.length;
		if (length > MOST_CHARACTERS)
			throw refusal("limit-exceeded", `the snapshot is larger than ${MOST_CHARACTERS} bytes`);
		pieces.push(piece);
	}
	return new Uint8Array(await new Blob(/** @type {BlobPart[]} */ (pieces)).arrayBuffer());
}

/** Streams cannot be iterated over in every browser. @param {Response} answer */
async function* piecesOf({ body }) {
	const reader = body?.getReader();
	try {
		for (;;) {
			const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
			if (done || !value) return;
			yield value;
		}
	} finally {
		await reader?.cancel().catch(() => {});
	}
}

/** @param {string} code @param {string} message */
const refusal = (code, message) => Object.assign(new Error(message), { code });
