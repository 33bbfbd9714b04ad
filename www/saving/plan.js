// Line: Report -> OCI layout. Which blobs an image is made of, in the order in which its archive holds them.

import { platformKey } from "../format.js";
import { referenceParts } from "../model.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {{ image?: string, platform?: string, all?: boolean }} Which one image by its node's id or its platform, or all
 * @typedef {object} Blob one of the layout's
 * @property {string} digest
 * @property {number | null} size as its descriptor says, or as it was read
 * @property {boolean} document read as a whole before; all others are streamed
 * @property {boolean} manifest served by the registry as a manifest, not as a blob
 * @property {string} name for sentences
 * @typedef {{ root: Node, blobs: Blob[], leftOut: Node[], platforms: string[] }} Tree `leftOut`: what registries may not
 *   hand out, and tools do not copy
 */

/** Digests as the image spec's grammar has them; each becomes a path. */
const DIGEST = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/;

/** What holds a config and layers, and what holds these. */
const MANIFESTS = new Set(["index", "manifest", "artifact", "attestation", "signature", "schema1"]);

/**
 * The image that is asked for, with all that it names.
 * @param {Report} report @param {Which} which
 * @returns {Tree} throws an Error with a `code`
 */
export function treeOf(report, which) {
	const root = rootOf(report, which);
	if (root.kind === "schema1")
		throw coded("cannot-save", "a schema 1 manifest has no config and cannot stand in an OCI layout");
	/** @type {Map<string, Blob>} */
	const blobs = new Map();
	/** @type {Node[]} */
	const leftOut = [];
	const below = childrenOf(report);
	const visit = (/** @type {Node} */ node, /** @type {boolean} */ manifest) => {
		if (isForeign(node)) return leftOut.push(node);
		const blob = blobOf(node, manifest);
		if (blobs.has(blob.digest)) return;
		blobs.set(blob.digest, blob);
		for (const child of below.get(node.id) ?? []) visit(child, node.kind === "index");
	};
	visit(root, true);
	const platforms = [...below.values(), [root]]
		.flat()
		.filter((node) => node.kind === "manifest" && blobs.has(node.digest ?? ""));
	return {
		root,
		blobs: [...blobs.values()],
		leftOut,
		platforms: [...new Set(platforms.map(platformOf).filter(Boolean))],
	};
}

/** @param {Report} report @param {Which} which @returns {Node} */
function rootOf(report, { image, platform, all }) {
	const images = report.nodes.filter(({ kind }) => MANIFESTS.has(kind) && kind !== "index");
	const roots = report.roots.flatMap((id) => report.nodes.find((node) => node.id === id) ?? []);
	if (all) {
		const [root, ...others] = roots.filter(({ kind }) => MANIFESTS.has(kind));
		if (root && others.length === 0) return root;
		throw coded("cannot-save", `there are ${others.length + (root ? 1 : 0)} images in view; choose one of them`);
	}
	const found =
		image !== undefined
			? report.nodes.find((node) => node.id === image && MANIFESTS.has(node.kind))
			: platform !== undefined
				? images.find((node) => platformOf(node) === platform)
				: (images.find((node) => node.chosen) ?? images.find((node) => node.read) ?? images[0]);
	if (found) return found;
	const asked = image ?? platform;
	throw coded("cannot-save", asked ? `there is no image "${asked}" in the report` : "there is no image in the report");
}

/** @param {Node} node @param {boolean} manifest @returns {Blob} */
function blobOf(node, manifest) {
	const claimed = node.checks.find(({ id, expected }) => id === "digest" && expected)?.expected;
	const digest = claimed ?? node.digest ?? "";
	const { kind, title = digest } = node;
	const name = title.startsWith(kind) ? title : `${kind} ${title}`;
	if (!DIGEST.test(digest)) throw coded("cannot-save", `${name} has no digest that could name a file`);
	return { digest, size: node.size, document: manifest || (node.read && node.kind !== "layer"), manifest, name };
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

/**
 * Where a blob lies in the layout.
 * @param {string} digest
 */
export const pathOf = (digest) => `blobs/${digest.replace(":", "/")}`;

/**
 * `index.json`: the one descriptor that leads to everything else, with its tag where there is one.
 * @param {Node} root @param {number} size @param {string | undefined} reference
 */
export function indexOf(root, size, reference) {
	const { tag, name } = referenceParts(reference) ?? {};
	const annotations = tag && {
		// containerd and Docker name the image they load by the first, everybody else by the second.
		"io.containerd.image.name": `${name}:${tag}`,
		"org.opencontainers.image.ref.name": tag,
	};
	const { os, architecture, variant, osVersion, osFeatures } = root.platform ?? {};
	const platform = os &&
		architecture &&
		root.kind === "manifest" && {
			architecture,
			os,
			...(osVersion && { "os.version": osVersion }),
			...(osFeatures && { "os.features": osFeatures }),
			...(variant && { variant }),
		};
	const descriptor = {
		mediaType: root.mediaType ?? "application/vnd.oci.image.manifest.v1+json",
		digest: root.digest,
		size,
		...(annotations && { annotations }),
		...(platform && { platform }),
	};
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: "application/vnd.oci.image.index.v1+json",
		manifests: [descriptor],
	});
}

/**
 * What the archive is called: `busybox-latest-linux-amd64.tar`.
 * @param {Report} report @param {Tree} tree @param {boolean} all
 */
export function fileName({ source }, { root, platforms }, all) {
	const { name = "", tag } = referenceParts(source.reference) ?? {};
	const base = name.slice(name.lastIndexOf("/") + 1) || (source.name ?? "").replace(/^.*\/|\.(tar|tgz|json)\b.*$/g, "");
	const parts = [base || "image", tag ?? root.digest?.split(":")[1]?.slice(0, 12), all ? undefined : platforms[0]];
	const text = parts
		.filter(Boolean)
		.join("-")
		.replace(/[^\w.]+/g, "-");
	return `${text.slice(0, 120).replace(/^[-.]+/, "")}.oci.tar`;
}

/**
 * How long the archive will be: a header, the bytes, and zeros to the next block for each entry, two blocks at its end.
 * @param {Pick<import("./pack.js").Entry, "path" | "size">[]} entries
 */
export const archiveSize = (entries) =>
	entries.reduce((sum, entry) => sum + headerSize(entry) + blocks(entry.size), 2 * BLOCK);

const BLOCK = 512;

/** What does not fit into a tar header stands in a PAX record before it: two blocks more. */
const LARGEST = 8 * 1024 ** 3 - 1;
const LONGEST = 100;

/** @param {Pick<import("./pack.js").Entry, "path" | "size">} entry */
const headerSize = ({ path, size }) => (size > LARGEST || path.length > LONGEST ? 3 * BLOCK : BLOCK);

/** @param {number} size */
const blocks = (size) => Math.ceil(size / BLOCK) * BLOCK;

/** @param {string} code @param {string} message */
export const coded = (code, message) => Object.assign(new Error(message), { code });
