// Line: Report -> www. A report with its indexes: children, digests, the image in view, the mark of each node.

import { platformName, shortDigest } from "./format.js";
import { has, t } from "./strings.js";

/**
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").Node} Node
 * @typedef {import("./types.js").Check} Check
 * @typedef {import("./types.js").Outcome} Outcome
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
		const images = this.report.nodes.filter(isImage);
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

	/** Whether the bytes of a layer can be had: from the registry, or from the file that was opened. @param {Node} node */
	reaches(node) {
		return this.report.source.kind === "registry" || node.held === true;
	}

	/** The first node with a failed check, the nearest to the root first. */
	firstFailure() {
		for (const node of this.report.nodes) {
			const check = node.checks.find(({ outcome }) => outcome === "fail");
			if (check) return { node, check };
		}
		return undefined;
	}

	/** The image manifests of the index at the root, for choosing one. */
	platforms() {
		this.#platforms ??= this.report.nodes.filter(
			(node) => node.kind === "manifest" && node.platform && node.parent !== null,
		);
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

/** Whether a digest was given whose algorithm cannot be computed here. @param {Check} check */
const isOpenDigest = ({ id, outcome, expected }) => id === "digest" && outcome === "not-checked" && expected !== null;

/** @param {Node} node */
export function tally(node) {
	const counts = { pass: 0, fail: 0, warn: 0, "not-checked": 0 };
	for (const { outcome } of node.checks) counts[outcome]++;
	return counts;
}

/**
 * What a node is called beside its kind: `1` for `layer 1`, nothing of its own for a config called `config`.
 * @param {Node} node
 */
export function titleOf(node) {
	const { title = "", kind } = node;
	const own = title === kind ? "" : title.startsWith(`${kind} `) ? title.slice(kind.length + 1) : title;
	if (kind === "attestation" && own.startsWith("for ")) return t("title.for", { title: own.slice(4) });
	const words = `core.said.${own}`;
	return (has(words) ? t(words) : own) || platformName(node.platform) || node.name || "";
}

/**
 * A name for sentences: its title, else its short digest.
 * @param {Node} node
 */
export const nameOf = (node) => titleOf(node) || shortDigest(node.digest);

/**
 * The parts of a canonical reference; `pinned` where it names a digest.
 * @param {string | undefined} reference
 */
export function referenceParts(reference) {
	if (!reference) return undefined;
	const [named = "", digest] = reference.split("@");
	const slash = named.lastIndexOf("/");
	const colon = named.indexOf(":", slash + 1);
	const name = colon < 0 ? named : named.slice(0, colon);
	const tag = colon < 0 ? undefined : named.slice(colon + 1);
	const first = name.indexOf("/");
	return { name, tag, digest, registry: name.slice(0, first), repository: name.slice(first + 1) };
}

/**
 * The line that pins what a tag gave: `name@sha256:…`; nothing where the reference was pinned or nothing was read.
 * @param {Model} model
 */
export function pinLine(model) {
	const parts = referenceParts(model.report.source.reference);
	const root = model.roots[0];
	if (!parts || parts.digest || !root?.read || !root.digest) return undefined;
	return `${parts.name}@${root.digest}`;
}

/** @param {Map<string, Node[]>} map @param {string} key @param {Node} node */
function push(map, key, node) {
	const list = map.get(key);
	if (list) list.push(node);
	else map.set(key, [node]);
}
