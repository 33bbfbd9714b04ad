// Report -> snapshot -> Report. The exact bytes of an image's documents in one file, and the way back; docs/snapshot.md says what is in it.

import { coded } from "../lib/coded.js";
import { withPin } from "../plan/author-pin.js";
import { CONFIG_BYTES } from "./limits.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Snapshot} Snapshot
 * @typedef {import("../types.js").SnapshotDescriptor} SnapshotDescriptor
 */

export const VERSION = 1;

/** The most documents of one file: as many as are fetched for one image, each as large as the core lets a config be. */
const MOST_DOCUMENTS = 512;
/** The most bytes of all documents of one file together; the session's memory of shown bytes holds twice as much. */
const MOST_BYTES = 32 << 20;
/** Base64 makes four characters of three bytes. */
export const MOST_CHARACTERS = Math.ceil(MOST_BYTES / 3) * 4 + (1 << 20);

/**
 * @param {Report} report
 * @param {(digest: string) => Promise<Uint8Array | undefined>} bytesOf
 * @param {Date} taken
 * @returns {Promise<Snapshot>}
 */
export async function makeSnapshot(report, bytesOf, taken) {
	const top = topOf(report);
	const digest = top?.digest;
	if (!digest) throw coded("snapshot-impossible", "there is no index and no manifest in this to keep");
	/** @type {Map<string, SnapshotDescriptor>} */
	const kept = new Map();
	for (const { kind, read, digest, mediaType } of below(report, top)) {
		if (!read || !digest || kind === "layer" || kept.has(digest)) continue;
		const bytes = await bytesOf(digest);
		// Other blobs are kept if they are at hand.
		if (!bytes && kind === "blob") continue;
		if (!bytes) throw coded("snapshot-impossible", `the bytes of ${digest} are not in memory any more: inspect again`);
		kept.set(digest, {
			mediaType: mediaType ?? "application/octet-stream",
			digest,
			size: bytes.length,
			data: base64(bytes),
		});
	}
	const { reference, name } = report.source;
	const about = reference ?? report.snapshot?.reference ?? name;
	const when = report.snapshot?.taken ?? taken.toISOString();
	return {
		stowplanSnapshot: VERSION,
		...(about && { reference: about }),
		taken: when,
		digest,
		descriptors: [...kept.values()],
	};
}

/**
 * The document that stands for the image: the root, but not the file that it lies in, nor a layout's list of one image.
 * @param {Report} report @returns {Node | undefined}
 */
export function topOf({ nodes, roots }) {
	let top = nodes.find(({ id }) => id === roots[0]);
	for (let depth = 0; top && depth < MOST_DOCUMENTS; depth++) {
		const { id, kind, title } = top;
		const inside = nodes.filter(({ parent }) => parent === id);
		const [first] = inside;
		if (!first || !(kind === "blob" || (title === "index.json" && inside.length === 1))) break;
		top = first;
	}
	return top?.kind === "blob" ? undefined : top;
}

/** A node and all that it leads to: parents stand before their children. @param {Report} report @param {Node} top */
function below({ nodes }, top) {
	const ids = new Set([top.id]);
	return nodes.filter(({ id, parent }) => ids.has(id) || (parent && ids.has(parent) && ids.add(id)));
}

/**
 * The documents of a snapshot, as the core opens them; nothing in it is believed.
 * @param {unknown} input the parsed JSON, its text or its bytes
 * @returns {{ inputs: import("./remote.js").Input[], about: { reference?: string, taken?: string } }}
 */
export function readSnapshot(input) {
	const snapshot = asObject(input);
	const { stowplanSnapshot: version, descriptors, reference, taken } = snapshot;
	if (!Number.isInteger(version)) throw invalid("it has no stowplanSnapshot number");
	if (version !== VERSION)
		throw coded("unsupported-snapshot", `this reads version ${VERSION} of snapshots, not ${version}`);
	if (!Array.isArray(descriptors) || descriptors.length === 0) throw invalid("it has no descriptors");
	if (descriptors.length > MOST_DOCUMENTS)
		throw tooLarge(`${descriptors.length} documents, more than ${MOST_DOCUMENTS}`);
	const inputs = descriptors.map(document);
	const sum = inputs.reduce((all, { bytes }) => all + bytes.length, 0);
	if (sum > MOST_BYTES) throw tooLarge(`${sum} bytes, more than ${MOST_BYTES}`);
	return { inputs, about: { reference: short(reference), taken: short(taken) } };
}

/**
 * @param {Report} report of the snapshot's documents
 * @param {{ reference?: string, taken?: string }} about
 * @param {string | undefined} pin
 * @returns {Report}
 */
export function ofSnapshot(report, about, pin) {
	const { forms: _, pasted: __, ...rest } = report;
	const whole = { ...rest, snapshot: about };
	return pin ? withPin(whole, pin) : whole;
}

/** @param {unknown} descriptor @param {number} at @returns {import("./remote.js").Input} */
function document(descriptor, at) {
	const { digest, size, data } = /** @type {Record<string, unknown>} */ (descriptor ?? {});
	const where = `descriptors[${at}]`;
	if (typeof digest !== "string" || digest.length > 256) throw invalid(`${where} has no digest`);
	if (typeof data !== "string") throw invalid(`${where} has no data`);
	if (data.length > Math.ceil(CONFIG_BYTES / 3) * 4) throw tooLarge(`${where}, more than ${CONFIG_BYTES} bytes`);
	const bytes = fromBase64(data);
	if (!bytes) throw invalid(`the data of ${where} is not base64`);
	if (size !== bytes.length) throw invalid(`${where} says ${short(size)} bytes and holds ${bytes.length}`);
	return { bytes, text: false, stated: digest };
}

/** @param {unknown} input @returns {Record<string, unknown>} */
function asObject(input) {
	const text = input instanceof Uint8Array ? new TextDecoder().decode(input) : input;
	if (typeof text === "string" && text.length > MOST_CHARACTERS) throw tooLarge(`${text.length} characters`);
	/** @type {unknown} */
	let value = text;
	try {
		if (typeof text === "string") value = JSON.parse(text);
	} catch {
		throw invalid("it is not JSON");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("it is not a JSON object");
	return /** @type {Record<string, unknown>} */ (value);
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
	let text = "";
	for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
	return btoa(text);
}

/** @param {string} text @returns {Uint8Array | undefined} */
function fromBase64(text) {
	try {
		return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	} catch {
		return undefined;
	}
}

/** Words of the file for people, bounded. @param {unknown} value */
const short = (value) =>
	typeof value === "string" || typeof value === "number" ? String(value).slice(0, 1024) : undefined;

const invalid = (/** @type {string} */ why) => coded("invalid-snapshot", `this is not a snapshot: ${why}`);
const tooLarge = (/** @type {string} */ what) => coded("limit-exceeded", `the snapshot is too large: ${what}`);
