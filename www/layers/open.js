// Line: drop -> archives, layers, documents -> Report. Files that somebody has: told by their bytes, opened where they lie.

import { nextJob, restOf } from "./attempt.js";
import { layerFiles } from "./blobs.js";
import { asFolder, foldersOf, looseFolder } from "./folder.js";
import { joined } from "./joined.js";
import { judged, WHOLE } from "./judge.js";
import { withNodes } from "./merge.js";
import { withPlaces } from "./places.js";
import { aborted, workersFor } from "./pool.js";
import { formOf } from "./sniff.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./places.js").Place} Place
 * @typedef {import("./list.js").Listed} Listed
 * @typedef {{ text?: string, file?: Blob, name?: string }} Given
 * @typedef {Given & { file: Blob, form?: string, listed?: Listed, unpackedText?: Uint8Array }} File as far as it is known
 * @typedef {{ run: typeof import("../session.js").run, listener: typeof import("../session.js").listener }} Session
 * @typedef {{ session: Session, expected?: string, mediaType?: string, name?: string, signal?: AbortSignal,
 *   limits?: import("../types.js").LayerLimits, onProgress?: (event: import("../types.js").ProgressEvent) => void }} Options
 */

/** How many entries of a file its node lists. */
const ENTRIES = 50_000;

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
		else others.push(file ?? one);
	}
	if (others.length > 0 || reports.length === 0) reports.unshift(await layerFiles(others, options));
	return joined(reports);
}

/** The folders with images among files, and the files that lie in none. @param {Given[]} given @param {Options} options */
async function folders(given, options) {
	/** @type {Report[]} */
	const reports = [];
	const { folders, rest } = foldersOf(given);
	const digestOf = async (/** @type {Blob} */ file) => (await list({ file }, true, options)).verdict?.digest;
	const loose = folders.length === 0 && (await looseFolder(given, digestOf));
	if (loose) folders.push(given);
	for (const files of folders) {
		const found = await opened(loose || asFolder(files), options, options.name);
		if (found) reports.push(await judged(found, options));
		else if (!loose) rest.push(...files);
	}
	return { reports, rest: reports.length > 0 && loose ? [] : rest };
}

/** What a file is, and what is in it. @param {File} one @param {Options} options @returns {Promise<File>} */
async function known(one, options) {
	const form = await formOf(one.file);
	if (!form || form === "bzip2") return { ...one, form };
	const listed = await list(one, form !== "tar" || one.file.size <= WHOLE, options);
	return { ...one, form, listed, unpackedText: form === "tar" ? undefined : listed.text };
}

/** @param {File} one @param {boolean} whole @param {Options} options @returns {Promise<Listed>} */
function list({ file, name }, whole, { signal, limits, onProgress }) {
	const job = { id: nextJob(), file, whole, entries: ENTRIES, limits };
	const text = `listing ${name || "the file"}`;
	const onCount = (/** @type {number} */ done) => onProgress?.({ type: "stage", text, done, total: file.size });
	onCount(0);
	return workersFor().use(1, signal, async ([hand]) => {
		const { reader, handOver, local } = /** @type {import("./pool.js").Hand} */ (hand);
		const listed = await reader.list(job, handOver(onCount), local ? signal : undefined);
		return { ...listed, entries: await restOf(reader, job, listed.entries, listed.entryCount) };
	});
}

/** The report of a file that holds images. @param {File} one @param {number} among @param {Options} options */
async function archiveOf({ file, form, name, listed }, among, options) {
	if (!listed) return undefined;
	const { index, kept, verdict } = listed;
	const plain = form === "tar";
	const source = { index, size: file.size, digest: verdict?.digest, ...(plain ? { file } : { kept }) };
	const found = await opened(
		{ ...source, packed: plain ? undefined : file },
		options,
		among > 1 ? name : (options.name ?? name),
	);
	if (!found) return undefined;
	// What is asked for may be the digest of the file itself, and then all of it has to be read.
	if (isOpen(found, options) && !verdict) {
		const whole = await list({ file, name }, true, options);
		return archiveOf({ file, form, name, listed: { ...whole, kept: new Map() } }, among, options);
	}
	const [root] = found.nodes;
	const facts = { entries: listed.entries, entryCount: listed.entryCount, compression: verdict?.compression ?? "none" };
	const own = { .../** @type {Node} */ (root), ...facts, ...(verdict && { unpacked: verdict.unpacked }) };
	own.checks = [...own.checks, ...listed.checks.map(aboutArchive)];
	const report = withNodes(found, [own]);
	return judged(report, options, file.size);
}

/** Whether nothing in a file has the digest that is asked for, as far as it was read. @param {Report} report @param {Options} options */
const isOpen = ({ nodes }, { expected }) =>
	nodes[0]?.checks.some(({ id, outcome, source, expected: told }) =>
		[id === "digest", outcome === "not-checked", source === "user", told === expected].every(Boolean),
	);

/** What was read as a layer is none. @param {import("../types.js").Check} check */
const aboutArchive = (check) => ({ ...check, message: check.message.replaceAll("the layer ", "the archive ") });

/**
 * @param {import("../remote.js").ArchiveSource} source @param {Options} options @param {string} [name]
 * @returns {Promise<Report | undefined>} none where there are no images in it
 */
async function opened(source, { session, expected, signal, limits, onProgress }, name) {
	const { packed } = source;
	const outcome = /** @type {Report & { places?: any[] }} */ (
		await session.run(signal, (remote, job) =>
			remote.openArchive(job, source, { expected, name }, session.listener(remote, onProgress)),
		)
	);
	const { places = [], ...report } = outcome;
	if (!report.schema) return undefined;
	/** @type {Map<string, Place>} */
	const found = new Map();
	for (const { id, entry, at, size, nameless, blob } of places) {
		const bytes = packed
			? { file: packed, entry, size, limits }
			: (source.blobs?.[entry] ?? /** @type {Blob} */ (source.file).slice(at, at + size));
		found.set(id, { key: String(entry), bytes, nameless, blob, head: source.kept?.get(entry) });
	}
	const nodes = report.nodes.map((node) => (found.has(node.id) ? { ...node, held: true } : node));
	return withPlaces({ ...report, nodes }, found);
}
