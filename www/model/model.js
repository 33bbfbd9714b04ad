// Report -> www. A report with its indexes: children, digests, the image in view, the mark of each node.

import { isLeaf } from "../engine/layers/leaf.js";
import { platformName, shortDigest } from "../i18n/format.js";
import { has, t } from "../i18n/strings.js";

export { pinLine, referenceParts } from "./pin.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Check} Check
 * @typedef {import("../types.js").Outcome} Outcome
 * @typedef {{ texts: string[], expected?: string, files?: { input: File[], name?: string } }} Given the pasted texts that a
 *   report is about, or the files; none for what was fetched
 */

/** The kinds that stand for one image or artifact, and so have a history, a config and layers. */
const IMAGES = new Set(["manifest", "schema1", "artifact"]);

export class Model {
	/** Asked for at each drawing, so found once. @type {[Node | undefined] | undefined} */
	#chosen;
	/** @type {Node[] | undefined} */
	#platforms;

	/** @param {Report} report @param {Given} [given] */
	constructor(report, given = { texts: [] }) {
		this.report = report;
		/** Without the documents beside the image: any client that can push can add them. */
		this.own = report.nodes.filter(({ about }) => about === undefined);
		this.given = given;
		/** @type {Map<string, Node>} */
		this.byId = new Map();
		/** @type {Map<string, Node[]>} */
		this.digests = new Map();
		/** @type {Map<string, Node[]>} */
		this.below = new Map();
		for (const node of report.nodes) this.#add(node);
		this.roots = report.roots.flatMap((id) => this.byId.get(id) ?? []);
	}

	/** @param {Node} node */
	#add(node) {
		this.byId.set(node.id, node);
		if (node.digest) push(this.digests, node.digest, node);
		if (node.parent !== null && node.parent !== undefined) push(this.below, node.parent, node);
	}

	/** @param {string | null | undefined} id */
	node(id) {
		return id === null || id === undefined ? undefined : this.byId.get(id);
	}

	/** @param {Node} node @returns {Node[]} */
	children(node) {
		return this.below.get(node.id) ?? [];
	}

	/** The nodes above, the nearest first. @param {Node} node @returns {Node[]} */
	ancestors(node) {
		/** @type {Node[]} */
		const found = [];
		for (let up = this.node(node.parent); up && !found.includes(up); up = this.node(up.parent)) found.push(up);
		return found;
	}

	/** @param {string | null | undefined} digest @returns {Node[]} */
	withDigest(digest) {
		return (digest && this.digests.get(digest)) || [];
	}

	/** The image that a node belongs to, else the chosen one, else the first that was read. @param {Node} [node] */
	imageOf(node) {
		const near = node && [node, ...this.ancestors(node)].find(isImage);
		return near ?? this.chosen();
	}

	/** The image to look at first. @returns {Node | undefined} */
	chosen() {
		this.#chosen ??= this.#choose();
		return this.#chosen[0];
	}

	/** @returns {[Node | undefined]} */
	#choose() {
		const images = this.own.filter(isImage);
		return [images.find((node) => node.chosen) ?? images.find((node) => node.read) ?? images[0]];
	}

	/** @param {Node | undefined} image */
	config(image) {
		if (!image) return this.roots.find((node) => node.kind === "config");
		return image.kind === "schema1" ? image : this.children(image).find((node) => node.kind === "config");
	}

	/** @param {Node | undefined} image */
	layers(image) {
		return image ? this.children(image).filter((node) => node.kind === "layer") : [];
	}

	/** The layers of an image, or the blobs of an artifact: what can be hashed on demand. @param {Node | undefined} image */
	leaves(image) {
		return image ? this.children(image).filter((node) => isLeaf(node) && node.path !== "$.config") : [];
	}

	/** True if the bytes of a layer can be had: from the registry, or from the file that was opened. @param {Node} node */
	reaches(node) {
		return this.report.source.kind === "registry" || node.held === true;
	}

	/** The blobs of an image to download: its config and its layers, as its manifest says. @param {Node} image */
	download(image) {
		const parts = this.children(image).filter(({ size }) => size !== null);
		return parts.length > 0 ? parts.reduce((sum, { size }) => sum + (size ?? 0), 0) : null;
	}

	/** The first node with a failed check, the nearest to the root first. */
	firstFailure() {
		for (const node of this.own) {
			const check = node.checks.find(({ outcome }) => outcome === "fail");
			if (check) return { node, check };
		}
		return undefined;
	}

	/** The image manifests of the index at the root, for choosing one. */
	platforms() {
		this.#platforms ??= this.own.filter((node) => node.kind === "manifest" && node.platform && node.parent !== null);
		return this.#platforms;
	}
}

/** @param {Node} node */
const isImage = (node) => IMAGES.has(node.kind);

/**
 * The mark of a node: the worst of its checks, and never `pass` for bytes that were not read or could not be held
 * against the digest that was given for them.
 * @param {Node} node
 * @returns {Outcome}
 */
export function outcomeOf(node) {
	/** @type {Outcome} */
	let worst = "not-checked";
	for (const { outcome } of node.checks) {
		if (outcome === "fail") return "fail";
		if (outcome === "warn" || (outcome === "pass" && worst !== "warn")) worst = outcome;
	}
	const open = worst === "pass" && node.checks.some(isOpenDigest);
	return node.read && !open ? worst : "not-checked";
}

/**
 * The mark as it is drawn: what was hashed and held against no digest, as the root of a tag is, is neither proved nor open.
 * @param {Node} node
 * @returns {import("../views/marks.js").Mark}
 */
export function markOf(node) {
	const outcome = outcomeOf(node);
	const digest = node.checks.find(({ id }) => id === "digest");
	return outcome === "pass" && digest?.outcome === "not-checked" ? "info" : outcome;
}

/** The digest that a node was promised to have, which is what it is called by; else its own. @param {Node} node */
export const digestOf = ({ checks, digest }) =>
	checks.find(({ id, outcome, expected }) => id === "digest" && outcome === "fail" && /^sha\d+:/.test(expected ?? ""))
		?.expected ?? digest;

/** True if a digest was given whose algorithm cannot be computed here. @param {Check} check */
const isOpenDigest = ({ id, outcome, expected }) => id === "digest" && outcome === "not-checked" && expected !== null;

/** @param {Node} node */
export function tally(node) {
	const counts = { pass: 0, fail: 0, warn: 0, "not-checked": 0 };
	for (const { outcome } of node.checks) counts[outcome]++;
	return counts;
}

/**
 * The name of a node beside its kind: `1` for `layer 1`, nothing of its own for a config called `config`.
 * @param {Node} node
 */
export function titleOf(node) {
	const { title = "", kind } = node;
	const own = title === kind ? "" : title.startsWith(`${kind} `) ? title.slice(kind.length + 1) : title;
	if (kind === "attestation" && own.startsWith("for ")) return t("title.for", { title: own.slice(4) });
	const words = `core.title.${own}`;
	return (has(words) ? t(words) : own) || platformName(node.platform) || node.name || "";
}

/**
 * A name for sentences: its title, else its short digest.
 * @param {Node} node
 */
export const nameOf = (node) => titleOf(node) || shortDigest(node.digest);

/** @param {Map<string, Node[]>} map @param {string} key @param {Node} node */
function push(map, key, node) {
	const list = map.get(key);
	if (list) list.push(node);
	else map.set(key, [node]);
}
