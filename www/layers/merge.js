// Line: verdict -> Report. What was found out about layers, put into a new report; the old one stays as it is.

import { placesOf, withPlaces } from "./places.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").LayerSpec} LayerSpec
 * @typedef {import("../types.js").LayerVerdict} LayerVerdict
 */

/** The checks that reading a layer makes; those of an earlier reading go. */
const OF_READING = new Set(["digest", "size", "diff-id", "tar", "toc", "limits", "media-type"]);

const IMAGES = new Set(["manifest", "schema1", "artifact"]);

/**
 * The layers of the image to look at first, in order.
 * @param {Report} report @param {string} [image] the id of another one
 * @returns {Node[]}
 */
export function layersOf(report, image) {
	const images = report.nodes.filter(({ kind }) => IMAGES.has(kind));
	const chosen = images.find(({ id }) => id === image) ?? images.find((node) => node.chosen);
	const parent = chosen ?? images.find(({ read }) => read) ?? images[0];
	return report.nodes.filter((node) => node.kind === "layer" && (!parent || node.parent === parent.id));
}

/**
 * What was claimed about a layer before anything was read: a node that was read shows what was computed, which proves
 * nothing where nobody had claimed it.
 * @param {Node} node @param {Partial<LayerSpec>} [more] @param {import("./places.js").Place} [place]
 * @returns {LayerSpec}
 */
export function specOf(node, more, place) {
	const claimed = (/** @type {string} */ id) =>
		node.checks.find((check) => check.id === id && check.expected)?.expected;
	const told = claimed("size")?.replace(/\D/g, "");
	const shown = node.read ? undefined : node;
	const size = told ? Number(told) : place?.sizeless ? undefined : shown?.size;
	const spec = {
		// What proves a layer of a docker save is its DiffID: nobody gave its digest.
		digest: claimed("digest") ?? (place?.nameless ? undefined : shown?.digest),
		size,
		length: size === undefined ? node.size : undefined,
		mediaType: node.mediaType,
		diffId: claimed("diff-id") ?? shown?.diffId,
		annotations: node.annotations,
		urls: node.urls?.slice(0, 1),
		nameless: place?.nameless,
		blob: place?.blob,
		...more,
	};
	return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined && value !== null));
}

/**
 * The node after its layer was read, or could not be.
 * @param {Node} node @param {LayerVerdict} verdict @param {import("../types.js").LayerEntry[]} entries
 * @returns {Node}
 */
export function withVerdict(node, verdict, entries) {
	const checks = [...verdict.checks, ...node.checks.filter(({ id }) => !OF_READING.has(id))];
	if (!verdict.read) return node.read ? { ...unread(node), checks } : { ...node, checks };
	if (node.kind !== "layer")
		return { ...node, digest: verdict.digest ?? node.digest, size: verdict.size, read: true, checks };
	const { compression, unpacked, entryCount, fileBytes, toc } = verdict;
	const facts = { compression, unpacked, entryCount, fileBytes, ...(toc && { toc }) };
	const computed = { digest: verdict.digest ?? node.digest, diffId: verdict.diffId ?? node.diffId };
	return { ...node, ...computed, size: verdict.size, read: true, checks, ...facts, entries };
}

/** The node as it was told before it was read: what was found then is not proved any more. @param {Node} node @returns {Node} */
function unread(node) {
	const { digest = null, size, diffId } = specOf(node);
	const { compression, unpacked, entryCount, fileBytes, toc, entries, diffId: computed, ...told } = node;
	return { ...told, digest, size: size ?? node.size, ...(diffId && { diffId }), read: false };
}

/**
 * A report with these nodes in the place of those with their ids, counted anew.
 * @param {Report} report @param {Iterable<Node>} changed
 * @returns {Report}
 */
export function withNodes(report, changed) {
	const news = new Map([...changed].map((node) => [node.id, node]));
	const nodes = report.nodes.map((node) => news.get(node.id) ?? node);
	return withPlaces({ ...report, nodes, summary: summaryOf(nodes) }, placesOf(report));
}

/** As `Summary::of` in src/report.rs counts. @param {Node[]} nodes @returns {import("../types.js").Summary} */
export function summaryOf(nodes) {
	const counts = { pass: 0, fail: 0, warn: 0, "not-checked": 0 };
	for (const { checks } of nodes) for (const { outcome } of checks) counts[outcome] += 1;
	const { pass, fail, warn, "not-checked": notChecked } = counts;
	const verdict = fail > 0 ? "failed" : notChecked === 0 && pass > 0 ? "verified" : "incomplete";
	return { verdict, pass, fail, warn, notChecked };
}

/**
 * The images whose layers changed, each with its layers in order.
 * @param {Report} report @param {Iterable<Node>} changed
 * @returns {Node[][]}
 */
export function imagesOf(report, changed) {
	const parents = new Set([...changed].map(({ parent }) => parent));
	return [...parents].map((parent) => report.nodes.filter((node) => node.kind === "layer" && node.parent === parent));
}
