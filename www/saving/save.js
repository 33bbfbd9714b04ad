// Line: Report -> OCI layout tar. Plans the archive of an image, has a worker write it, and hands its pieces to a stream.

import { aborted, workersFor } from "../layers/pool.js";
import { archiveSize, coded, fileName, indexOf, pathOf, treeOf } from "./plan.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").SaveOptions} SaveOptions
 * @typedef {import("../types.js").SavedImage} SavedImage
 * @typedef {import("./pack.js").Entry} Entry
 * @typedef {object} Session what the API gives
 * @property {(digest: string) => Promise<Uint8Array | undefined>} bytesOf
 * @property {(reference: string, options: any) => Promise<Report>} inspect
 * @property {(digest: string, refusal?: import("../layers/source.js").Refusal) => Promise<any>} authorise
 */

/** `oci-layout`, as the image spec has it. */
const LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

let jobs = 0;

/**
 * What the archive will hold; nothing but documents is fetched for that.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 * @returns {Promise<{ facts: SavedImage, entries: Entry[] }>}
 */
export async function planned(report, options, session) {
	const { tree, documents } = await complete(report, options, session);
	const blobs = tree.blobs.map(({ digest, size, name }) => {
		const bytes = documents.get(digest);
		const length = bytes?.length ?? size;
		if (length === null) throw coded("incomplete-image", `nobody says how large ${name} is`);
		return { path: pathOf(digest), size: length, digest, name, bytes };
	});
	const [root] = blobs;
	const index = new TextEncoder().encode(indexOf(tree.root, root?.size ?? 0, report.source.reference));
	const layout = new TextEncoder().encode(LAYOUT);
	const entries = [
		{ path: "oci-layout", size: layout.length, name: "oci-layout", bytes: layout },
		{ path: "index.json", size: index.length, name: "index.json", bytes: index },
		...blobs,
	];
	const facts = {
		name: fileName(report, tree, options.all === true),
		size: archiveSize(entries),
		digest: root?.digest ?? "",
		platforms: tree.platforms,
		blobs: blobs.length,
		download: blobs.reduce((sum, { bytes, size }) => sum + (bytes ? 0 : size), 0),
		leftOut: tree.leftOut.map(({ digest }) => digest ?? ""),
	};
	return { facts, entries };
}

/**
 * The image with the bytes of all its documents; what was not read of it is asked for, once.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 */
async function complete(report, options, session) {
	const tree = treeOf(report, options);
	const first = await withDocuments(tree, session);
	if (first.missing.length === 0) return first;
	const { reference } = report.source;
	if (report.source.kind === "registry" && reference) {
		const { proxy, credentials, signal, all } = options;
		const pinned = `${reference.replace(/(@.*|:[^/:]*)$/, "")}@${tree.root.digest}`;
		const again = await session.inspect(pinned, { proxy, credentials, signal, all });
		const second = await withDocuments(treeOf(again, { image: again.roots[0] }), session);
		if (second.missing.length === 0) return second;
		throw incomplete(second.missing);
	}
	throw incomplete(first.missing);
}

/** @param {import("./plan.js").Tree} tree @param {Session} session */
async function withDocuments(tree, { bytesOf }) {
	/** @type {Map<string, Uint8Array>} */
	const documents = new Map();
	const missing = [];
	for (const blob of tree.blobs) {
		const bytes = blob.document ? await bytesOf(blob.digest) : undefined;
		if (bytes) documents.set(blob.digest, bytes);
		else if (blob.manifest) missing.push(blob);
	}
	return { tree, documents, missing };
}

/** @param {import("./plan.js").Blob[]} missing */
const incomplete = ([first]) =>
	coded("incomplete-image", `${first?.name} (${first?.digest}) was not read, so the image cannot be saved whole`);

/**
 * Writes the archive.
 * @param {Report} report @param {SaveOptions} options @param {Session} session
 * @returns {Promise<SavedImage & { stream?: ReadableStream<Uint8Array> }>} `stream` where no `to` was given
 */
export async function saveImage(report, options, session) {
	if (options.signal?.aborted) throw aborted();
	const { facts, entries } = await planned(report, options, session);
	if (options.to) {
		await write(entries, facts.size, options.to, options, session);
		return facts;
	}
	const { readable, writable } = new TransformStream();
	// What goes wrong reaches the reader by the stream.
	write(entries, facts.size, writable, options, session).catch(() => {});
	return { ...facts, stream: readable };
}

/**
 * @param {Entry[]} entries @param {number} total @param {WritableStream<Uint8Array>} to @param {SaveOptions} options @param {Session} session
 */
async function write(entries, total, to, { signal, onProgress = () => {} }, { authorise }) {
	const writer = to.getWriter();
	const pool = workersFor();
	let bytes = 0;
	const tell = (/** @type {"writing" | "resuming"} */ state, /** @type {string} */ reason = "") =>
		onProgress({ type: "save", state, bytes, total, ...(reason && { reason }) });
	const onState = (/** @type {"reading" | "resuming"} */ state, /** @type {string | undefined} */ reason) =>
		tell(state === "resuming" ? "resuming" : "writing", reason);
	try {
		tell("writing");
		await pool.ready();
		await pool.use(1, signal, async ([hand]) => {
			const { reader, handOver, local } = /** @type {import("../layers/pool.js").Hand} */ (hand);
			const id = ++jobs;
			await reader.pack({ id, entries }, handOver(authorise), handOver(onState), local ? signal : undefined);
			// One piece is made while the one before is written.
			for (let next = reader.packed(id); ; ) {
				const { piece, error } = await next;
				if (error)
					throw Object.assign(coded(error.code ?? "broken-down", error.message), { retryAfter: error.retryAfter });
				if (!piece) return;
				next = reader.packed(id);
				next.catch(() => {});
				await writer.write(piece).catch((/** @type {any} */ error) => {
					throw signal?.aborted
						? aborted()
						: coded("cannot-write", `the archive could not be written: ${error?.message ?? error}`);
				});
				bytes += piece.length;
				tell("writing");
			}
		});
		await writer.close();
	} catch (/** @type {any} */ error) {
		const told = signal?.aborted ? aborted() : error;
		await writer.abort(told).catch(() => {});
		throw told;
	}
}
