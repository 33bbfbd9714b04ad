// Line: Report -> www. What is this sha256? A digest or its beginning to the places where it occurs, and to words.

import { platformName, shortDigest, visible } from "../i18n/format.js";
import { has, t } from "../i18n/strings.js";
import { nameOf } from "./model.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./model.js").Model} Model
 * @typedef {object} Hit one place; `as` is a key of the strings' `is.*`
 * @property {string} as
 * @property {string} digest in full
 * @property {string} name of the text; empty where it is a node's
 * @property {() => string} [named] the node's name, in the language of the moment
 * @property {Node} [node]
 * @typedef {object} Lookup
 * @property {string} query as it was read; empty where it was no digest
 * @property {Hit[]} hits
 * @property {number} digests how many different digests begin so
 * @property {string[]} could what it could be, where it does not occur: keys of the strings' `could.*`
 * @property {string} [known] what it is wherever it occurs: a key of the strings' `known.*`
 */

/** The shortest beginning that is looked up. */
export const SHORTEST = 6;
/** How many places are told. */
const PLACES = 200;

/** Digests of contents that are the same everywhere, by what they are. */
const EVERYWHERE = {
	nothing: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	emptyJson: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	emptyTar: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
	emptyGzip: "a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4",
	emptyBuildkit: "4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1",
};

/**
 * The beginning of a digest in a text: `sha256:…`, hex alone, `name@sha256:…`, with dots after a cut one.
 * @param {string} text
 * @returns {string} empty where there is none; lower case, with its algorithm where it had one
 */
export function queryOf(text) {
	const found = /^["'`<]*(?:[^\s@]*@)?((?:sha256:|sha512:)?[0-9a-f]{6,128})(?:…|\.\.\.)?["'`>,]*$/i.exec(text.trim());
	return found?.[1]?.toLowerCase() ?? "";
}

/**
 * @param {Model} model
 * @param {string} text
 * @returns {Lookup}
 */
export function lookUp(model, text) {
	const query = queryOf(text);
	if (!query) return { query, hits: [], digests: 0, could: [] };
	const hex = query.slice(query.indexOf(":") + 1);
	const algorithm = query.includes(":") ? query.slice(0, query.indexOf(":")) : "";
	/** @type {Hit[]} */
	const hits = [];
	for (const hit of places(model)) {
		const colon = hit.digest.indexOf(":");
		if (algorithm && colon > 0 && hit.digest.slice(0, colon) !== algorithm) continue;
		if (!hit.digest.startsWith(hex, colon + 1)) continue;
		// Names are made when they are shown: ten thousand of them would hold up the page.
		const { node } = hit;
		if (node) hit.named ??= () => named(model, node);
		if (hits.push(hit) >= PLACES) break;
	}
	const known = Object.entries(EVERYWHERE).find(([, digest]) => digest.startsWith(hex))?.[0];
	const digests = new Set(hits.map(({ digest }) => digest)).size;
	return { query, hits, digests, could: hits.length > 0 ? [] : couldBe(model), known };
}

/**
 * The answer in sentences.
 * @param {Lookup} lookup
 * @returns {string[]}
 */
export function lookupWords({ query, hits, digests, could, known }) {
	if (!query) return [t("lookup.invalid", { n: SHORTEST })];
	const short = visible(shortDigest(query), 40);
	const words = [];
	if (hits.length === 0) words.push(t("lookup.miss", { digest: short }));
	else if (digests > 1) words.push(t("lookup.several", { digest: short, n: digests }));
	if (known && has(`known.${known}`)) words.push(t(`known.${known}`));
	return [...words, ...could.map((key) => t(`could.${key}`))];
}

/** One place in words: `the config's digest, which is the image ID …`. @param {Hit} hit */
export const hitWords = ({ as, name, named: own }) => t(`is.${as}`, { name: visible(own?.() ?? name, 100) });

/** Every digest of the report with what it is there. @param {Model} model @returns {Generator<Hit>} */
function* places(model) {
	const { nodes, forms = [], pasted = [] } = model.report;
	for (const node of nodes) yield* ofNode(model, node);
	for (const { digest, name } of forms) if (!model.withDigest(digest).length) yield { as: "form", digest, name };
	for (const { expected, expectedFrom = "", digests } of pasted) {
		if (expected && !model.withDigest(expected).length) yield { as: "stated", digest: expected, name: expectedFrom };
		for (const { digest, what, code } of digests)
			if (digest !== expected) yield { as: "mention", digest, name: what, named: () => meant(code, what) };
	}
}

/** @param {string} code @param {string} own the core's sentence */
const meant = (code, own) => (has(`core.meaning.${code}`) ? t(`core.meaning.${code}`) : own);

/** @param {Model} model @param {Node} node @returns {Generator<Hit>} */
function* ofNode(model, node) {
	const name = "";
	if (node.digest) yield { as: node.kind, digest: node.digest, name, node };
	if (node.diffId) yield { as: "diffId", digest: node.diffId, name, node };
	if (node.chainId) yield { as: "chainId", digest: node.chainId, name, node };
	if (node.subject) yield { as: "subject", digest: node.subject, name, node };
	for (const { id, outcome, expected, actual } of node.checks) {
		if ((id !== "digest" && id !== "diff-id") || outcome !== "fail") continue;
		const own = [node.digest, node.diffId];
		if (expected && !own.includes(expected)) yield { as: "promised", digest: expected, name, node };
		if (actual && !own.includes(actual)) yield { as: "got", digest: actual, name, node };
	}
	// A config without its manifest has no layers to carry its DiffIDs.
	if (node.diffIds && (!node.parent || model.layers(model.node(node.parent)).length === 0))
		for (const [index, digest] of node.diffIds.entries())
			yield { as: "diffId", digest, name, named: () => `${t("kind.layer")} ${index + 1}`, node };
}

/** `layer 2, linux/amd64` @param {Model} model @param {Node} node */
function named(model, node) {
	const own = `${t(`kind.${node.kind}`)} ${node.kind === "layer" ? nameOf(node) : ""}`.trim();
	const platform = platformName(node.platform ?? model.node(node.parent)?.platform);
	return platform ? `${own}${t("list.comma")}${platform}` : own;
}

/** Guesses about a digest that does not occur: they depend on the documents that were not read. @param {Model} model */
function couldBe(model) {
	const unread = new Set(model.report.nodes.filter((node) => !node.read).map(({ kind }) => kind));
	const could = ["other"];
	if (unread.has("manifest") || unread.has("index")) could.push("manifest");
	if (unread.has("config")) could.push("config");
	if (unread.has("layer")) could.push("layer");
	const rootless = !model.report.nodes.some(({ kind }) => kind === "index");
	return rootless ? [...could, "index"] : could;
}
