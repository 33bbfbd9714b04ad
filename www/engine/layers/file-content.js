// layer -> file content. One file of a layer, which is read again and proved again on the way.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { exploreFiles } from "./memory.js";
import { layersOf, specOf } from "./merge.js";
import { aborted, workersFor } from "./pool.js";
import { teller } from "./progress.js";

/** The most bytes of a file that are kept unless the caller says otherwise. */
const MOST = 8 * 1024 * 1024;

/**
 * The content of an entry; of a hard link that of the file that it leads to, in a lower layer too.
 * @param {import("../../types.js").Report} report @param {string} id @param {number} at
 * @param {import("../../types.js").ReadOptions} options @param {import("./verify.js").Authorise} authorise
 * @returns {Promise<import("../../types.js").FileContent>}
 */
export async function readFile(report, id, at, options, authorise) {
	try {
		return await readEntry(report, id, at, options, authorise);
	} catch (/** @type {any} */ error) {
		const other = error?.code === "not-found" && (await contentOf(report, id, at, options.signal));
		if (!other) throw error;
		return readEntry(report, other.id, other.at, options, authorise);
	}
}

/**
 * The entry with the content of a hard link, as far as the layers are known.
 * @param {import("../../types.js").Report} report @param {string} id @param {number} at @param {AbortSignal} [signal]
 * @returns {Promise<{ id: string, at: number } | undefined>}
 */
async function contentOf(report, id, at, signal) {
	const image = report.nodes.find((node) => node.id === id)?.parent ?? undefined;
	const layers = layersOf(report, image);
	const position = layers.findIndex((node) => node.id === id);
	if (position < 0) return undefined;
	const files = await exploreFiles(report, { image, signal });
	try {
		const found = await files.content(position, at);
		const layer = found ? layers[found.layer]?.id : undefined;
		return found && layer !== undefined ? { id: layer, at: found.at } : undefined;
	} finally {
		files.close();
	}
}

/**
 * @param {import("../../types.js").Report} report @param {string} id @param {number} at
 * @param {import("../../types.js").ReadOptions} options @param {import("./verify.js").Authorise} authorise
 * @returns {Promise<import("../../types.js").FileContent>}
 */
async function readEntry(report, id, at, { most = MOST, limits, asTar, signal, onProgress }, authorise) {
	const node = report.nodes.find((one) => one.id === id);
	if (!node) throw coded("not-found", `the report has no node "${id}"`);
	const place = placesOf(report)?.get(id);
	const spec = specOf(node, { limits, asTar }, place);
	const tell = teller({ spec, nodes: [node], size: spec.size ?? spec.length ?? 0 }, onProgress);
	const job = { spec, entries: 0, at, most, bytes: place?.bytes };
	const asked = authorise.bind(null, spec.digest ?? "");
	/** @type {{ promise: Promise<import("../../types.js").Content>, resolve: (content: import("../../types.js").Content) => void, reject: (error: unknown) => void }} */
	const content = withResolvers();
	const whole = workersFor().use(1, signal, async ([worker]) => {
		const lent = /** @type {import("./pool.js").PoolWorker} */ (worker);
		const { reader, handOver, local } = lent;
		const calls = /** @type {[any, any, any, any]} */ ([asked, tell.state, tell.count, content.resolve].map(handOver));
		const found = await reader.extract(job, ...calls, local ? signal : undefined);
		lent.memory = await reader.memory();
		return found;
	});
	const verdict = whole.then((found) => {
		tell.end(found);
		return found.checks;
	});
	verdict.catch(() => {});
	whole.then(
		({ checks }) => content.reject(absent(at, checks)),
		(error) => content.reject(signal?.aborted ? aborted() : error),
	);
	return { ...(await content.promise), verdict };
}

/** The first failure of the layer says why its file was not reached. @param {number} at @param {import("../../types.js").Check[]} checks */
function absent(at, checks) {
	const why = checks.find(({ outcome }) => outcome === "fail" || outcome === "not-checked");
	const message = `entry ${at} of the layer has no content that could be read${why ? `: ${why.message}` : ""}`;
	return coded("not-found", message);
}

/** @returns {any} Promise.withResolvers, which Node 20 has not */
function withResolvers() {
	/** @type {any} */
	const found = {};
	found.promise = new Promise((resolve, reject) => Object.assign(found, { resolve, reject }));
	return found;
}
