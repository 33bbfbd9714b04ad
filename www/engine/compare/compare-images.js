// two of anything -> Comparison. Gets both reports, lets the core compare, and reads layers if that leaves it open.

import { aborted, answered } from "../session.js";
import { createComparer } from "./files-comparer.js";
import { checkedOf, platformsOf } from "./side-checked.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {string | Uint8Array | Blob | (string | Uint8Array | Blob)[]} Input
 * @typedef {Report | Input | { reference: string, platform?: string }} Subject
 * @typedef {"digest" | "manifest" | "content" | "files" | "metadata" | "differs"} Rung
 * @typedef {"same" | "recompressed" | "moved" | "added" | "removed" | "changed"} LayerState
 * @typedef {{ added: number, removed: number, changed: number, renamed: number, times: number, unknown: number,
 *   sizeA: number, sizeB: number, only?: string, rewritten: { layer: number, files: number }[] }} FileFacts
 * @typedef {{ states?: string[], path?: string, sort?: "growth" | "path", from?: number, to?: number, ignoreTimes?: boolean }} RowQuery
 * @typedef {{ layer: number, at: number }} Where
 * @typedef {{ path: string, state: string, from?: string, kind: string, what: string[], sizeA?: number, sizeB?: number,
 *   growth: number, a?: Where, b?: Where }} ComparedRow
 * @typedef {{ name: string, path: string, kind: string, state: string, sizeA: number, sizeB: number, growth: number,
 *   added: number, removed: number, changed: number, children: boolean }} TreeRow
 * @typedef {{ path: string, kind: string, sizeA: number, sizeB: number, growth: number, files: number, layer?: number }} Growth
 * @typedef {{ added: number, removed: number, changed: number, renamed: number, sizeA: number, sizeB: number,
 *   rows: (query?: RowQuery) => Promise<ComparedRow[]>, count: (query?: RowQuery) => Promise<number>,
 *   tree: (path?: string, most?: number) => Promise<TreeRow[]>, growth: (most?: number) => Promise<Growth[]>, close: () => void }} ComparedFilesHandle
 * @typedef {{ image: string, digest?: string, platform?: string, layers: string[], hasFiles: boolean,
 *   checked: import("./side-checked.js").Checked }} About
 * @typedef {{ state: LayerState, a?: string, b?: string, sizeA?: number, sizeB?: number, positionA?: number, positionB?: number,
 *   commandA?: string, commandB?: string, secret?: boolean }} ComparedLayer
 * @typedef {object} Comparison
 * @property {"compared" | "failed" | "incomplete"} verdict @property {Rung} rung
 * @property {{ reason: string, params?: Record<string, any>, message: string }} cause
 * @property {ComparedLayer[]} layers
 * @property {{ path: string, a?: any, b?: any, secret?: boolean }[]} config
 * @property {{ a: number, b: number, shared: number, pull: number, pullLayers: number, layersA: number, layersB: number,
 *   classic: { pull: number, layers: number } }} sizes `classic`: into Docker's classic store, which has a layer only above the same ones
 * @property {About} a @property {About} b
 * @property {ComparedFilesHandle} [files] once the layers of both were read
 * @property {number} [toRead] how many bytes of layers comparing the files would read
 * @property {[Report, Report]} reports
 * @typedef {object} CompareOptions
 * @property {string} [proxy] @property {import("../../types.js").Credential[]} [credentials]
 * @property {string} [platform] of both @property {[string | undefined, string | undefined]} [platforms] of each
 * @property {boolean} [layers] false: no layer is read; true: the files are compared in any case
 * @property {number} [maxBytes] layers are only read if they are no larger together
 * @property {number} [workers]
 * @property {AbortSignal} [signal] @property {(event: any) => void} [onProgress] events of `inspect` and `verifyLayers`, with
 *   `side`; and `{ type: "side", side, platforms }` once the documents of a side are here
 * @typedef {(a: Subject, b: Subject, options?: CompareOptions) => Promise<Comparison>} Compare by digests, documents and DiffIDs, and
 *   by the files where these leave it open; `files` are to be closed by the caller
 * @typedef {{ inspect: typeof import("../../api.js").inspect, open: typeof import("../../api.js").open,
 *   verifyLayers: typeof import("../../api.js").verifyLayers, layers: () => Promise<typeof import("../layers/layers.js")> }} Api
 */

/** More than this is not downloaded unless the caller says so, in bytes. */
const MOST = 512 * 1024 * 1024;

const SHARED = new Set(["same", "recompressed", "moved"]);

/**
 * @param {Subject} a @param {Subject} b @param {CompareOptions} options @param {Api} api
 * @returns {Promise<Comparison>}
 */
export async function compareImages(a, b, options, api) {
	const { signal, layers, maxBytes = MOST } = options;
	const [platformA, platformB] = options.platforms ?? [options.platform, options.platform];
	const wanted = [platformOf(a, platformA), platformOf(b, platformB)];
	let [one, other] = await Promise.all([
		toldOf(a, "a", wanted[0], options, api),
		toldOf(b, "b", wanted[1], options, api),
	]);
	const judge = (/** @type {FileFacts | undefined} */ facts = undefined) =>
		answered((remote) => remote.compareImages(given(one, wanted[0]), given(other, wanted[1]), facts));
	const found = await judge();
	if (signal?.aborted) throw aborted();
	const isOpen =
		found.verdict === "incomplete" || layers === true || (await areHere(one, found.a, other, found.b, api));
	const left = await cost(one, other, found, api);
	const isEnough = layers === false || !isOpen || found.verdict === "failed" || !found.a.hasFiles || !found.b.hasFiles;
	if (isEnough || left.toRead > maxBytes) return finished({ ...found, ...left }, one, other, api);
	one = await read(one, found.a, "a", options, api);
	other = await read(other, found.b, "b", options, api);
	const again = await judge();
	if (again.verdict === "failed") return finished(again, one, other, api);
	const sides = await Promise.all([sideOf(one, found.a, api), sideOf(other, found.b, api)]);
	if (sides.some(({ whole }) => !whole))
		return finished({ ...again, ...(await cost(one, other, found, api)) }, one, other, api);
	const shared = found.layers.flatMap((/** @type {ComparedLayer} */ { state, positionA, positionB }) =>
		SHARED.has(state) ? [{ a: positionA, b: positionB }] : [],
	);
	const { facts, files } = await createComparer(/** @type {any} */ (sides), shared, signal);
	return finished({ ...(await judge(facts)), files }, one, other, api);
}

/** A comparison with what has been proved of each side. @param {any} found @param {Report} one @param {Report} other @param {Api} api @returns {Promise<Comparison>} */
async function finished(found, one, other, api) {
	const { known } = await api.layers();
	const about = async (/** @type {Report} */ report, /** @type {About} */ side) => ({
		...side,
		checked: checkedOf(report, side, await known(report, side.image)),
	});
	const [a, b] = await Promise.all([about(one, found.a), about(other, found.b)]);
	return { ...found, a, b, reports: [one, other] };
}

/** @param {Subject} subject @param {string} [platform] */
const platformOf = (subject, platform) =>
	(typeof subject === "object" && "reference" in subject && !("nodes" in subject) && subject.platform) || platform;

/** @type {typeof reportOf} */
async function toldOf(subject, side, platform, options, api) {
	const report = await reportOf(subject, side, platform, options, api);
	options.onProgress?.({ type: "side", side, platforms: platformsOf(report) });
	return report;
}

/**
 * The report of anything that can be compared.
 * @param {Subject} subject @param {"a" | "b"} side @param {string | undefined} platform @param {CompareOptions} options @param {Api} api
 * @returns {Promise<Report>}
 */
async function reportOf(subject, side, platform, { proxy, credentials, signal, onProgress }, api) {
	const told = (/** @type {any} */ event) => onProgress?.({ ...event, side });
	const inspect = (/** @type {string} */ reference) =>
		api.inspect(reference, { proxy, credentials, platform, signal, onProgress: told });
	if (typeof subject === "object" && "nodes" in subject) {
		const { kind, reference } = subject.source;
		const isHere = !platform || subject.nodes.some((node) => node.read && isOf(node, platform));
		return isHere || kind !== "registry" || !reference ? subject : inspect(reference);
	}
	if (typeof subject === "object" && "reference" in subject) return inspect(subject.reference);
	if (typeof subject === "string" && isName(subject)) return inspect(subject.trim());
	return api.open(/** @type {any} */ (subject), { signal });
}

/** True if a text may be a reference and is no document. @param {string} text */
const isName = (text) => !/[\s{}"]/.test(text.trim());

/** @param {import("../../types.js").Node} node @param {string} platform */
function isOf({ kind, platform: own }, platform) {
	const [os, architecture, variant] = platform.split("/");
	const fits = own?.os === os && own?.architecture === architecture && (!variant || own?.variant === variant);
	return kind === "manifest" && fits;
}

/** The part of a report that the core looks at. @param {Report} report @param {string} [platform] */
export const given = ({ nodes }, platform) => ({ nodes: nodes.map(factsOf), platform });

/** @param {import("../../types.js").Node} node */
function factsOf(node) {
	const { id, kind, digest, size, mediaType, parent, path, read, chosen, title, platform, diffId, imageId, diffIds } =
		node;
	const { annotations, image } = node;
	const checks = node.checks.map(({ id: check, outcome }) => ({ id: check, outcome }));
	const history = node.history?.map(({ createdBy, layer, secret, comment }) => ({
		...{ createdBy, layer, secret, comment },
	}));
	const ids = { id, parent, path, digest, diffId, imageId, diffIds };
	const more = { annotations: annotations ?? [], labels: image?.labels ?? [], created: image?.created };
	return { ...ids, kind, size, mediaType, read, chosen, title, platform, history, checks, ...more };
}

/** The layers that are known with the digests of their contents. @param {Report} report @param {About} about @param {Api} api */
async function hashed(report, about, api) {
	const { known } = await api.layers();
	const found = await known(report, about.image);
	return found
		.map((one) => ({ ...one, position: about.layers.indexOf(one.id) }))
		.filter(({ hashed, position }) => hashed && position >= 0);
}

/** Nothing need be read to compare the files. @param {Report} one @param {About} a @param {Report} other @param {About} b @param {Api} api */
async function areHere(one, a, other, b, api) {
	if (!a.hasFiles || !b.hasFiles) return false;
	const isWhole = async (/** @type {Report} */ report, /** @type {About} */ about) =>
		report.nodes.some(({ kind, read }) => kind === "layer" && read) &&
		(await hashed(report, about, api)).length === about.layers.length;
	return (await isWhole(one, a)) && (await isWhole(other, b));
}

/** @param {Report} report @param {About} about @param {Api} api */
async function unread(report, about, api) {
	const here = new Set((await hashed(report, about, api)).map(({ id }) => id));
	return report.nodes.filter(({ id }) => about.layers.includes(id) && !here.has(id));
}

/** The bytes that reading the layers would download. @param {Report} one @param {Report} other @param {any} found @param {Api} api */
async function cost(one, other, { a, b }, api) {
	if (!a.hasFiles || !b.hasFiles) return { toRead: 0 };
	const nodes = [...(await unread(one, a, api)), ...(await unread(other, b, api))];
	const sizes = new Map(nodes.map(({ id, digest, size }) => [digest ?? id, size ?? 0]));
	return { toRead: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}

/** @param {Report} report @param {About} about @param {"a" | "b"} side @param {CompareOptions} options @param {Api} api */
async function read(report, about, side, { proxy, credentials, signal, onProgress, workers }, api) {
	const layers = (await unread(report, about, api)).map(({ id }) => id);
	if (layers.length === 0) return report;
	const told = (/** @type {any} */ event) => onProgress?.({ ...event, side });
	const how = { proxy, credentials, workers, signal, onProgress: told };
	return api.verifyLayers(report, { ...how, layers, contents: true });
}

/** @param {Report} report @param {About} about @param {Api} api */
async function sideOf(report, about, api) {
	const { systemOf } = await api.layers();
	const layers = await hashed(report, about, api);
	return { layers, system: systemOf(report, about.image), whole: layers.length === about.layers.length };
}
