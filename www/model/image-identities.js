// Line: Report -> www. Every identity of the image in view: its formula, what prints it, and how it is known.

import { platformName } from "../i18n/format.js";
import { outcomeOf, referenceParts, titleOf } from "./model.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("./model.js").Model} Model
 * @typedef {"proved" | "claimed" | "derived" | "failed" | "unknown"} Known
 * @typedef {object} Identity `what`, `formula` and `prints` are keys of the strings
 * @property {string} what
 * @property {string} formula
 * @property {string} prints
 * @property {string} value empty where it is not known here
 * @property {Known} known
 * @property {string} [of] which layer or platform
 * @property {string} [id] the node that it selects
 * @property {string} [below] for a ChainID that of the layers below
 * @typedef {{ tool: string, values: string[], what: string, known: Known }} Printed what a tool prints: `tool` is a key of `tool.*`
 */

/** How many other platforms' manifests are listed. */
const PLATFORMS = 100;

/**
 * @param {Model} model
 * @param {Node | undefined} image
 * @returns {Identity[]}
 */
export function identitiesOf(model, image) {
	const config = model.config(image);
	if (!image) return config ? alone(config) : [];
	return [
		...indexesAbove(model, image).flatMap((node) => own(node, "index", "index", "index")),
		...(image.kind === "schema1"
			? own(image, "payload", "payload", "manifest")
			: own(image, "manifest", "manifest", "manifest")),
		...platformsBeside(model, image).flatMap((node) => own(node, "manifest", "manifest", "manifest")),
		...imageId(model, image),
		...layersOf(model, image),
	];
}

/**
 * The lines that each tool prints for the image in view.
 * @param {Model} model
 * @param {Node | undefined} image
 * @returns {Printed[]}
 */
export function printedBy(model, image) {
	const config = model.config(image);
	if (image ? image.kind !== "manifest" : !config) return [];
	const top = image && (indexesAbove(model, image)[0] ?? image);
	const topWhat = top && top !== image ? "index" : "manifest";
	const name = referenceParts(model.report.source.reference)?.name;
	/** @param {string} tool @param {string} what @param {Node | undefined} node @param {string} [value] @returns {Printed} */
	const line = (tool, what, node, value = node?.digest ?? undefined) => ({
		tool,
		what,
		values: value ? [value] : [],
		known: value && node ? knownOf(node) : "unknown",
	});
	const pinned = top?.digest && name ? `${name}@${top.digest}` : undefined;
	const diffIds = config?.diffIds ?? [];
	return [
		line("pull", topWhat, top),
		line("classic", "imageId", config, image?.imageId),
		line("containerd", topWhat, top),
		line("repoDigests", topWhat, pinned ? top : undefined, pinned),
		{
			tool: "rootfs",
			what: "diffId",
			values: diffIds,
			known: diffIds.length > 0 ? rootfsKnown(model, image) : "unknown",
		},
		line("podman", "imageId", config, image?.imageId),
		line("crane", topWhat, top),
		line("cranePlatform", "manifest", image),
		line("skopeo", topWhat, top),
		line("crictl", "imageId", config, image?.imageId),
		line("kubelet", topWhat, pinned ? top : undefined, pinned),
	];
}

/** The list is as well known as its least known DiffID. @param {Model} model @param {Node | undefined} image @returns {Known} */
function rootfsKnown(model, image) {
	const all = model.layers(image).map(diffIdKnown);
	if (all.includes("failed")) return "failed";
	return all.length > 0 && all.every((known) => known === "proved") ? "proved" : "claimed";
}

/** @param {Node} layer @returns {Known} */
function diffIdKnown({ checks }) {
	const outcome = checks.find(({ id }) => id === "diff-id")?.outcome;
	return outcome === "fail" ? "failed" : outcome === "pass" ? "proved" : "claimed";
}

/** The outermost first. @param {Model} model @param {Node} image */
const indexesAbove = (model, image) =>
	model
		.ancestors(image)
		.filter(({ kind }) => kind === "index")
		.reverse();

/** @param {Model} model @param {Node} image */
function platformsBeside(model, image) {
	const above = model.node(image.parent);
	return above
		? model
				.children(above)
				.filter((node) => node !== image && node.kind === "manifest")
				.slice(0, PLATFORMS)
		: [];
}

/** @param {Node} node @param {string} what @param {string} formula @param {string} prints @returns {Identity[]} */
function own(node, what, formula, prints) {
	if (!node.digest) return [];
	return [
		{ what, formula, prints, value: node.digest, known: knownOf(node), of: titleOf(node) || undefined, id: node.id },
	];
}

/** A config without its manifest: only it and what it claims are known. @param {Node} config @returns {Identity[]} */
function alone(config) {
	const unknown = { value: "", known: /** @type {const} */ ("unknown") };
	return [
		{ what: "manifest", formula: "manifest", prints: "manifest", ...unknown },
		{
			what: "imageId",
			formula: "config",
			prints: "imageId",
			value: config.digest ?? "",
			known: knownOf(config),
			id: config.id,
			of: platformName(config.platform) || undefined,
		},
		...(config.diffIds ?? []).map((value, index) => ({
			what: "diffId",
			formula: "diffId",
			prints: "diffId",
			value,
			known: /** @type {const} */ ("claimed"),
			of: String(index + 1),
			id: config.id,
		})),
	];
}

/** @param {Model} model @param {Node} image @returns {Identity[]} */
function imageId(model, image) {
	const config = model.config(image);
	const value = image.imageId ?? (config !== image ? config?.digest : undefined);
	if (image.kind !== "manifest") return [];
	const known = value ? (config ? knownOf(config) : "claimed") : "unknown";
	return [{ what: "imageId", formula: "config", prints: "imageId", value: value ?? "", known, id: config?.id }];
}

/** @param {Model} model @param {Node} image */
function layersOf(model, image) {
	const layers = model.layers(image);
	let proved = true;
	return layers.flatMap((node, index) => {
		proved &&= diffIdKnown(node) === "proved";
		return layer(node, index, { below: layers[index - 1]?.chainId, told: image.kind === "manifest", proved });
	});
}

/**
 * @param {Node} node @param {number} index
 * @param {{ below: string | undefined, told: boolean, proved: boolean }} how `told`: also what is not known; `proved`: its
 *   DiffID and all below are, and so is what is made of them
 * @returns {Identity[]}
 */
function layer(node, index, { below, told, proved }) {
	const about = { of: titleOf(node) || String(index + 1), id: node.id };
	const diffKnown = diffIdKnown(node);
	const chainKnown = proved ? "proved" : "derived";
	const chain = index === 0 ? "chainId.first" : "chainId";
	/** @param {string} what @param {string} formula @param {string | null | undefined} value @param {Known} known @returns {Identity[]} */
	const one = (what, formula, value, known) =>
		value || told
			? [{ what, formula, prints: what, value: value ?? "", known: value ? known : "unknown", ...about }]
			: [];
	return [
		...one("layer", "layer", node.digest, knownOf(node)),
		...one("diffId", "diffId", node.diffId, diffKnown),
		...one("chainId", chain, node.chainId, chainKnown).map((identity) => ({ ...identity, below })),
	];
}

/** A digest is proved only over bytes that were read here and that nothing disproves. @param {Node} node @returns {Known} */
function knownOf(node) {
	if (node.checks.some(({ id, outcome }) => id === "digest" && outcome === "fail")) return "failed";
	return node.read && outcomeOf(node) !== "not-checked" ? "proved" : "claimed";
}
