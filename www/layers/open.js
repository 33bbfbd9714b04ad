// Line: drop -> archives, layers, documents -> Report. Files that somebody has: told by their bytes, opened where they lie.

import { layerFiles } from "./blobs.js";
import { folderOf, looseFolder } from "./folder.js";
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
 *   onProgress?: (event: import("../types.js").ProgressEvent) => void }} Options
 */

/** How many entries of a file its node lists. */
const ENTRIES = 50_000;

/**
 * @param {Given[]} given @param {Options} options
 * @returns {Promise<Report>}
 */
export async function openFiles(given, options) {
	if (options.signal?.aborted) throw aborted();
	const digestOf = async (/** @type {Blob} */ file) => (await list({ file }, true, options)).verdict?.digest;
	const folder = folderOf(given) ?? (await looseFolder(given, digestOf));
	const found = folder && (await opened(folder, options, options.name));
	if (found) return judged(found, options);
	/** @type {Report[]} */
	const reports = [];
	/** @type {Given[]} */
	const rest = [];
	for (const one of given) {
		const file = one.file && (await known(/** @type {File} */ (one), options));
		const archive = file?.listed && (await archiveOf(file, given.length, options));
		if (archive) reports.push(archive);
		else rest.push(file ?? one);
	}
	if (rest.length > 0 || reports.length === 0) reports.unshift(await layerFiles(rest, options));
	return joined(reports);
}

/** What a file is, and what is in it. @param {File} one @param {Options} options @returns {Promise<File>} */
async function known(one, options) {
	const form = await formOf(one.file);
	if (!form || form === "bzip2") return { ...one, form };
	const listed = await list(one, form !== "tar" || one.file.size <= WHOLE, options);
	return { ...one, form, listed, unpackedText: form === "tar" ? undefined : listed.text };
}

/** @param {File} one @param {boolean} whole @param {Options} options @returns {Promise<Listed>} */
function list({ file, name }, whole, { signal, onProgress }) {
	const job = { file, whole, entries: ENTRIES };
	const text = `listing ${name || "the file"}`;
	const onCount = (/** @type {number} */ done) => onProgress?.({ type: "stage", text, done, total: file.size });
	onCount(0);
	return workersFor().use(1, signal, ([hand]) => {
		const { reader, handOver, local } = /** @type {import("./pool.js").Hand} */ (hand);
		return reader.list(job, handOver(onCount), local ? signal : undefined);
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
	const [root] = found.nodes;
	const facts = { entries: listed.entries, entryCount: listed.entryCount, compression: verdict?.compression ?? "none" };
	const own = { .../** @type {Node} */ (root), ...facts, ...(verdict && { unpacked: verdict.unpacked }) };
	own.checks = [...own.checks, ...listed.checks.map(aboutArchive)];
	const report = withNodes(found, [own]);
	return judged(report, options, file.size);
}

/** What was read as a layer is none. @param {import("../types.js").Check} check */
const aboutArchive = (check) => ({ ...check, message: check.message.replaceAll("the layer ", "the archive ") });

/**
 * @param {import("../remote.js").ArchiveSource & { packed?: Blob }} source @param {Options} options @param {string} [name]
 * @returns {Promise<Report | undefined>} none where there are no images in it
 */
async function opened({ packed, ...source }, { session, expected, signal, onProgress }, name) {
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
			? { file: packed, entry }
			: (source.blobs?.[entry] ?? /** @type {Blob} */ (source.file).slice(at, at + size));
		found.set(id, { key: String(entry), bytes, nameless, blob, head: source.kept?.get(entry) });
	}
	const nodes = report.nodes.map((node) => (found.has(node.id) ? { ...node, held: true } : node));
	return withPlaces({ ...report, nodes }, found);
}
