/** The manifest of the elements (custom-elements.json): the source says which attributes there are, this says what they mean. */

import { ATTRIBUTES, COMPARE_ATTRIBUTES, TABLE_ATTRIBUTES, TAGS_ATTRIBUTES, THEMES, VIEWS } from "../plan/wish.js";

/** @type {Record<string, string>} */
const MEANING = {
	reference: "The image reference, such as ghcr.io/o/app:1.2.",
	src: "The address of a snapshot; it comes before the reference.",
	digest: "The digest that the index or manifest must have; another one fails.",
	platform: "The platform to look at first: linux/arm64.",
	proxy: "The base address of a registry proxy.",
	identity: "Who must have signed the image, as its certificate names it; another signer fails.",
	issuer: "Who vouches for that identity.",
	repository: "A repository of GitHub, owner/name: its source must have been built and signed.",
	key: "The address of the public key (PEM) that must have signed.",
	view: "What is drawn.",
	theme: "Light, dark, or as the page around is.",
	lang: "The language, en or zh, where the page around says another.",
	page: "The address of a page of Stowplan, to be linked to.",
};

/** @type {Record<string, readonly string[]>} */
const WORDS = { view: VIEWS, theme: THEMES };

/** The attributes that are numbers, each as it is if it is missing. @type {Record<string, string>} */
const NUMBERS = { "at-once": "3", limit: "100000" };

export const EVENTS = {
	"stow-load": "Drawn anew: detail.report is the report.",
	"stow-verdict": "The verdict: detail has verdict, pass, fail, warn, notChecked, digest, reference.",
	"stow-error": "Nothing could be loaded: detail has code and message.",
};

export const PARTS = {
	plan: "All of it.",
	verdict: "What passed, what failed and why.",
	signer: "Who signed, where the page names a signer.",
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

/** The attributes of the table of images alone. @type {Record<string, string>} */
const TABLE_MEANING = {
	...MEANING,
	platform: "The platform whose size is told: linux/arm64.",
	image: "The name that rows belong to which have a digest or a :tag alone.",
	"at-once": "How many images are asked for at once, from 1 to 8.",
};

export const TABLE_EVENTS = {
	"stow-verdict": "A row was judged: detail has verdict, pass, fail, warn, notChecked, digest, reference.",
	"stow-error": "A row could not be read: detail has code, message and reference.",
};

/** The attributes of a comparison alone. @type {Record<string, string>} */
const COMPARE_MEANING = {
	...MEANING,
	a: "The first image's reference.",
	b: "The second image's reference.",
	platform: "The platform to compare: linux/arm64.",
};

const COMPARE_EVENTS = {
	"stow-verdict": "Compared: detail has verdict, rung, reason, a and b.",
	"stow-error": "Nothing could be compared: detail has code and message.",
};

const COMPARE_PARTS = { comparison: "All of it.", link: "The link to a page of Stowplan." };

/** The attributes that a list of tags alone has. @type {Record<string, string>} */
const TAGS_MEANING = {
	...MEANING,
	repository: "The repository: ghcr.io/o/app.",
	filter: "A text that the tags in view have in them; the reader may change it.",
	limit: "How many tags are listed at most.",
	platform: "The platform that links to a page of Stowplan lead to: linux/arm64.",
};

const TAGS_EVENTS = {
	"stow-load": "Listed: detail has repository, tags (how many) and complete.",
	"stow-error": "Nothing could be listed: detail has code and message.",
};

const TAGS_PARTS = { tags: "All of it.", link: "The link to a page of Stowplan." };

const TABLE_PARTS = { table: "All of it.", row: "One image.", link: "The link to a page of Stowplan." };

/** @param {string} name @param {string} description @param {string} type */
const field = (name, description, type) => ({ kind: "field", name, description, type: { text: type } });

/** @param {string} name */
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * @param {{ name: string, tagName: string, description: string, names: readonly string[], meaning: Record<string, string>,
 *   members: object[], events: Record<string, string>, parts: Record<string, string>, slot: string }} about
 */
function element({ name, tagName, description, names, meaning, members, events, parts, slot }) {
	const attributes = names.map((attribute) => ({
		name: attribute,
		fieldName: camel(attribute),
		description: meaning[attribute],
		type: {
			text: WORDS[attribute]?.map((word) => `"${word}"`).join(" | ") ?? (attribute in NUMBERS ? "number" : "string"),
		},
		default: WORDS[attribute] ? `"${WORDS[attribute][0]}"` : (NUMBERS[attribute] ?? '""'),
	}));
	const own = attributes.map(({ name: attribute, fieldName, description: text, type }) => ({
		...{ kind: "field", name: fieldName, description: text, type, attribute },
	}));
	const told = (/** @type {Record<string, string>} */ all) =>
		Object.entries(all).map(([one, text]) => ({ name: one, description: text }));
	return {
		kind: "class",
		name,
		tagName,
		customElement: true,
		superclass: { name: "HTMLElement" },
		description,
		attributes,
		members: [...own, ...members],
		events: told(events).map((event) => ({ ...event, type: { text: "CustomEvent" } })),
		cssParts: told(parts),
		slots: [{ name: "", description: slot }],
	};
}

/** The modules of an element: its class, and the one that defines it. @param {ReturnType<typeof element>} declaration */
function modules(declaration) {
	const { name, tagName } = declaration;
	const own = { name, module: `${tagName}.js` };
	const kind = "javascript-module";
	return [
		{ kind, path: `${tagName}.js`, declarations: [declaration], exports: [{ kind: "js", name, declaration: own }] },
		{
			...{ kind, path: `${tagName}-define.js`, declarations: [] },
			exports: [{ kind: "custom-element-definition", name: tagName, declaration: own }],
		},
	];
}

const AGAIN = { kind: "method", name: "reload", description: "Loads it again." };

/** As custom-elements.json, version 1. */
export function manifest() {
	const plan = element({
		name: "StowPlan",
		tagName: "stow-plan",
		description: "An image's structure in a page of documentation, proved in its reader's browser.",
		names: ATTRIBUTES,
		meaning: MEANING,
		members: [
			field("snapshot", "A snapshot as an object, in the place of src.", "Snapshot | undefined"),
			{ ...field("report", "What was found out.", "Report | undefined"), readonly: true },
			AGAIN,
		],
		events: EVENTS,
		parts: PARTS,
		slot: "Shown without JavaScript, while it loads, and where loading fails.",
	});
	const table = element({
		name: "StowPlanTable",
		tagName: "stow-plan-table",
		description: "The images that a page lists, each proved in its reader's browser as it comes into view.",
		names: TABLE_ATTRIBUTES,
		meaning: TABLE_MEANING,
		members: [AGAIN],
		events: TABLE_EVENTS,
		parts: TABLE_PARTS,
		slot: "A list or a table: one image a row, with the digest that it must have. Shown without JavaScript.",
	});
	const comparison = element({
		name: "StowPlanCompare",
		tagName: "stow-plan-compare",
		description: "Two images against each other, in a page of documentation.",
		names: COMPARE_ATTRIBUTES,
		meaning: COMPARE_MEANING,
		members: [],
		events: COMPARE_EVENTS,
		parts: COMPARE_PARTS,
		slot: "Shown without JavaScript, while it loads, and where loading fails.",
	});
	const tags = element({
		name: "StowPlanTags",
		tagName: "stow-plan-tags",
		description:
			"The tags of a repository, in a page of documentation: the newest version first, and which are one image.",
		names: TAGS_ATTRIBUTES,
		meaning: TAGS_MEANING,
		members: [AGAIN],
		events: TAGS_EVENTS,
		parts: TAGS_PARTS,
		slot: "Shown without JavaScript, while it loads, and where loading fails.",
	});
	return { schemaVersion: "1.0.0", modules: [plan, table, comparison, tags].flatMap(modules) };
}
