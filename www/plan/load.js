// bytes -> Report -> www/plan. Gets what an element asks for: all elements of a page share one session and its memory.

import { inspect, openSnapshot, referrers, verifyLayers, verifySignatures, withLayers } from "../api.js";
import { MOST_CHARACTERS } from "../engine/snapshot.js";
import { coded } from "../lib/coded.js";
import { isPin, withPin } from "./author-pin.js";
import { Shared } from "./shared.js";
import { namesSigner, withSigner } from "./signer.js";
import { keyOf } from "./wish.js";

export {
	bytesOf,
	compare,
	comparePackages,
	findTags,
	groupTags,
	packages,
	readFile,
	resolveTags,
	tags,
} from "../api.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").ProgressEvent} ProgressEvent
 * @typedef {import("./wish.js").Wish} Wish
 */

/** The options with which layers are read. */
export const reading = { verifyLayers, withLayers };

/** Reports judged for an author's pin and signer. @type {Shared<Report>} */
const shared = new Shared();
/** The answers of registries: elements with different pins, signers or views ask for it once. @type {Shared<Report>} */
const inspected = new Shared();

/**
 * @param {Wish} wish
 * @param {AbortSignal} signal
 * @param {(event: ProgressEvent) => void} onProgress is told by the element that asked first only
 * @returns {Promise<Report>}
 */
export async function load(wish, signal, onProgress) {
	if (!wish.src && !wish.reference)
		throw coded("no-source", "the element has neither a reference nor the src of a snapshot", {
			reason: "no-source",
		});
	return shared.get(keyOf(wish), signal, (stop) => report(wish, stop, onProgress));
}

/** Lets the next load of it begin anew. @param {Wish} wish */
export function forget(wish) {
	shared.forget(keyOf(wish));
	inspected.forget(askedOf(wish));
}

/** The key of a question to a registry. @param {Wish} wish */
const askedOf = ({ reference, platform, proxy }) => JSON.stringify([reference, platform, proxy]);

/** @param {import("../types.js").Snapshot} snapshot that the page holds @param {Wish} wish @param {AbortSignal} signal */
export async function openHeld(snapshot, wish, signal) {
	return signedBy(await openSnapshot(snapshot, { digest: pinOf(wish.digest), signal }), wish, signal);
}

/** The signer that an author names is judged: of a snapshot, by what lies in it. @param {Report} report @param {Wish} wish @param {AbortSignal} signal */
const signedBy = (report, wish, signal) =>
	namesSigner(wish)
		? withSigner(report, wish, { proxy: wish.proxy || undefined, signal }, { referrers, verifySignatures })
		: report;

/** @param {Wish} wish @param {AbortSignal} signal @param {(event: ProgressEvent) => void} onProgress */
async function report(wish, signal, onProgress) {
	const { reference, src, digest, platform, proxy } = wish;
	const pin = pinOf(digest);
	if (src) return signedBy(await openSnapshot(await fetched(src, signal), { digest: pin, signal }), wish, signal);
	const options = { proxy: proxy || undefined, platform: platform || undefined };
	const ask = (/** @type {AbortSignal} */ stop) => inspect(reference, { ...options, signal: stop, onProgress });
	const report = await inspected.get(askedOf(wish), signal, ask);
	return signedBy(pin ? withPin(report, pin) : report, wish, signal);
}

/** @param {string} digest */
function pinOf(digest) {
	if (digest && !isPin(digest)) throw coded("invalid-digest", `the pinned digest "${digest.slice(0, 100)}" is none`);
	return digest || undefined;
}

/** The bytes of a snapshot, no more than one may have. @param {string} src @param {AbortSignal} signal */
async function fetched(src, signal) {
	const answer = await fetch(src, { signal, credentials: "same-origin" }).catch((error) => {
		if (signal.aborted) throw coded("aborted", "the request was aborted");
		throw coded("snapshot-unavailable", `the snapshot could not be fetched: ${error.message}`);
	});
	if (!answer.ok) throw coded("snapshot-unavailable", `the snapshot came with status ${answer.status}`);
	/** @type {Uint8Array[]} */
	const pieces = [];
	let length = 0;
	for await (const piece of piecesOf(answer)) {
		length += piece.length;
		if (length > MOST_CHARACTERS) throw coded("limit-exceeded", `the snapshot is larger than ${MOST_CHARACTERS} bytes`);
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
