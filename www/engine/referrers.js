// Off the line, beside the session: finds what lies about an image, into a new report.

import { placesOf, withPlaces } from "./archives/places.js";
import { listener, runAs } from "./session.js";

/** @typedef {import("../types.js").Report} Report */

/**
 * @typedef {object} ReferrerOptions
 * @property {string} [node] the id of the image to look at, if it is not the chosen platform
 * @property {boolean} [all] also ask if the registry counts pulls (Docker Hub)
 * @property {string} [proxy]
 * @property {import("../types.js").Credential[]} [credentials]
 * @property {AbortSignal} [signal]
 * @property {(event: import("../types.js").ProgressEvent) => void} [onProgress] hears first, as `plan`, how many requests
 *   there will be at most if nothing is found
 */

/**
 * Looks for signatures, statements and lists of packages about an image: behind the referrers API and its fallback tag,
 * under cosign's tags, and in the index. In an opened file the same places are in its layout.
 * @param {Report} report of `inspect` or `open`; it stays as it is
 * @param {ReferrerOptions} [options]
 * @returns {Promise<Report>} a new one: what was found are nodes with `about`, and `asked` says what each place answered.
 *   The summary stays the image's: any client that can push can add such documents.
 */
export async function referrers(report, { signal, onProgress, ...options } = {}) {
	const reference = report.source.kind === "registry" ? (report.source.reference ?? "") : undefined;
	const facts = report.nodes.filter(isOwn).map(factsOf);
	const found = await runAs(signal, (remote, job) =>
		remote.referrers(job, reference, facts, options, listener(remote, onProgress)),
	);
	return withPlaces(joined(report, found), placesOf(report));
}

/** The facts that the core looks at. @param {import("../types.js").Node} node */
function factsOf({ id, kind, mediaType, digest, size, parent, read, chosen, subject, attests, annotations }) {
	const facts = { id, kind, mediaType, digest, size, parent, read, chosen, subject, attests, annotations };
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null));
}

/**
 * @param {Report} report
 * @param {{ nodes: import("../types.js").Node[], places: import("../types.js").AskedPlace[], about: [string, string][] }} found
 */
function joined(report, { nodes, places, about }) {
	const news = new Map(nodes.map((node) => [node.id, node]));
	const marks = new Map(about);
	const own = report.nodes.filter(isOwn);
	const known = new Set(own.map(({ id }) => id));
	const marked = own.map(
		(node) => news.get(node.id) ?? (marks.has(node.id) ? { ...node, about: marks.get(node.id) } : node),
	);
	const added = nodes.filter(({ id }) => !known.has(id)).map((node) => ({ ...node, beside: true }));
	return { ...report, nodes: [...marked, ...added], asked: places };
}

/** True if a node was there before any search. @param {import("../types.js").Node} node */
const isOwn = ({ beside }) => !beside;
