// Line: verdict -> www/layers. The indexes of layers: those read in this session, and verified ones of earlier visits.

import { cache } from "./cache.js";
import { createExplorer } from "./explorer.js";
import { layersOf, specOf, withNodes } from "./merge.js";

/**
 * @typedef {import("../types.js").LayerSpec} LayerSpec
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ id: string, position: number, digest: string, index: Uint8Array, name?: string, remembered?: number }} Known
 *   `name`: what it is known by, which changes where it turns out to be another
 */

/** How many bytes of indexes a session holds: some millions of entries. */
const HELD = 256 * 1024 * 1024;

/** By what is proved of the layer, or by what its own bytes are; the oldest first. @type {Map<string, Uint8Array>} */
const held = new Map();
let bytes = 0;

/** What the layers of nodes turned out to be that were read: who holds the report from before sees it too. @type {WeakMap<Node, string>} */
const turnedOut = new WeakMap();

/** @param {Pick<LayerSpec, "digest" | "diffId">} spec */
const keyOf = ({ digest, diffId }) => `${digest} ${diffId ?? ""}`;

/**
 * What a node's layer is known by. A list of files stands for every layer of the same claims where one of them is proved
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
	const has = (/** @type {string} */ outcome, /** @type {string[]} */ ...ids) =>
		checks.some((check) => check.outcome === outcome && ids.includes(check.id));
	if (has("pass", "digest", "diff-id") && !has("fail", "digest", "diff-id", "limits")) return names;
	return `read ${digest} ${diffId ?? ""} ${unpacked} ${entryCount}`;
}

/**
 * Keeps a layer's index for this session, and for later ones where digest and DiffID are proved.
 * @param {LayerSpec} spec @param {import("./verify.js").Outcome} outcome
 * @param {Node[]} before the nodes of it, with the same claims @param {Node} after one of them as it is now
 */
export async function remember(spec, { verdict, index }, before, after, keep = true) {
	if (!verdict.read || !index || spec.blob) return;
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

/**
 * What is known of an image's layers, the lowest first.
 * @param {Report} report @param {string} [image]
 * @returns {Promise<Known[]>}
 */
export async function known(report, image) {
	const found = await Promise.all(
		layersOf(report, image).map(async (node, position) => {
			const name = nameOf(node);
			const about = { id: node.id, position, name, digest: specOf(node).digest ?? node.digest ?? "" };
			const index = held.get(name);
			if (index) return { ...about, index };
			const kept = await cache.get(name);
			return kept && { ...about, index: kept.index, remembered: kept.at };
		}),
	);
	return found.filter((one) => one !== undefined);
}

/**
 * The files of an image over what is known of its layers.
 * @param {Report} report @param {{ image?: string, signal?: AbortSignal }} options
 */
export const exploreFiles = (report, { image, signal } = {}) =>
	createExplorer({ known: () => known(report, image), signal });

/**
 * The report with the facts of layers that earlier visits verified. They were not read again, so nothing passes.
 * @param {Report} report
 * @returns {Promise<Report>}
 */
export async function recallLayers(report) {
	const nodes = await Promise.all(
		report.nodes.map(async (node) => {
			const kept = node.kind === "layer" && !node.read && (await cache.get(keyOf(specOf(node))));
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
