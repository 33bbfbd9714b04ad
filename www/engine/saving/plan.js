// Report -> OCI layout. Lists the blobs of an image in the order in which its archive holds them.

import { platformKey } from "../../i18n/format.js";
import { coded } from "../../lib/coded.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {{ image?: string, platform?: string, all?: boolean }} Which one image by its node's id or its platform, or all
 * @typedef {object} Blob one of the layout's
 * @property {string} id of its node
 * @property {string} digest empty for a layer of a `docker save` that was not read yet
 * @property {number | null} size as its descriptor says, or as it was read
 * @property {boolean} document read as a whole before; all others are streamed
 * @property {boolean} manifest served by the registry as a manifest, not as a blob
 * @property {string} name for sentences
 * @typedef {{ root: Node, blobs: Blob[], leftOut: Node[], platforms: string[], layout: boolean, make?: Made }} Tree
 *   `leftOut`: what registries may not hand out, and tools do not copy; `layout`: the root is a layout's own index.json;
 *   `make`: a manifest has to be made
 * @typedef {{ config: Node, layers: Node[] }} Made
 */

/** Digests as the image spec's grammar has them; each becomes a path. */
const DIGEST = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/;

/** Documents with a config and layers, and documents that name these. */
const MANIFESTS = new Set(["index", "manifest", "artifact", "attestation", "signature", "schema1"]);

/**
 * The image that is asked for, with all that it names.
 * @param {Report} report @param {Which} which
 * @returns {Tree} throws an Error with a `code`
 */
export function treeOf(report, which) {
	const below = childrenOf(report);
	const root = rootOf(report, which, below);
	if (root.kind === "schema1")
		throw coded("cannot-save", "a schema 1 manifest has no config and cannot stand in an OCI layout");
	const make = madeOf(root, below);
	const layout = isLayoutIndex(report, root);
	/** @type {Map<string, Blob>} */
	const blobs = new Map();
	/** @type {Node[]} */
	const leftOut = [];
	const visit = (/** @type {Node} */ node, /** @type {boolean} */ manifest) => {
		if (isForeign(node)) return leftOut.push(node);
		if (node !== root || !(layout || make)) {
			const blob = blobOf(node, manifest, make !== undefined);
			const key = blob.digest || blob.id;
			if (blobs.has(key)) return;
			blobs.set(key, blob);
		}
		for (const child of below.get(node.id) ?? []) visit(child, node.kind === "index");
	};
	visit(root, true);
	const all = [...below.values(), [root]].flat();
	const platforms = all.filter((node) => node.kind === "manifest" && (node === root || blobs.has(node.digest ?? "")));
	return {
		root,
		blobs: [...blobs.values()],
		leftOut,
		platforms: [...new Set(platforms.map(platformOf).filter(Boolean))],
		layout,
		make,
	};
}

/** @param {Report} report @param {Which} which @param {Map<string, Node[]>} below @returns {Node} */
function rootOf(report, { image, platform, all }, below) {
	const images = report.nodes.filter(({ kind }) => MANIFESTS.has(kind) && kind !== "index");
	const chosen = images.find((node) => node.chosen) ?? images.find((node) => node.read) ?? images[0];
	const found =
		image !== undefined
			? report.nodes.find((node) => node.id === image && MANIFESTS.has(node.kind))
			: platform !== undefined
				? images.find((node) => platformOf(node) === platform)
				: (chosen ?? report.nodes.find(({ kind }) => kind === "index"));
	const one = found && (twinOf(images, found) ?? found);
	if (one) return all ? topOf(report, one, below) : one;
	const asked = image ?? platform;
	throw coded("cannot-save", asked ? `there is no image "${asked}" in the report` : "there is no image in the report");
}

/** Archives of Docker 25 and later list an image twice; one of them has a manifest. @param {Node[]} images @param {Node} image */
const twinOf = (images, { digest, imageId }) =>
	digest ? undefined : images.find((other) => other.digest && imageId !== undefined && other.imageId === imageId);

/** The highest index above, but for a layout's own that names nothing else. @param {Report} report @param {Node} image @param {Map<string, Node[]>} below */
function topOf(report, image, below) {
	let top = image;
	for (let up = report.nodes.find(({ id }) => id === image.parent); up; ) {
		const only = isLayoutIndex(report, up) && below.get(up.id)?.length === 1;
		if (up.kind === "index" && !only) top = up;
		const { parent } = up;
		up = report.nodes.find(({ id }) => id === parent);
	}
	return top;
}

/** True for the index.json of a layout, which is no blob of it. @param {Report} report @param {Node} node */
export const isLayoutIndex = ({ source }, { kind, title }) =>
	source.kind === "file" && kind === "index" && title === "index.json";

/** An image of a classic `docker save` has a config and layers, and no manifest. @param {Node} root @param {Map<string, Node[]>} below @returns {Made | undefined} */
function madeOf({ id, kind, digest }, below) {
	if (kind !== "manifest" || digest) return undefined;
	const children = below.get(id) ?? [];
	const config = children.find((node) => node.kind === "config");
	if (!config)
		throw coded("incomplete-image", "the config of this image is missing, so no manifest can be made for it");
	return { config, layers: children.filter((node) => node.kind === "layer") };
}

/** @param {Node} node @param {boolean} manifest @param {boolean} nameless whether its digest may not be known yet @returns {Blob} */
function blobOf(node, manifest, nameless) {
	const claimed = node.checks.find(({ id, expected }) => id === "digest" && expected)?.expected;
	const digest = claimed ?? node.digest ?? "";
	const { id, kind, title = digest } = node;
	const name = title.startsWith(kind) ? title : `${kind} ${title}`;
	const open = nameless && digest === "";
	if (!open && !DIGEST.test(digest)) throw coded("cannot-save", `${name} has no digest that could name a file`);
	return { id, digest, size: node.size, document: manifest || (node.read && kind !== "layer"), manifest, name };
}

/** Layers that come from elsewhere by licence: their media types say so. @param {Node} node */
const isForeign = ({ kind, urls, mediaType }) =>
	kind === "layer" && (urls?.length ?? 0) > 0 && /nondistributable|foreign/.test(mediaType ?? "");

/** @param {Report} report */
function childrenOf(report) {
	/** @type {Map<string, Node[]>} */
	const below = new Map();
	for (const node of report.nodes) {
		if (node.parent === null) continue;
		const list = below.get(node.parent);
		if (list) list.push(node);
		else below.set(node.parent, [node]);
	}
	return below;
}

/** @param {Node} node */
export const platformOf = (node) => platformKey(node.platform);
