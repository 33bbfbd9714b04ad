// Opens files and folders: told by their bytes, read where they lie.

import { isLeaf } from "../layers/leaf.js";
import { withNodes } from "../layers/merge.js";
import { aborted, workersFor } from "../layers/pool.js";
import { ENTRIES, inHalves, nextJob, restOf } from "../layers/read-layer.js";
import { SPLIT } from "../layers/verify.js";
import { layerFiles } from "./blobs.js";
import { formOf } from "./file-kind.js";
import { asFolder, foldersOf, looseFolder } from "./folder.js";
import { joinReports } from "./join-reports.js";
import { judged, WHOLE } from "./judge.js";
import { withPlaces } from "./places.js";
import { proved, withEntries } from "./proofs.js";
import { readMissing } from "./read-missing.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("./places.js").Place} Place
 * @typedef {import("./list.js").Listed} Listed
 * @typedef {{ text?: string, file?: Blob, name?: string }} Given
 * @typedef {Given & { file: Blob, form?: string, listed?: Listed, unpackedText?: Uint8Array }} File as far as it is known
 * @typedef {{ run: typeof import("../session.js").run, ask: typeof import("../session.js").ask, listener: typeof import("../session.js").listener }} Session
 * @typedef {{ session: Session, expected?: string, mediaType?: string, name?: string, signal?: AbortSignal,
 *   limits?: import("../../types.js").LayerLimits, onProgress?: (event: import("../../types.js").ProgressEvent) => void }} Options
 */

/** A tar up to this size is hashed itself before what is in it; a larger one if its own digest may be asked for. */
const HASHED = 4 * 1024 * 1024;

/**
 * @param {Given[]} given @param {Options} options
 * @returns {Promise<Report>}
 */
export async function openFiles(given, options) {
	if (options.signal?.aborted) throw aborted();
	const { reports, rest } = await folders(given, options);
	/** @type {Given[]} */
	const others = [];
	for (const one of rest) {
		const file = one.file && (await known(/** @type {File} */ (one), options));
		const archive = file?.listed && (await archiveOf(file, given.length, options));
		if (archive) reports.push(archive);
		else others.push(file ? await asLayer(file, options) : one);
	}
	if (others.length > 0 || reports.length === 0) reports.unshift(await layerFiles(others, options));
	return joinReports(reports);
}

/** The folders with images among files, and the files that lie in none. @param {Given[]} given @param {Options} options */
async function folders(given, options) {
	/** @type {Report[]} */
	const reports = [];
	const { folders, rest } = foldersOf(given);
	const digestOf = async (/** @type {Blob} */ file) =>
		(await list({ file }, { how: "whole" }, options)).verdict?.digest;
	const loose = folders.length === 0 && (await looseFolder(given, digestOf));
	if (loose) folders.push(given);
	for (const files of folders) {
		const found = await opened(loose || asFolder(files), options, options.name);
		if (found) reports.push(await judged(found, options));
		else if (!loose) rest.push(...files);
	}
	return { reports, rest: reports.length > 0 && loose ? [] : rest };
}

/** Reads the kind of a file and its contents. @param {File} one @param {Options} options @returns {Promise<File>} */
async function known(one, options) {
	const form = await formOf(one.file);
	if (!form) return { ...one, form };
	const { size } = one.file;
	const lies = size > WHOLE ? "headers" : "either";
	const how = form !== "tar" || size <= HASHED ? "whole" : lies;
	const listed = await list({ ...one, form }, { how, proves: true }, options);
	return { ...one, form, listed, unpackedText: form === "tar" ? undefined : listed.text };
}

/** If the file is not an archive, it is read as a single layer. @param {File} one @param {Options} options @returns {Promise<File>} */
async function asLayer(one, options) {
	const { listed, form, file } = one;
	if (!listed || (listed.verdict ? !listed.proofs : file.size > WHOLE)) return one;
	const whole = await list(one, { how: "whole" }, options);
	return { ...one, listed: whole, unpackedText: form === "tar" ? undefined : whole.text };
}

/**
 * In two workers if there is much to unpack.
 * @param {File} one @param {{ how: import("./list.js").How, proves?: boolean }} how @param {Options} options
 * @returns {Promise<Listed>}
 */
function list({ file, name, form }, how, { signal, limits, onProgress }) {
	const job = { id: nextJob(), file, ...how, entries: ENTRIES, limits };
	const text = `listing ${name || "the file"}`;
	const onCount = (/** @type {number} */ done) => onProgress?.({ type: "stage", text, done, total: file.size });
	onCount(0);
	const pool = workersFor();
	const two = pool.size > 1 && form && form !== "tar" && file.size >= SPLIT;
	return pool.use(two ? 2 : 1, signal, async ([worker, second]) => {
		const { reader, handOver, local } = /** @type {import("../layers/pool.js").PoolWorker} */ (worker);
		const last = /** @type {import("../layers/pool.js").PoolWorker} */ (second ?? worker);
		const stop = local ? signal : undefined;
		/** @type {(count: { bytes: number }) => void} */
		const onBytes = ({ bytes }) => onCount(bytes);
		const front = { spec: { outer: true, size: file.size, limits }, entries: 0, bytes: file };
		const calls = /** @type {[any, any, any, any]} */ ([undefined, handOver(() => {}), handOver(onBytes), stop]);
		const [listed, memory] = second
			? await inHalves(reader, front, calls, (port) => last.reader.listBack(job, port))
			: [await reader.list(job, handOver(onCount), stop)];
		worker.memory = memory;
		last.memory = listed.memory;
		await withEntries(last.reader, job, listed.proofs);
		return { ...listed, entries: await restOf(last.reader, job, listed.entries, listed.entryCount) };
	});
}

/** The report of a file that holds images. @param {File} one @param {number} among @param {Options} options */
async function archiveOf({ file, form, name, listed }, among, options) {
	if (!listed) return undefined;
	const { index, kept, isFull, verdict } = listed;
	const plain = form === "tar";
	const source = { index, size: file.size, digest: verdict?.digest, ...(plain ? { file } : { kept, isFull }) };
	const found = await opened(
		{ ...source, packed: plain ? undefined : file },
		options,
		among > 1 ? name : (options.name ?? name),
	);
	if (!found) return undefined;
	// The digest may be the file's own, and then all of it has to be read.
	if (isOpen(found, options) && !verdict) {
		const whole = await list({ file, name }, { how: "whole" }, options);
		return archiveOf({ file, form, name, listed: { ...whole, kept: new Map() } }, among, options);
	}
	const [root] = found.nodes;
	const facts = { entries: listed.entries, entryCount: listed.entryCount, compression: verdict?.compression ?? "none" };
	const own = { .../** @type {Node} */ (root), ...facts, ...(verdict && { unpacked: verdict.unpacked }) };
	own.checks = [...own.checks, ...listed.checks.map(aboutArchive)];
	const report = await proved(withNodes(found, [own]), listed.proofs, options);
	return judged(report, options, file.size);
}

/** True if nothing in a file has the digest that is asked for, as far as it was read. @param {Report} report @param {Options} options */
const isOpen = ({ nodes }, { expected }) =>
	nodes[0]?.checks.some(({ id, outcome, source, expected: told }) =>
		[id === "digest", outcome === "not-checked", source === "user", told === expected].every(Boolean),
	);

/**
 * True if a wanted entry was not kept: there was no room, or the entry in the place of a document is none.
 * @param {{ asked?: Map<number, number> }} outcome @param {import("../remote.js").ArchiveSource} source
 */
const lacks = ({ asked = new Map() }, { isFull, kept }) =>
	isFull || (kept && [...asked].some(([entry, length]) => (kept.get(entry)?.length ?? length) < length));

/** True if the file that was read as a layer is none. @param {import("../../types.js").Check} check */
const aboutArchive = (check) => ({ ...check, message: check.message.replaceAll("the layer ", "the archive ") });

/**
 * @param {import("../remote.js").ArchiveSource} source @param {Options} options @param {string} [name]
 * @returns {Promise<Report | undefined>} none if there are no images in it
 */
async function opened(source, { session, expected, signal, limits, onProgress }, name) {
	const { packed } = source;
	const open = async (/** @type {import("../remote.js").ArchiveSource} */ from) =>
		/** @type {Report & { places?: any[], asked?: Map<number, number> }} */ (
			await session.run(signal, (remote, job) =>
				remote.openArchive(job, from, { expected, name }, session.listener(remote, onProgress)),
			)
		);
	const first = await open(source);
	const text = `reading ${name || "the file"} again`;
	const onPass = () => onProgress?.({ type: "stage", text, done: 0, total: 0 });
	const outcome = lacks(first, source) ? await readMissing(first, source, open, { signal, limits, onPass }) : first;
	const { places = [], asked, ...report } = outcome;
	if (!report.schema) return undefined;
	/** @type {Map<string, Place>} */
	const found = new Map();
	for (const { id, entry, at, size, nameless, blob, sizeless } of places) {
		const bytes = packed
			? { file: packed, entry, size, limits }
			: (source.blobs?.[entry] ?? /** @type {Blob} */ (source.file).slice(at, at + size));
		found.set(id, { key: String(entry), bytes, nameless, blob, sizeless });
	}
	await inline(report, found, (digest) => session.ask((remote) => remote.bytesOf(digest)));
	const nodes = report.nodes.map((node) => (found.has(node.id) ? { ...node, held: true } : node));
	return withPlaces({ ...report, nodes }, found);
}

/**
 * Adds the layers whose bytes stand in their descriptors (`data`): the session has read them, and no entry has to.
 * @param {Report} report @param {Map<string, Place>} found @param {(digest: string) => Promise<Uint8Array | undefined>} bytesOf
 */
async function inline({ nodes }, found, bytesOf) {
	for (const node of nodes) {
		if (!isLeaf(node) || !node.read || !node.digest || found.has(node.id)) continue;
		const bytes = await bytesOf(node.digest);
		if (bytes) found.set(node.id, { key: node.digest, bytes });
	}
}
