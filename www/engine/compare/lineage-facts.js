// Report -> what stands around an image. The core says it; missing reports and the registry's answers are fetched here.

import { answered, listener, run } from "../session.js";
import { given } from "./compare-images.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {{ id: string, digest?: string, platform: string, osVersion?: string, osFeatures: string[], features: string[], read: boolean,
 *   size?: number, layers?: number, shared?: number, sharedLayers?: number, created?: string, inView: boolean }} PlatformRow
 * @typedef {{ pull: number, of: number, layers: number, ofLayers: number, complete: boolean,
 *   classic: { pull: number, layers: number } }} Cost `complete`: false if more may be there already; `classic`: into Docker's classic store
 * @typedef {{ proxy?: string, credentials?: import("../../types.js").Credential[], signal?: AbortSignal,
 *   onProgress?: (event: any) => void }} Asking
 * @typedef {Asking & { platform?: string, image?: string }} CostOptions `image`: the id of a manifest's node in the report
 * @typedef {{ by: "manifest" | "index" | "label" | "provenance" | "user", state: "claimed" | "proved" | "refuted", name?: string,
 *   digest?: string, layers?: number, tag?: "agrees" | "moved" | "gone" | "not-asked", now?: string, why?: string }} Base
 * @typedef {{ text: string, known: "recorded" | "inferred", layer?: string, brings: boolean, secret?: boolean }} Step
 * @typedef {Asking & { image?: string, platform?: string, base?: Report | string, check?: boolean }} BaseOptions
 *   `base`: an image to hold against its layers; `check`: ask by HEAD whether the tags of claims still name their digests
 */

/** @param {string} reference @param {Asking & { platform?: string }} options @returns {Promise<Report>} */
const inspect = (reference, { signal, onProgress, ...options }) =>
	run(signal, (remote, job) => remote.inspect(job, reference.trim(), options, listener(remote, onProgress)));

/** @param {Report} report @returns {Promise<PlatformRow[]>} */
export const platforms = (report) => answered((remote) => remote.platforms(given(report)));

/** @param {Report | string} held @param {Report | string} image @param {CostOptions} options @returns {Promise<Cost>} */
export async function updateCost(held, image, { platform, image: id, ...asking }) {
	const text = typeof held === "string" && /^\s*[[{]/.test(held) ? held : undefined;
	const reportOf = (/** @type {Report | string} */ one) =>
		typeof one === "string" ? inspect(one, { platform, ...asking }) : one;
	const [there, wanted] = await Promise.all([text ?? reportOf(held), reportOf(image)]);
	const known = typeof there === "string" ? there : given(there, platform);
	return answered((remote) => remote.pullCost(known, { ...given(wanted, platform), image: id }));
}

/** @param {Report} report @param {BaseOptions} options @returns {Promise<Base[]>} */
export async function baseImages(report, { image, platform, base, check, ...asking }) {
	const own = { ...given(report, platform), image };
	const platformOfOwn = platform ?? platformIn(report, image);
	const other = typeof base === "string" ? await inspect(base, { ...asking, platform: platformOfOwn }) : base;
	const materials = await materialsOf(report);
	/** @type {Base[]} */
	const found = await answered((remote) => remote.bases(own, materials, other && given(other, platformOfOwn)));
	const named = found.map((one) =>
		one.by === "user" && typeof base === "string" ? { ...one, name: base.trim() } : one,
	);
	return check ? checked(named, asking) : named;
}

/** @param {Report} report @param {string} [image] */
function platformIn({ nodes }, image) {
	const node = nodes.find(({ id, chosen }) => (image ? id === image : chosen));
	const config = nodes.find(({ parent, kind }) => kind === "config" && parent === node?.id);
	const { os, architecture, variant } = node?.platform ?? config?.platform ?? {};
	return os && architecture ? [os, architecture, variant].filter(Boolean).join("/") : undefined;
}

/** The materials that the provenance in a report lists. @param {Report} report @returns {Promise<string[]>} */
async function materialsOf(report) {
	const nodes = report.nodes.filter(({ blobKind, read, about }) => blobKind === "statement" && read && about);
	if (nodes.length === 0) return [];
	const { readStatement } = await import("../statements.js");
	const all = await Promise.all(nodes.slice(0, 8).map(({ id }) => readStatement(report, id).catch(() => undefined)));
	return all.flatMap((one) => one?.facts.flatMap(({ name, value }) => (name === "material" ? value : [])) ?? []);
}

/** Resolves the tags of claims: an answer is a claim of the registry. @param {Base[]} bases @param {Asking} asking @returns {Promise<Base[]>} */
async function checked(bases, { proxy, credentials, signal, onProgress }) {
	const { checkPins } = await import("../pins-asking.js");
	const rows = bases.map(({ name, digest }) => ({ reference: name && digest ? `${name}@${digest}` : "", digest }));
	const asked = rows.filter(({ reference }) => reference);
	const answers = await checkPins(/** @type {any} */ (asked), { proxy, credentials, signal, onProgress });
	return bases.map((one, at) => {
		const answer = answers[asked.indexOf(/** @type {any} */ (rows[at]))];
		return answer ? { ...one, tag: /** @type {any} */ (answer.state), now: answer.now, why: answer.why } : one;
	});
}

/** @param {Report} report @param {{ image?: string }} options @returns {Promise<Step[]>} */
export const dockerfile = (report, { image }) => answered((remote) => remote.dockerfile({ ...given(report), image }));
