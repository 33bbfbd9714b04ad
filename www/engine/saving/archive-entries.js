// Report -> OCI layout. The files that an archive will hold, with their bytes or the way to them.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { workersFor } from "../layers/pool.js";
import { archiveSize, fileName, indexOf, labelsOf, manifestOf, pathOf } from "./oci-layout.js";
import { isLayoutIndex, treeOf } from "./plan.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").SaveOptions} SaveOptions
 * @typedef {import("../../types.js").SavedImage} SavedImage
 * @typedef {import("./pack.js").Entry} Entry
 * @typedef {import("./save.js").Session} Session
 */

/** `oci-layout`, as the image spec has it. */
const LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

/**
 * The entries of the archive; only documents are fetched for the list.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 * @returns {Promise<{ facts: SavedImage, entries: Entry[] }>}
 */
export async function planned(report, options, session) {
	const { tree, documents, places } = await complete(report, options, session);
	const blobs = tree.blobs.map(({ id, digest, size, name }) => {
		const bytes = documents.get(digest) ?? places?.get(id)?.bytes;
		const length = lengthOf(bytes) ?? size;
		if (length === null) throw coded("incomplete-image", `the size of ${name} is not known`);
		if (!bytes && report.source.kind !== "registry") throw incomplete(name, digest);
		return { id, path: pathOf(digest), size: length, digest, name, bytes };
	});
	const made = tree.make && (await madeManifest(tree.make, blobs));
	const labels = labelsOf(report, tree, await aboveOf(report, tree.root, session));
	const entries = [...frameOf(tree, made ?? blobs[0], documents, labels), ...(made ? [made] : []), ...blobs];
	const facts = {
		name: fileName(report, tree, options.all === true, labels),
		size: archiveSize(entries),
		digest: tree.layout ? (tree.root.digest ?? "") : (entries[2]?.digest ?? ""),
		platforms: tree.platforms,
		blobs: entries.length - 2,
		download: blobs.reduce((sum, { bytes, size }) => sum + (bytes ? 0 : size), 0),
		...(made && { made: true }),
		leftOut: tree.leftOut.map(({ digest }) => digest ?? ""),
	};
	return { facts, entries };
}

/** Of what is at hand. @param {Entry["bytes"]} bytes */
const lengthOf = (bytes) => (bytes instanceof Uint8Array ? bytes.length : bytes?.size);

/** The index of the layout that names the image. @param {Report} report @param {import("../../types.js").Node} root @param {Session} session */
async function aboveOf(report, root, { bytesOf }) {
	const above = report.nodes.find(({ id }) => id === root.parent);
	return above && isLayoutIndex(report, above) ? bytesOf(above.digest ?? "") : undefined;
}

/**
 * The first entries of every layout.
 * @param {import("./plan.js").Tree} tree @param {Entry | undefined} root @param {Map<string, Uint8Array>} documents
 * @param {Record<string, string>} [labels]
 * @returns {Entry[]}
 */
function frameOf(tree, root, documents, labels) {
	const { digest = "", size = 0 } = root ?? {};
	const mediaType = tree.make ? undefined : tree.root.mediaType;
	const index = tree.layout
		? documents.get(tree.root.digest ?? "")
		: encoded(indexOf(tree.root, { digest, size, mediaType }, labels));
	if (!index) throw incomplete("index.json", tree.root.digest ?? "");
	const layout = encoded(LAYOUT);
	return [
		{ path: "oci-layout", size: layout.length, name: "oci-layout", bytes: layout },
		{ path: "index.json", size: index.length, name: "index.json", bytes: index },
	];
}

/** @param {import("./plan.js").Made} make @param {(Entry & { id: string })[]} blobs @returns {Promise<Entry>} */
async function madeManifest(make, blobs) {
	const known = new Map(blobs.map(({ id, digest = "", size }) => [id, { digest, size }]));
	// Layers that are the same blob have one entry.
	const byDigest = new Map(blobs.map(({ digest = "", size }) => [digest, { digest, size }]));
	const blobOf = (/** @type {import("../../types.js").Node} */ { id, digest }) =>
		known.get(id) ?? byDigest.get(digest ?? "") ?? { digest: "", size: 0 };
	const bytes = encoded(manifestOf(make, blobOf));
	const digest = await sha256(bytes);
	return { path: pathOf(digest), size: bytes.length, digest, name: "the manifest that was made", bytes };
}

/** @param {Uint8Array} bytes */
const sha256 = (bytes) =>
	workersFor().use(1, undefined, ([worker]) =>
		/** @type {import("../layers/pool.js").PoolWorker} */ (worker).reader.sha256(bytes),
	);

/** @param {string} text */
const encoded = (text) => new TextEncoder().encode(text);

/**
 * The image with the bytes of all its documents; what was not read of it is asked for, once.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 */
async function complete(report, options, session) {
	const tree = treeOf(report, options);
	const places = placesOf(report);
	const first = await withDocuments(tree, session, places);
	const [missing] = first.missing;
	if (!missing) return { ...first, places };
	const { reference } = report.source;
	if (report.source.kind !== "registry" || !reference) throw incomplete(missing.name, missing.digest);
	const { proxy, credentials, signal, all } = options;
	const pinned = `${reference.replace(/(@.*|:[^/:]*)$/, "")}@${tree.root.digest}`;
	const again = await session.inspect(pinned, { proxy, credentials, signal, all });
	const second = await withDocuments(treeOf(again, { image: again.roots[0] }), session);
	const [still] = second.missing;
	if (still) throw incomplete(still.name, still.digest);
	return { ...second, places: undefined };
}

/**
 * @param {import("./plan.js").Tree} tree @param {Session} session
 * @param {ReturnType<typeof placesOf>} [places] where the bytes of what was opened lie
 */
async function withDocuments(tree, { bytesOf }, places) {
	/** @type {Map<string, Uint8Array>} */
	const documents = new Map();
	const missing = [];
	const index = {
		digest: tree.root.digest ?? "",
		document: true,
		manifest: true,
		id: tree.root.id,
		name: "index.json",
	};
	for (const { id, name, digest, document, manifest } of tree.layout ? [index, ...tree.blobs] : tree.blobs) {
		const bytes = document ? await bytesOf(digest) : undefined;
		if (bytes) documents.set(digest, bytes);
		else if (manifest && !places?.has(id)) missing.push({ name, digest });
	}
	return { tree, documents, missing };
}

/** @param {string} name @param {string} digest */
const incomplete = (name, digest) =>
	coded("incomplete-image", `${name} (${digest}) was not read, so the image cannot be saved whole`);
