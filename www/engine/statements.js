// Off the line, beside the session: what a statement or a list of packages says.

import { placesOf } from "./archives/places.js";
import { STATEMENT_BYTES } from "./limits.js";
import { isLayoutIndex } from "./saving/plan.js";
import { answered, ask, revived } from "./session.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").ReadStatement} ReadStatement
 */

/**
 * Reads a statement, a list of packages or another document about an image: bare, in an envelope or in a bundle. Its subject
 * is held against the image in view; who signed it is for `verifySignatures` to say.
 * @param {Report} report of `referrers`, or of `open`
 * @param {string} id of the node of the document, or of the manifest that holds it
 * @returns {Promise<ReadStatement>} rejects with `unsupported-input`, `limit-exceeded`, `not-found`
 */
export async function readStatement(report, id) {
	const node = documentOf(report, id);
	const bytes = node && (await bytesAt(report, node));
	if (!node || !bytes) throw revived({ code: "not-found", message: "the bytes of that node were not read" });
	const read = await readDocument(bytes, await aboutOf(report), claimOf(node), claimsOf(node));
	return { ...read, node: node.id };
}

/**
 * The same for bytes.
 * @param {Uint8Array} bytes
 * @param {object} [about] of the core
 * @param {string} [claimed] the predicate type that its place names
 * @param {[string, string][]} [claims] of the certificate that signed it
 * @returns {Promise<ReadStatement>}
 */
export async function readDocument(bytes, about = {}, claimed, claims) {
	const read = await answered((remote) => remote.readStatement(bytes, about, claimed, claims));
	const { packages } = read;
	return packages ? { ...read, packages: { ...packages, query: asker(packages.rows) } } : read;
}

/**
 * The command of cosign, or of notation, that proves a signature by hand.
 * @param {Report} report @param {Node} node with `proof` @param {ReadStatement} [read] what was signed
 * @returns {Promise<string>} nothing if the report names no repository
 */
export async function cosignCommand(report, node, read) {
	const reference = report.source.reference ?? "";
	const name = reference.split("@")[0]?.replace(/:[^/:]*$/, "") ?? "";
	const { signer } = node.proof ?? {};
	if (!name || !node.about || !signer) return "";
	const { identity, issuer } = signer;
	const predicate = read && read.said.reason !== "cosign-signed" ? read.type : undefined;
	const notation = /^application\/(jose\+json|cose)$/.test(node.mediaType ?? "");
	const signed = { name, about: node.about, identity, issuer, predicate, notation };
	return answered((remote) => remote.cosignCommand(signed));
}

/** The node itself, or the first document of its manifest. @param {Report} report @param {string} id */
function documentOf({ nodes }, id) {
	const node = nodes.find((one) => one.id === id);
	const below = nodes.filter(({ parent, path, read }) => parent === id && path !== "$.config" && read);
	return node && (below.find(({ blobKind }) => blobKind !== "document") ?? node);
}

/** The kind that its place implies. @param {Node} node */
const claimOf = ({ annotations }) =>
	annotations?.find(([name]) => name === "in-toto.io/predicate-type" || name === "predicateType")?.[1];

/** The claims of a certificate that proves a signature; of any other nothing is believed. @param {Node} node */
const claimsOf = ({ proof }) => (proof?.good ? proof.signer?.claims : undefined);

/** The subjects that a report's statements may have: the core reads them once. @type {WeakMap<Report, Promise<object>>} */
const abouts = new WeakMap();

/** @param {Report} report */
function aboutOf(report) {
	const known = abouts.get(report) ?? askedAbout(report);
	abouts.set(report, known);
	return known;
}

/** @param {Report} report */
async function askedAbout(report) {
	const facts = factsOf(report);
	const wanted = await answered((remote) => remote.evidenceOf(facts));
	/** @type {[string, Uint8Array][]} */
	const evidence = [];
	for (const one of wanted) {
		const bytes = await bytesAt(report, one);
		if (bytes) evidence.push([one.digest, bytes]);
	}
	return answered((remote) => remote.aboutOf(facts, evidence));
}

/** The facts by which the core tells which image a statement is about, as JSON. @param {Report} report */
export const factsOf = (report) => JSON.stringify(report.nodes.map((node) => factOf(report, node)));

/** @param {Report} report @param {Node} node */
function factOf(report, node) {
	const { id, kind, mediaType, digest, size, parent, about, subject, attests, platform, title, read } = node;
	const { chosen, beside, annotations } = node;
	const layout = isLayoutIndex(report, node);
	const facts = { id, kind, mediaType, digest, size, parent, about, subject, attests, platform, title, read };
	const all = { ...facts, chosen, beside, annotations, layout };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}

/** The rows in which every word stands. @param {import("../types.js").Package[]} rows */
const asker = (rows) => (/** @type {string} */ text) => {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return rows;
	return rows.filter((row) => {
		const all = `${row.name} ${row.version} ${row.licence} ${row.type} ${row.supplier}`.toLowerCase();
		return words.every((word) => all.includes(word));
	});
};

/**
 * The session's bytes, or those in the file that was opened.
 * @param {Report} report @param {{ id: string, digest: string | null }} node
 * @param {number} [most]
 * @returns {Promise<Uint8Array | undefined>}
 */
export async function bytesAt(report, { id, digest }, most = STATEMENT_BYTES) {
	const known = digest ? await ask((remote) => remote.bytesOf(digest)) : undefined;
	if (known) return known;
	const place = placesOf(report)?.get(id)?.bytes;
	if (place instanceof Blob) return place.size <= most ? new Uint8Array(await place.arrayBuffer()) : undefined;
	return place instanceof Uint8Array ? place : undefined;
}
