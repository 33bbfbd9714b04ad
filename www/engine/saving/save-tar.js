// Saves a layer or chosen paths as a tar, and gives the changes of a layer as plain JSON.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { asker } from "../asker.js";
import { exploreFiles } from "../layers/memory.js";
import { layersOf, specOf } from "../layers/merge.js";
import { verifyLayers } from "../layers/verify.js";
import { aborted } from "../session.js";
import { delivered } from "./save.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").TarOptions} TarOptions
 * @typedef {import("../../types.js").SavedTar} SavedTar
 * @typedef {Pick<import("./save.js").Session, "authorise" | "verify">} Session
 * @typedef {Awaited<ReturnType<typeof exploreFiles>>} Handle
 */

/** The most changes that are asked for at once. */
const CHANGES = 5000;

/**
 * @param {Report} report @param {TarOptions} options @param {Session} session
 * @returns {Promise<SavedTar & { stream?: ReadableStream<Uint8Array> }>}
 */
export async function saveTar(report, options, session = sessionOf(report, options)) {
	if (options.signal?.aborted) throw aborted();
	const { paths, listed } = options;
	const { slices, facts } =
		paths || listed ? await chosen(report, options, session) : { slices: [whole(report, options)], facts: {} };
	const total = slices.map(({ spec }) => spec.size ?? spec.length ?? 0).reduce((sum, one) => sum + one, 0);
	const saved = { layers: slices.length, download: total, linked: 0, missing: [], ...facts };
	/** @type {import("./save.js").Begin} */
	const begin = (reader, id, authorise, onState, signal) => reader.packTar({ id, slices }, authorise, onState, signal);
	return delivered(begin, total, saved, options, session);
}

/** @param {Report} report @param {TarOptions} options @returns {Session} */
const sessionOf = (report, options) => ({
	authorise: asker(report, options),
	verify: (one, how) => verifyLayers(one, how, asker(one, how)),
});

/** @param {Report} report @param {TarOptions} options @returns {import("./pack-tar.js").Slice} */
function whole(report, { layer, raw }) {
	const node = report.nodes.find(({ id }) => id === layer);
	if (!node) throw coded("not-found", `the report has no layer "${layer}"`);
	return { ...sliceOf(report, node), ...(raw && { raw }) };
}

/** @param {Report} report @param {Node} node @param {number[]} [wanted] */
function sliceOf(report, node, wanted) {
	const place = placesOf(report)?.get(node.id);
	return { spec: specOf(node, {}, place), bytes: place?.bytes, ...(wanted && { wanted }) };
}

/**
 * Layers that were not read yet are read for their lists first.
 * @param {Report} report @param {TarOptions} options @param {Session} session
 */
async function chosen(report, { layer, paths, listed, signal, files, ...options }, session) {
	const image = imageOf(report, { layer, ...options });
	return over(report, { image, layer, signal, files, ...options }, session, async (handle, layers) => {
		const position = layer === undefined ? undefined : layers.findIndex(({ id }) => id === layer);
		const { layers: found, ...facts } = await handle.choose({
			...(position !== undefined && { layer: position }),
			paths: paths ?? [],
			listed: listed ?? false,
		});
		const slices = found.flatMap((/** @type {{ position: number, entries: number[] }} */ { position, entries }) => {
			const node = layers[position];
			return node ? sliceOf(report, node, entries) : [];
		});
		if (slices.length === 0) throw coded("not-found", "no layer has an entry at these paths");
		return { slices, facts };
	});
}

/**
 * The changes of a layer, path by path.
 * @param {Report} report @param {string} id @param {TarOptions} options @param {Session} session
 * @returns {Promise<import("../../types.js").LayerChanges>}
 */
export async function layerChanges(report, id, options, session = sessionOf(report, options)) {
	const image = imageOf(report, { ...options, layer: id });
	return over(report, { ...options, image }, session, async (handle, layers) => {
		const position = layers.findIndex((node) => node.id === id);
		if (position < 0) throw coded("not-found", `the image has no layer "${id}"`);
		const changes = [];
		for (let from = /** @type {number | undefined} */ (0); from !== undefined; ) {
			const part = await handle.changes(position, from, CHANGES);
			for (const one of part.changes) changes.push(one);
			from = part.next;
		}
		const { digest, diffId } = /** @type {Node} */ (layers[position]);
		const name = report.source.reference ?? report.source.name;
		return { schema: 1, ...(name && { image: name }), layer: position, digest: digest ?? undefined, diffId, changes };
	});
}

/** @param {Report} report @param {{ layer?: string, image?: string }} options */
const imageOf = (report, { layer, image }) => image ?? report.nodes.find(({ id }) => id === layer)?.parent ?? undefined;

/**
 * @template T
 * @param {Report} report @param {TarOptions} options @param {Session} session
 * @param {(handle: Handle, layers: Node[]) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function over(report, { image, signal, files, ...options }, { verify }, work) {
	const layers = layersOf(report, image);
	if (files) return work(/** @type {Handle} */ (files), layers);
	const own = await exploreFiles(report, { image, signal });
	try {
		const here = new Set(own.layers.map(({ id }) => id));
		const missing = layers.flatMap(({ id, tar }) => (here.has(id) || tar === false ? [] : id));
		if (missing.length === 0) return await work(own, layers);
		const read = await verify(report, { ...options, layers: missing, signal, onProgress: undefined });
		await own.close();
		const again = await exploreFiles(read, { image, signal });
		try {
			const left = layersOf(read, image).filter(({ tar }) => tar !== false).length - again.layers.length;
			if (left > 0) throw coded("not-found", "not every layer of the image could be read");
			return await work(again, layersOf(read, image));
		} finally {
			again.close();
		}
	} finally {
		own.close();
	}
}
