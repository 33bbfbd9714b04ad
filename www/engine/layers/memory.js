// verdict -> www/engine/layers. The indexes of layers: those read in this session, and verified ones of earlier visits.

import { cache } from "./cache.js";
import { createExplorer } from "./files-handle.js";
import { layersOf, specOf, withNodes } from "./merge.js";

/**
 * @typedef {import("../../types.js").LayerSpec} LayerSpec
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {{ id: string, position: number, digest: string, index: Uint8Array, name?: string, hashed?: boolean, remembered?: number }} Known
 *   `name`: what it is known by, which changes if it turns out to be another
 */

/** The most bytes of indexes that a session holds: some millions of entries. */
const HELD = 256 * 1024 * 1024;

/** By what is proved of the layer, or by what its own bytes are; the oldest first. @type {Map<string, Uint8Array>} */
const held = new Map();
let bytes = 0;

/** The names of layers after they were read: a caller with an earlier report sees them, too. @type {WeakMap<Node, string>} */
const turnedOut = new WeakMap();

/**
 * True if a layer's bytes are those that were promised: its digest or DiffID matches, neither is wrong, and no limit
 * stopped the reading.
 * @param {import("../../types.js").Check[]} checks
 */
export function isProved(checks) {
	const has = (/** @type {string} */ outcome) =>
		checks.some((check) => check.outcome === outcome && ["digest", "diff-id"].includes(check.id));
	return has("pass") && !has("fail") && !checks.some(({ id }) => id === "limits");
}

/** @param {Pick<LayerSpec, "digest" | "diffId">} spec */
const keyOf = ({ digest, diffId }) => `${digest} ${diffId ?? ""}`;

/**
 * The name of a node's layer. A list of files stands for every layer of the same claims if one of them is proved
 * and none is wrong; else for these bytes alone, so that a lie is shown where it was told and nowhere else.
 * @param {Node} node
 */
function nameOf(node) {
	const turned = turnedOut.get(node);
	if (turned) return turned;
	const { checks, digest, diffId, unpacked, entryCount } = node;
	const claims = specOf(node);
	const names = keyOf({ digest: claims.digest ?? digest ?? undefined, diffId: claims.diffId ?? diffId });
	if (!node.read) return names;
	if (isProved(checks)) return names;
	const actual = checks.find(({ id }) => id === "digest")?.actual ?? digest;
	return `read ${actual} ${diffId ?? ""} ${unpacked} ${entryCount}`;
}

/**
 * Keeps a layer's index for this session, and for later ones if digest and DiffID are proved.
 * @param {LayerSpec} spec @param {import("./verify.js").Outcome} outcome
 * @param {Node[]} before the nodes of it, with the same claims @param {Node} after one of them as it is now
 */
export async function remember(spec, { verdict, index }, before, after, keep = true) {
	if (!verdict.read || !verdict.tar || !index) return;
	const key = nameOf(after);
	for (const node of before) turnedOut.set(node, key);
	hold(key, index);
	const proved = (/** @type {string} */ id) =>
		verdict.checks.some((check) => check.id === id && check.outcome === "pass");
	const isNamed = proved("digest") || (spec.nameless && !spec.digest);
	if (!keep || !isNamed || !proved("diff-id") || !proved("tar")) return;
	const { compression, unpacked, entryCount, fileBytes, toc } = verdict;
	const facts = { compression, unpacked, entryCount, fileBytes, ...(toc && { toc }) };
	await cache.put(key, { index, facts });
}

/** Keeps the index of a layer that was read while its file was opened, for this session. @param {Node} node @param {Uint8Array} index */
export function keepIndex(node, index) {
	hold(nameOf(node), index);
}

/** The operating system of an image, by its config or by the index that names it. @param {Report} report @param {string} [image] */
export function systemOf({ nodes }, image) {
	const config = nodes.find(({ kind, parent }) => kind === "config" && parent === image);
	const manifest = nodes.find(({ id }) => id === image);
	return [config, manifest].map((node) => node?.platform?.os).find((os) => typeof os === "string" && os !== "");
}

/** True if an index has the digests of contents: the last byte of its magic is odd then (src/layer/index.rs). @param {Uint8Array} index */
const hasContents = (index) => index[7] % 2 === 1;

/**
 * The known lists of an image's layers, the lowest first.
 * @param {Report} report @param {string} [image]
 * @returns {Promise<Known[]>}
 */
export async function known(report, image) {
	const found = await Promise.all(
		layersOf(report, image).map(async (node, position) => {
			// The same bytes may have been listed as a layer of another image.
			if (node.tar === false) return undefined;
			const name = nameOf(node);
			const about = { id: node.id, position, name, digest: specOf(node).digest ?? node.digest ?? "" };
			const index = held.get(name);
			if (index) return { ...about, index, hashed: hasContents(index) };
			const kept = await cache.get(name);
			return kept && { ...about, index: kept.index, hashed: hasContents(kept.index), remembered: kept.at };
		}),
	);
	return found.filter((one) => one !== undefined);
}

/**
 * The files of an image over what is known of its layers.
 * @param {Report} report @param {{ image?: string, signal?: AbortSignal }} options
 */
export const exploreFiles = (report, { image, signal } = {}) =>
	createExplorer({
		known: () => known(report, image),
		system: systemOf(report, layersOf(report, image)[0]?.parent ?? undefined),
		signal,
	});

/**
 * The report with the facts of layers that earlier visits verified. They were not read again, so nothing passes.
 * @param {Report} report
 * @returns {Promise<Report>}
 */
export async function recallLayers(report) {
	const nodes = await Promise.all(
		report.nodes.map(async (node) => {
			const kept = node.kind === "layer" && node.tar !== false && !node.read && (await cache.get(keyOf(specOf(node))));
			return kept ? recalled(node, kept) : undefined;
		}),
	);
	return withNodes(
		report,
		nodes.filter((node) => node !== undefined),
	);
}

/** @param {Node} node @param {import("./cache.js").Kept} kept @returns {Node} */
function recalled(node, { facts, at }) {
	const message = `verified on ${new Date(at).toISOString().slice(0, 10)} in this browser; not read again`;
	const checks = node.checks.map((check) => (check.id === "digest" ? { ...check, message } : check));
	return { ...node, ...facts, checks };
}

/** @param {string} key @param {Uint8Array} index */
function hold(key, index) {
	bytes += index.length - (held.get(key)?.length ?? 0);
	held.delete(key);
	held.set(key, index);
	for (const [oldest, { length }] of held) {
		if (bytes <= HELD || oldest === key) break;
		held.delete(oldest);
		bytes -= length;
	}
}
