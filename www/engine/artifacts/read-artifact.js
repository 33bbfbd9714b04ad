// Report -> artifact. The contents of an artifact that is no image: a chart's files, a wasm file's imports, a model's facts.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { createExplorer } from "../layers/files-handle.js";
import { isLeaf } from "../layers/leaf.js";
import { isProved } from "../layers/memory.js";
import { leavesOf, specOf } from "../layers/merge.js";
import { workersFor } from "../layers/pool.js";
import { aborted } from "../session.js";
import { assertStanding } from "./standing.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").ArtifactOptions} ArtifactOptions
 * @typedef {import("../../types.js").Artifact} Artifact
 * @typedef {import("../../types.js").ArtifactPart} ArtifactPart
 * @typedef {import("../layers/verify.js").Authorise} Authorise
 */

/** The size up to which a blob is read whole, in bytes. */
const SMALL = 1024 * 1024;
/** The most entries of a chart that are looked at for its Chart.yaml. */
const ENTRIES = 2000;
const CHART = /^(?:\.\/)?[^/]+\/Chart\.yaml$/;

/**
 * @param {Report} report @param {ArtifactOptions} options @param {Authorise} authorise
 * @returns {Promise<Artifact>}
 */
export async function readArtifact(report, { id, whole = false, signal, onProgress }, authorise) {
	if (signal?.aborted) throw aborted();
	const nodes = partsOf(report, id);
	if (nodes.length === 0) throw coded("unsupported-input", "the report has no artifact with blobs");
	const plan = await lent(signal, ({ reader }) => reader.planArtifact(nodes.map(told)));
	const node = nodes.find((one) => one.id === plan.read);
	assertStanding(report, node ?? nodes[0]);
	if (!node) return { kind: plan.kind, facts: [], parts: plan.parts, proved: true };
	const howOf = (/** @type {Node} */ node) => {
		const place = placesOf(report)?.get(node.id);
		return { spec: specOf(node, {}, place), bytes: place?.bytes, authorise, signal, onProgress, node };
	};
	const how = howOf(node);
	const found = plan.tar ? await unpacked(plan.kind, how) : await opened(plan.kind, how, whole);
	const beside = nodes.find((one) => one.id === plan.provenance);
	try {
		const provenance = beside && (await held(howOf(beside), how.spec.digest ?? "", found.facts));
		return { kind: plan.kind, parts: plan.parts, ...found, ...(provenance && { provenance }) };
	} catch (error) {
		found.files?.close();
		throw error;
	}
}

/**
 * Holds the claims of a chart's provenance against the chart, whose digest is proved by now. The chart is shown without it, too.
 * @param {How} how @param {string} digest @param {{ name: string, value: string }[]} facts of the chart
 */
async function held(how, digest, facts) {
	const [name, version] = ["name", "version"].map((one) => facts.find((fact) => fact.name === one)?.value ?? "");
	const { spec, bytes, node, signal } = how;
	const job = {
		spec,
		bytes,
		kind: "provenance",
		head: false,
		entries: 0,
		chart: { digest, name: `${name}-${version}.tgz` },
	};
	const outcome = await lent(signal, ({ reader, handOver, local }) =>
		reader.heldProvenance(job, ...hooksOf(how).map(handOver), local ? signal : undefined),
	);
	if ("error" in outcome) return { id: node.id, checks: [], error: outcome.error };
	return { id: node.id, checks: outcome.value };
}

/** @typedef {{ node: Node, spec: import("../../types.js").LayerSpec, bytes?: any, authorise: Authorise, signal?: AbortSignal, onProgress?: (event: any) => void }} How */

/** The blobs of a manifest, or one alone. @param {Report} report @param {string} [id] */
function partsOf(report, id) {
	const node = report.nodes.find((one) => one.id === id);
	if (id !== undefined && !node) throw coded("not-found", `the report has no node "${id}"`);
	if (!node) return leavesOf(report);
	const own = report.nodes.filter(
		(one) => one.parent === id && one.path !== "$.config" && one.kind !== "config" && isLeaf(one),
	);
	return own.length > 0 ? own : [node];
}

/** @param {Node} node */
const told = ({ id, mediaType, digest, size, annotations, title }) => ({
	...{ id, mediaType: mediaType ?? undefined, digest: digest ?? undefined, size: size ?? undefined },
	annotations: annotations ?? (title ? [["org.opencontainers.image.title", title]] : undefined),
});

/** @template T @param {AbortSignal | undefined} signal @param {(worker: any) => Promise<T>} work */
const lent = (signal, work) =>
	workersFor().use(1, signal, async ([worker]) => {
		const found = await work(worker);
		/** @type {any} */ (worker).memory = await /** @type {any} */ (worker).reader.memory();
		return found;
	});

/** @param {How} how @returns {any[]} */
function hooksOf({ spec, authorise, onProgress, node }) {
	const told = (/** @type {any} */ count) => onProgress?.({ type: "artifact", id: node.id, ...count });
	return [authorise.bind(null, spec.digest ?? ""), () => {}, told];
}

/** A tar that its tool unpacks: its files, once its digest is proved, and of a chart what Chart.yaml says. @param {string} kind @param {How} how */
async function unpacked(kind, how) {
	const { node, signal } = how;
	const spec = { ...how.spec, asTar: true };
	const { verdict, index, contents } = await lent(signal, async ({ reader, handOver, local }) => {
		const calls = [...hooksOf(how).map(handOver), local ? signal : undefined];
		const job = { spec, bytes: how.bytes, entries: ENTRIES, id: `artifact ${node.id}` };
		const read = await reader.read(job, ...calls);
		const at = read.entries.findIndex((/** @type {{ name: string }} */ { name }) => CHART.test(name));
		if (kind !== "helm" || at < 0 || !isProved(read.verdict.checks)) return { ...read, contents: [] };
		const picked = await reader.pick({ ...job, wanted: [at], programs: [], most: SMALL }, ...calls);
		return { ...read, ...picked };
	});
	if (!isProved(verdict.checks)) throw unproved(verdict);
	if (!verdict.tar || !index) throw coded("unsupported-input", "the blob is no tar");
	const content = contents[0]?.[1];
	if (kind === "helm" && !content) throw coded("unsupported-input", "the chart has no Chart.yaml");
	const inner = content ? await opened(kind, { ...how, content }, true) : { facts: [], proved: true };
	const known = { id: node.id, position: 0, digest: how.spec.digest ?? "", index, name: node.id };
	const files = await createExplorer({ known: async () => [known], signal });
	return { ...inner, files, node: node.id };
}

/** @param {import("../../types.js").LayerVerdict} verdict */
function unproved({ checks }) {
	const why = checks.find(({ outcome }) => outcome === "fail") ?? checks.find(({ id }) => id === "digest");
	const isOther = why?.outcome === "fail" && (why.id === "digest" || why.id === "size");
	return coded(isOther ? "digest-mismatch" : "not-found", why?.message ?? "the blob could not be read");
}

/** @param {string} kind @param {How & { content?: Uint8Array }} how @param {boolean} whole */
async function opened(kind, how, whole) {
	const { spec, bytes, content, node, signal } = how;
	const size = spec.size ?? node.size ?? undefined;
	const head = !whole && kind !== "wasm" && (size === undefined || size > SMALL);
	const job = { spec, bytes, kind, size, head, content, entries: 0 };
	const outcome = await lent(signal, ({ reader, handOver, local }) =>
		reader.openArtifact(job, ...hooksOf(how).map(handOver), local ? signal : undefined),
	);
	if ("error" in outcome) throw coded(outcome.error.code ?? "unknown", outcome.error.message, outcome.error);
	return { ...outcome.value.opened, node: node.id, proved: outcome.value.proved };
}
