// Report -> OCI layout. Writes the files of a layout beside its blobs: its index, a manifest if there was none, a name, a length.

import { coded } from "../../lib/coded.js";
import { member } from "../../lib/member.js";
import { referenceParts } from "../../model/model.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("./plan.js").Tree} Tree
 */

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const NAME = "io.containerd.image.name";
const TAG = "org.opencontainers.image.ref.name";

/**
 * The path of a blob in the layout.
 * @param {string} digest
 */
export const pathOf = (digest) => `blobs/${digest.replace(":", "/")}`;

/**
 * The image's names: containerd and Docker use the first for an image that they load, other tools the second.
 * @param {Report} report @param {Tree} tree @param {Uint8Array} [above] the layout's index that names it
 * @returns {Record<string, string> | undefined}
 */
export function labelsOf({ source }, { root, make }, above) {
	const given = above && named(above, root.digest);
	if (given) return given;
	// A `docker save` lists its images by their tags.
	const title = make && /^[^\s:]+(:\d+\/[^\s:]+)?:\w[\w.-]{0,127}$/.test(root.title ?? "") ? root.title : undefined;
	const { tag, name } = referenceParts(source.reference ?? title) ?? {};
	return tag ? { [NAME]: `${name}:${tag}`, [TAG]: tag } : undefined;
}

/** The annotations of its descriptor in the layout. @param {Uint8Array} above @param {string | null} digest @returns {Record<string, string> | undefined} */
function named(above, digest) {
	try {
		const manifests = member(JSON.parse(new TextDecoder().decode(above)), "manifests");
		const annotations = member(
			manifests.find((/** @type {unknown} */ one) => member(one, "digest") === digest),
			"annotations",
		);
		const names = [NAME, TAG].filter((key) => typeof annotations?.[key] === "string");
		return names.length > 0 ? Object.fromEntries(names.map((key) => [key, annotations[key]])) : undefined;
	} catch {
		// The checks of this document are not repeated.
		return undefined;
	}
}

/**
 * `index.json`: the one descriptor that leads to everything else.
 * @param {Node} root @param {{ digest: string, size: number, mediaType?: string | null }} descriptor @param {Record<string, string>} [annotations]
 */
export function indexOf(root, { digest, size, mediaType }, annotations) {
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
	const manifest = {
		mediaType: mediaType ?? MANIFEST,
		digest,
		size,
		...(annotations && { annotations }),
		...(platform && { platform }),
	};
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: "application/vnd.oci.image.index.v1+json",
		manifests: [manifest],
	});
}

/** A digest that is not known yet, in its length. */
const OPEN = `sha256:${"0".repeat(64)}`;

/**
 * The manifest of an image that had none.
 * @param {import("./plan.js").Made} made @param {(node: Node) => { digest: string, size: number }} blob
 */
export function manifestOf({ config, layers }, blob) {
	const descriptor = (/** @type {string} */ mediaType, /** @type {Node} */ node) => {
		const { digest, size } = blob(node);
		return { mediaType, digest: digest || OPEN, size };
	};
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: MANIFEST,
		config: descriptor("application/vnd.oci.image.config.v1+json", config),
		layers: layers.map((node) => descriptor(layerType(node), node)),
	});
}

/** @param {Node} node */
function layerType({ compression = "none", title }) {
	const suffix = { none: "", gzip: "+gzip", zstd: "+zstd" }[/** @type {string} */ (compression)];
	if (suffix === undefined)
		throw coded("cannot-save", `${title} is compressed with ${compression}, which OCI does not know`);
	return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}

/**
 * The file name of the archive: `busybox-latest-linux-amd64.tar`.
 * @param {Report} report @param {Tree} tree @param {boolean} all @param {Record<string, string>} [labels]
 */
export function fileName({ source }, { root, platforms }, all, labels) {
	const { name = "", tag = labels?.[TAG] } = referenceParts(labels?.[NAME] ?? source.reference) ?? {};
	const base = name.slice(name.lastIndexOf("/") + 1) || (source.name ?? "").replace(/^.*\/|\.(tar|tgz|json)\b.*$/g, "");
	const parts = [base || "image", tag ?? root.digest?.split(":")[1]?.slice(0, 12), all ? undefined : platforms[0]];
	const text = parts
		.filter(Boolean)
		.join("-")
		.replace(/[^\w.]+/g, "-");
	return `${text.slice(0, 120).replace(/^[-.]+/, "")}.oci.tar`;
}

/**
 * The length of the archive: a header, the bytes, and zeros to the next block for each entry, two blocks at its end.
 * @param {Pick<import("./pack.js").Entry, "path" | "size">[]} entries
 */
export const archiveSize = (entries) =>
	entries.reduce((sum, entry) => sum + headerSize(entry) + blocks(entry.size), 2 * BLOCK);

const BLOCK = 512;

/** A size or name that does not fit into a tar header is in a PAX record before it: two blocks more. */
const LARGEST = 8 * 1024 ** 3 - 1;
const LONGEST = 100;

/** @param {Pick<import("./pack.js").Entry, "path" | "size">} entry */
const headerSize = ({ path, size }) => (size > LARGEST || path.length > LONGEST ? 3 * BLOCK : BLOCK);

/** @param {number} size */
const blocks = (size) => Math.ceil(size / BLOCK) * BLOCK;
