// a repository -> its tags. Lists them, and asks what they name, a few at a time and never more than agreed.

import { listener, runAs } from "../session.js";

/**
 * @typedef {import("../../types.js").ProgressEvent} ProgressEvent
 * @typedef {{ proxy?: string, credentials?: import("../../types.js").Credential[], signal?: AbortSignal,
 *   onProgress?: (event: ProgressEvent) => void }} Asking
 * @typedef {Asking & { limit?: number }} TagsOptions `limit`: how many tags are listed at most
 * @typedef {{ repository: string, tags: string[], complete: boolean, countsPulls: boolean, pages: number, folded: number }} TagList
 *   `folded`: how many of the last ones stand for signatures and other manifests
 * @typedef {{ tag: string, digest?: string, mediaType?: string, size?: number, created?: string, platforms?: string[],
 *   why?: string, message?: string }} TagRow `why`: the code of why something is not known: `max-requests`, `counted-pull`, `not-found`
 * @typedef {Asking & { maxRequests?: number, details?: boolean, counted?: boolean, countedPulls?: boolean, onRow?: (row: TagRow) => void }} ResolveOptions
 * @typedef {ResolveOptions & { tags?: string[], onHit?: (tag: string) => void }} FindOptions
 */

/** The number of tags that are asked for at a time. */
const AT_ONCE = 4;

/** @param {string} repository @param {TagsOptions} options @returns {Promise<TagList>} */
export const tags = (repository, { signal, onProgress, ...options }) =>
	runAs(signal, (remote, job) =>
		remote.listTags(job, String(repository), options, /** @type {any} */ (listener(remote, onProgress))),
	);

/** @param {string} host @param {TagsOptions} options @returns {Promise<{ host: string, repositories: string[], complete: boolean }>} */
export const catalog = (host, { signal, onProgress, ...options }) =>
	runAs(signal, (remote, job) =>
		remote.listCatalog(job, String(host), options, /** @type {any} */ (listener(remote, onProgress))),
	);

/** @param {string} repository @param {string[]} wanted @param {ResolveOptions} options @returns {Promise<TagRow[]>} */
export async function resolveTags(repository, wanted, options) {
	const { signal, onProgress, onRow, maxRequests = Number.POSITIVE_INFINITY, ...rest } = options;
	const asked = { ...rest, counted: rest.counted ?? rest.countedPulls, tags: undefined, onHit: undefined };
	let [requests, running, done] = [0, 0, 0];
	const count = (/** @type {ProgressEvent} */ event) => {
		if (event.type === "request") requests++;
		onProgress?.(event);
	};
	/** The most requests that a tag takes, once the registry has given a token: a tag that is begun has to end within the limit. */
	const each = rest.details ? 3 : 2;
	// Events may come after the answer that they belong to.
	const used = () => Math.max(requests, done) + running * each;
	// Without details the second request is for a manifest whose digest `HEAD` did not tell: one may be all that is left.
	const has = () => used() + (rest.details ? each : 1) <= maxRequests;
	const names = [...new Set(wanted)];
	/** @type {Map<string, TagRow>} */
	const found = new Map();
	const one = async (/** @type {string} */ tag) => {
		const how = { ...asked, head: used() + each > maxRequests };
		running++;
		try {
			const row = await runAs(signal, (remote, job) =>
				remote.resolveTag(job, String(repository), tag, how, /** @type {any} */ (listener(remote, count))),
			);
			found.set(tag, row);
			onRow?.(row);
		} finally {
			running--;
			done++;
		}
	};
	const worker = async () => {
		while (names.length > 0 && has()) await one(/** @type {string} */ (names.shift()));
	};
	// The first request of all gets the token that the others use.
	if (names.length > 0 && has()) await one(/** @type {string} */ (names.shift()));
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return wanted.map((tag) => found.get(tag) ?? { tag, why: "max-requests" });
}

/** @param {string} repository @param {string} digest @param {FindOptions} options */
export async function findTags(repository, digest, { onHit, ...options }) {
	const { proxy, credentials, signal, onProgress } = options;
	const list = options.tags
		? { tags: options.tags, complete: true }
		: await tags(repository, { proxy, credentials, signal, onProgress });
	/** @type {Set<string>} */
	const hits = new Set();
	const onRow = (/** @type {TagRow} */ row) => {
		if (row.digest === digest) {
			hits.add(row.tag);
			onHit?.(row.tag);
		}
		options.onRow?.(row);
	};
	const rows = await resolveTags(repository, list.tags, { ...options, details: false, onRow });
	const asked = rows.filter(({ why }) => why !== "max-requests").length;
	const found = list.tags.filter((tag) => hits.has(tag));
	return { tags: found, asked, of: list.tags.length, complete: list.complete && asked === list.tags.length };
}

/** @param {{ tag: string, digest?: string }[]} rows @returns {Promise<{ digest?: string, tags: string[] }[]>} */
export const groupTags = (rows) => runAs(undefined, (remote) => remote.groupTags(rows));
