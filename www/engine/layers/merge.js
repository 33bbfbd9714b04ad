// Puts what was found out about layers into a new report; the old one stays as it is.

import { placesOf, withPlaces } from "../archives/places.js";
import { isLeaf } from "./leaf.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").Check} Check
 * @typedef {import("../../types.js").LayerSpec} LayerSpec
 * @typedef {import("../../types.js").LayerVerdict} LayerVerdict
 */

/** The checks that reading a layer makes; those of an earlier reading go. */
const OF_READING = new Set(["digest", "size", "diff-id", "tar", "toc", "limits", "media-type"]);

const IMAGES = new Set(["manifest", "schema1", "artifact"]);

/** Other documents that name blobs. */
const ARTIFACTS = new Set(["signature", "attestation"]);

/**
 * The layers of the image to look at first, in order.
 * @param {Report} report @param {string} [image] the id of another one
 * @returns {Node[]}
 */
export const layersOf = (report, image) => layersIn(report.nodes, image);

/** @param {Node[]} nodes @param {string} [image] */
function layersIn(nodes, image) {
	const parent = imageIn(nodes, image);
	return nodes.filter((node) => node.kind === "layer" && (!parent || node.parent === parent.id));
}

/** The image to look at first. @param {Node[]} nodes @param {string} [image] */
function imageIn(nodes, image) {
	const images = nodes.filter(({ kind }) => IMAGES.has(kind));
	const chosen = images.find(({ id }) => id === image) ?? images.find((node) => node.chosen);
	return chosen ?? images.find(({ read }) => read) ?? images[0];
}

/** The blobs of the image in view that are read by default. @param {Report} report @returns {Node[]} */
export function leavesOf({ nodes }) {
	const parent = imageIn(nodes) ?? nodes.find(({ kind }) => ARTIFACTS.has(kind));
	return nodes.filter((node) => isLeaf(node) && (!parent || node.parent === parent.id) && !isConfig(node));
}

/** @param {Node} node */
const isConfig = ({ path }) => path === "$.config";

/**
 * The claims about a layer before it was read: a node that was read shows what was computed, which proves
 * nothing if it had not been claimed.
 * @param {Node} node @param {Partial<LayerSpec>} [more] @param {import("../archives/places.js").Place} [place]
 * @returns {LayerSpec}
 */
export function specOf(node, more, place) {
	const claimed = (/** @type {string} */ id) =>
		node.checks.find((check) => check.id === id && check.expected)?.expected;
	const told = claimed("size")?.replace(/\D/g, "");
	const shown = node.read ? undefined : node;
	const size = told ? Number(told) : place?.sizeless ? undefined : shown?.size;
	const spec = {
		// The DiffID proves a layer of a docker save: its digest is not stated.
		digest: claimed("digest") ?? (place?.nameless ? undefined : shown?.digest),
		size,
		length: size === undefined ? node.size : undefined,
		mediaType: node.mediaType,
		blobKind: node.blobKind,
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
 * @param {Node} node @param {LayerVerdict} verdict @param {import("../../types.js").LayerEntry[]} entries
 * @returns {Node}
 */
export function withVerdict(node, verdict, entries) {
	const checks = [...verdict.checks, ...node.checks.filter(({ id }) => !OF_READING.has(id))];
	if (!verdict.read) return node.read ? { ...unread(node), checks } : { ...node, checks };
	const { digest, size, diffId } = told({ ...node, checks });
	const named = { digest: digest ?? verdict.digest ?? node.digest, size: size ?? verdict.size, read: true, checks };
	if (node.kind !== "layer" || !verdict.tar) return { ...node, ...named };
	const { compression, unpacked, entryCount, fileBytes, toc } = verdict;
	const facts = { compression, unpacked, entryCount, fileBytes, ...(toc && { toc }) };
	return { ...node, ...named, diffId: diffId ?? verdict.diffId ?? node.diffId, ...facts, entries };
}

/** The claims of documents about a layer. The node is called by them, even if its bytes turn out to be others. @param {Node} node */
function told({ checks }) {
	const expected = (/** @type {string} */ id) => checks.find((check) => check.id === id && check.expected)?.expected;
	const size = Number(expected("size")?.replace(/\D/g, "") || Number.NaN);
	return { digest: expected("digest"), size: Number.isNaN(size) ? undefined : size, diffId: expected("diff-id") };
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
	const nodes = settled(
		report.nodes.map((node) => news.get(node.id) ?? node),
		news,
	);
	return withPlaces({ ...report, nodes, summary: summaryOf(nodes) }, placesOf(report));
}

/**
 * A doubt about a config's DiffIDs is dropped once the layer's bytes have proved its
 * DiffID.
 * @param {Node[]} nodes @param {Map<string, Node>} news
 */
function settled(nodes, news) {
	const isProved = (/** @type {Node} */ { kind, checks }) =>
		kind === "layer" && checks.some(({ id, outcome }) => id === "diff-id" && outcome === "pass");
	const images = new Set([...news.values()].filter(isProved).map(({ parent }) => parent));
	if (images.size === 0) return nodes;
	/** @type {Map<string | null, number>} */
	const counts = new Map();
	const proved = new Set();
	for (const node of nodes) {
		if (node.kind !== "layer" || !images.has(node.parent)) continue;
		const at = counts.get(node.parent) ?? 0;
		counts.set(node.parent, at + 1);
		if (isProved(node)) proved.add(`${node.parent} $.rootfs.diff_ids[${at}]`);
	}
	return nodes.map((node) => {
		if (node.kind !== "config" || !images.has(node.parent)) return node;
		const checks = node.checks.filter(
			// Engines refuse a DiffID by another algorithm even if it is right.
			({ id, path, reason }) =>
				id !== "diff-id-smell" || reason === "diff-id-not-sha256" || !proved.has(`${node.parent} ${path}`),
		);
		return checks.length < node.checks.length ? { ...node, checks } : node;
	});
}

/**
 * Counts as `Summary::of` in src/report.rs does. Documents beside an image are no part of its verdict: any client that can push
 * can add it.
 * @param {Node[]} nodes
 * @returns {import("../../types.js").Summary}
 */
export function summaryOf(nodes) {
	const own = nodes.filter(({ about }) => about === undefined);
	const counts = { pass: 0, fail: 0, warn: 0, "not-checked": 0 };
	for (const { checks } of own) for (const { outcome } of checks) counts[outcome] += 1;
	const { pass, fail, warn, "not-checked": notChecked } = counts;
	return { verdict: verdictOf({ pass, fail, notChecked }), pass, fail, warn, notChecked, facts: factsOf(own) };
}

/** The verdict of these counts. @param {{ pass: number, fail: number, notChecked: number }} counts @returns {import("../../types.js").Summary["verdict"]} */
export const verdictOf = ({ pass, fail, notChecked }) =>
	fail > 0 ? "failed" : notChecked === 0 && pass > 0 ? "verified" : "incomplete";

/** The facts as `Proofs::of` in src/report/proofs.rs finds them. @param {Node[]} nodes @returns {import("../../types.js").Summary["facts"]} */
function factsOf(nodes) {
	const others = nodes.filter(({ kind }) => kind !== "layer");
	// A policy is the user's own, and nothing that the documents say of each other.
	const hasFailed = (/** @type {Node} */ { checks }) =>
		checks.some(({ id, outcome }) => outcome === "fail" && id !== "policy");
	const isPinned = (/** @type {Node} */ { parent, checks }) =>
		parent === null &&
		checks.some(
			({ id, outcome, source }) =>
				id === "digest" && outcome === "pass" && (source === "reference" || source === "user"),
		);
	const layers = layersIn(nodes);
	return {
		consistent: others.some(({ read }) => read) && !others.some(hasFailed),
		layers: { verified: layers.filter(isVerified).length, of: layers.length },
		pinned: nodes.some(isPinned),
	};
}

/** True if a layer's bytes are proved and no claim about them is open. @param {Node} node */
export const isVerified = ({ read, checks }) =>
	read &&
	checks.some(({ id, outcome }) => (id === "digest" || id === "diff-id") && outcome === "pass") &&
	!checks.some(
		({ id, outcome, expected }) =>
			outcome === "fail" || (outcome === "not-checked" && (expected !== null || id === "tar" || id === "limits")),
	);

/**
 * The images whose layers changed, each with its layers in order.
 * @param {Report} report @param {Iterable<Node>} changed
 * @returns {Node[][]}
 */
export function imagesOf(report, changed) {
	const parents = new Set([...changed].map(({ parent }) => parent));
	return [...parents].map((parent) => report.nodes.filter((node) => node.kind === "layer" && node.parent === parent));
}
