/** The manifest of `<stow-plan>` (custom-elements.json): the source says which attributes there are, this says what they mean. */

import { ATTRIBUTES, THEMES, VIEWS } from "./plan/wish.js";

/** @type {Record<string, string>} */
const MEANING = {
	reference: "The image reference, such as ghcr.io/o/app:1.2.",
	src: "The address of a snapshot; it comes before the reference.",
	digest: "The digest that the index or manifest must have; another one fails.",
	platform: "The platform to look at first: linux/arm64.",
	proxy: "The base address of a registry proxy.",
	view: "What is drawn.",
	theme: "Light, dark, or as the page around is.",
	lang: "The language, en or zh, where the page around says another.",
	page: "The address of a page of Stowplan, to be linked to.",
};

/** @type {Record<string, readonly string[]>} */
const WORDS = { view: VIEWS, theme: THEMES };

export const EVENTS = {
	"stow-load": "Drawn anew: detail.report is the report.",
	"stow-verdict": "The verdict: detail has verdict, pass, fail, warn, notChecked, digest, reference.",
	"stow-error": "Nothing could be loaded: detail has code and message.",
};

export const PARTS = {
	plan: "All of it.",
	verdict: "What passed, what failed and why.",
	body: "The picture and the details beside it.",
	anatomy: "The tree of documents.",
	layers: "The table of layers.",
	identity: "The identities.",
	history: "The history.",
	details: "What is known about the selected node.",
	progress: "What goes on while it loads.",
	error: "What went wrong.",
	link: "The link to a page of Stowplan.",
};

/** As custom-elements.json, version 1. */
export function manifest() {
	const attributes = ATTRIBUTES.map((name) => ({
		name,
		fieldName: name,
		description: MEANING[name],
		type: { text: WORDS[name]?.map((word) => `"${word}"`).join(" | ") ?? "string" },
		default: WORDS[name] ? `"${WORDS[name][0]}"` : '""',
	}));
	const declaration = {
		kind: "class",
		name: "StowPlan",
		tagName: "stow-plan",
		customElement: true,
		superclass: { name: "HTMLElement" },
		description: "An image's structure in a page of documentation, proved in its reader's browser.",
		attributes,
		members: [
			...attributes.map(({ name, description, type }) => ({ kind: "field", name, description, type, attribute: name })),
			{
				kind: "field",
				name: "snapshot",
				description: "A snapshot as an object, in the place of src.",
				type: { text: "Snapshot | undefined" },
			},
			{
				kind: "field",
				name: "report",
				description: "What was found out.",
				type: { text: "Report | undefined" },
				readonly: true,
			},
			{ kind: "method", name: "reload", description: "Loads it again." },
		],
		events: Object.entries(EVENTS).map(([name, description]) => ({ name, description, type: { text: "CustomEvent" } })),
		cssParts: Object.entries(PARTS).map(([name, description]) => ({ name, description })),
		slots: [{ name: "", description: "Shown without JavaScript, while it loads, and where loading fails." }],
	};
	const module = (/** @type {string} */ path, /** @type {object} */ more) => ({
		kind: "javascript-module",
		path,
		...more,
	});
	const own = { name: "StowPlan", module: "stow-plan.js" };
	return {
		schemaVersion: "1.0.0",
		modules: [
			module("stow-plan.js", {
				declarations: [declaration],
				exports: [{ kind: "js", name: "StowPlan", declaration: own }],
			}),
			module("stow-plan-define.js", {
				declarations: [],
				exports: [{ kind: "custom-element-definition", name: "stow-plan", declaration: own }],
			}),
		],
	};
}
