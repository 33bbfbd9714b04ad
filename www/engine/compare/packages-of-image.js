// Report -> packages. Reads the layers that were not read yet and keeps their files with packages on the way; reads a layer once more
// only for files that were not kept. Takes what is proved.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { isProved, known, systemOf } from "../layers/memory.js";
import { layersOf, specOf } from "../layers/merge.js";
import { talk, workersFor } from "../layers/pool.js";
import { verifyLayers } from "../layers/verify.js";
import { aborted, answered } from "../session.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {{ kind: string, name: string, version: string, arch?: string, licence?: string, size?: number, path: string, layer: number, purl: string }} Package
 * @typedef {{ packages: Package[], problems: { path: string, code: string }[], layers: string[], image: string, name: string,
 *   digest: string }} PackageList `layers`: the digests of the image's layers
 * @typedef {{ state: "added" | "removed" | "changed", kind: string, name: string, a?: string, b?: string }} PackageChange
 * @typedef {object} PackageOptions
 * @property {string} [image] the id of a manifest's node, else the chosen one
 * @property {string} [proxy] @property {import("../../types.js").Credential[]} [credentials]
 * @property {AbortSignal} [signal] @property {(event: any) => void} [onProgress]
 * @typedef {import("../layers/verify.js").Authorise} Authorise
 */

/** The largest file with packages that is read, in bytes. */
const MOST = 32 * 1024 * 1024;

/**
 * The bytes that reading the packages downloads at least: the layers that were not read yet, each once. A layer that was read before
 * is read again if it has packages, and so is one whose files with packages lie behind links or are too many to keep.
 * @param {Report} report @param {string} [image]
 */
export async function costOf(report, image) {
	const here = new Set((await known(report, image)).map(({ id }) => id));
	return layersOf(report, image).reduce((sum, { id, size }) => sum + (here.has(id) ? 0 : (size ?? 0)), 0);
}

/** @param {Report} report @param {PackageOptions} options @param {Authorise} authorise @returns {Promise<PackageList>} */
export async function packages(report, { image, signal, onProgress, ...asking }, authorise) {
	if (signal?.aborted) throw aborted();
	const layers = layersOf(report, image);
	const here = new Set((await known(report, image)).map(({ id }) => id));
	const missing = layers.flatMap(({ id }) => (here.has(id) ? [] : id));
	/** The files that were met while layers were read, by the ids of their nodes. @type {Map<string, Map<number, Uint8Array>>} */
	const met = new Map();
	const take = (
		/** @type {import("../../types.js").Node[]} */ nodes,
		/** @type {any} */ { verdict, contents = [] },
	) => {
		if (isProved(verdict.checks)) for (const { id } of nodes) met.set(id, new Map(contents));
	};
	const whole =
		missing.length > 0
			? await verifyLayers(
					report,
					{ ...asking, layers: missing, signal, onProgress, collect: { most: MOST, take } },
					authorise,
				)
			: report;
	const [indexes, read] = [await known(whole, image), layersOf(whole, image)];
	// A list without a layer would leave out packages, and list some that the layer deletes.
	if (indexes.length < read.filter(({ tar }) => tar !== false).length)
		throw coded("not-found", "not every layer of the image could be read");
	const worker = await talk("collectPackages");
	const call = async (/** @type {string} */ name, /** @type {any[]} */ ...given) => {
		if (signal?.aborted) throw aborted();
		return worker.ask(name, ...given);
	};
	try {
		for (const { position, index } of indexes) await call("add", position, index);
		const system = systemOf(whole, image ?? layers[0]?.parent ?? undefined);
		if (system) await call("setSystem", system);
		/** @type {{ layer: number, at: number, form: string }[]} */
		const wanted = await call("wanted");
		for (const position of new Set(wanted.map(({ layer }) => layer))) {
			const node = read[position];
			const here = met.get(node?.id ?? "");
			const all = wanted.flatMap(({ layer, at, form }, number) => (layer === position ? [{ at, number, form }] : []));
			for (const { at, number } of all) {
				const content = here?.get(at);
				if (content) await call("take", number, content);
			}
			const numbers = all.filter(({ at }) => !here?.has(at));
			if (numbers.length === 0) continue;
			const contents = node ? await proved(whole, node, numbers, { authorise, signal, onProgress }) : [];
			for (const [number, content] of contents) await call("take", number, content);
		}
		const found = await call("list");
		return { ...found, ...aboutOf(whole, image) };
	} finally {
		worker.close();
	}
}

/** @param {Report} report @param {string} [image] */
function aboutOf(report, image) {
	const layers = layersOf(report, image);
	const manifest = report.nodes.find(({ id }) => id === (image ?? layers[0]?.parent));
	const { reference, name = "image" } = report.source;
	return {
		layers: layers.map(({ digest }) => digest ?? ""),
		image: manifest?.id ?? "",
		name: reference ?? name,
		digest: manifest?.digest ?? "",
	};
}

/**
 * The contents of some entries of a layer, if the layer is proved; nothing of one that is not.
 * @param {Report} report @param {import("../../types.js").Node} node @param {{ at: number, number: number, form: string }[]} numbers
 * @param {{ authorise: Authorise, signal?: AbortSignal, onProgress?: (event: any) => void }} how
 * @returns {Promise<[number, Uint8Array][]>}
 */
async function proved(report, node, numbers, { authorise, signal, onProgress }) {
	const place = placesOf(report)?.get(node.id);
	const spec = specOf(node, {}, place);
	const of = (/** @type {boolean} */ isProgram) =>
		numbers.flatMap(({ at, form }) => ((form === "program") === isProgram ? at : []));
	const job = { spec, entries: 0, bytes: place?.bytes, wanted: of(false), programs: of(true), most: MOST };
	const told = (/** @type {any} */ count) => onProgress?.({ type: "packages", id: node.id, ...count });
	const hooks = [authorise.bind(null, spec.digest ?? ""), () => {}, told];
	const found = await workersFor().use(1, signal, async ([worker]) => {
		const { reader, handOver, local } = /** @type {any} */ (worker);
		const picked = await reader.pick(job, ...hooks.map(handOver), local ? signal : undefined);
		/** @type {any} */ (worker).memory = await reader.memory();
		return picked;
	});
	if (!isProved(found.verdict.checks)) return [];
	const byEntry = new Map(/** @type {[number, Uint8Array][]} */ (found.contents));
	return numbers.flatMap(({ at, number }) => {
		const content = byEntry.get(at);
		return content ? [/** @type {[number, Uint8Array]} */ ([number, content])] : [];
	});
}

/** @param {Package[]} a @param {Package[]} b @returns {Promise<PackageChange[]>} */
export const comparePackages = (a, b) => answered((remote) => remote.comparePackages(a, b));

/** @param {PackageList} list @returns {Promise<string>} */
export const cyclonedx = ({ name, digest, layers, packages: all }) =>
	answered((remote) => remote.cyclonedx(name, digest, layers, all));
