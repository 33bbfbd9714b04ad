// Line: verdict -> www/layers. The indexes of layers: those read in this session, and verified ones of earlier visits.

import { cache } from "./cache.js";
import { createExplorer } from "./explorer.js";
import { layersOf, specOf, withNodes } from "./merge.js";

/**
 * @typedef {import("../types.js").LayerSpec} LayerSpec
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ id: string, position: number, digest: string, index: Uint8Array, remembered?: number }} Known
 */

/** How many bytes of indexes a session holds: some millions of entries. */
const HELD = 256 * 1024 * 1024;

/** By what was claimed of the layer, the oldest first. @type {Map<string, Uint8Array>} */
const held = new Map();
let bytes = 0;

/** @param {Pick<LayerSpec, "digest" | "diffId">} spec */
const keyOf = ({ digest, diffId }) => `${digest} ${diffId ?? ""}`;

/** What was claimed of a node's layer, else what was computed. @param {Node} node */
function namesOf(node) {
	const { digest, diffId } = specOf(node);
	return { digest: digest ?? node.digest ?? undefined, diffId: diffId ?? node.diffId };
}

/**
 * Keeps a layer's index for this session, and for later ones where digest and DiffID are proved.
 * @param {LayerSpec} spec @param {import("./verify.js").Outcome} outcome
 */
export async function remember(spec, { verdict, index }, keep = true) {
	if (!verdict.read || !index || spec.blob) return;
	// What nobody claimed is what was computed: so the node that was read has it.
	const key = keyOf({ digest: spec.digest ?? verdict.digest, diffId: spec.diffId ?? verdict.diffId });
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
			const names = namesOf(node);
			const about = { id: node.id, position, digest: names.digest ?? "" };
			const index = held.get(keyOf(names));
			if (index) return { ...about, index };
			const kept = await cache.get(keyOf(names));
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
