// documentation -> embeds. The content of a fence: a reference on a line of its own, and `name: value` lines.

/**
 * @typedef {Record<string, string>} Attributes
 * @typedef {{ code: string, message: string, expected?: string, actual?: string }} Problem
 */

/** The names that a fence may set; `snapshot` is the element's `src`. */
export const NAMES = [
	"reference",
	"digest",
	"platform",
	"view",
	"theme",
	"lang",
	"page",
	"proxy",
	"snapshot",
	"identity",
	"issuer",
	"repository",
	"key",
];

/** The longest line that is read, in characters: a reference with a digest has some hundred. */
const LONGEST = 2048;

/**
 * @param {string} body
 * @returns {{ attributes: Attributes, problems: Problem[] }}
 */
export function readFence(body) {
	/** @type {Attributes} */
	const attributes = {};
	/** @type {Problem[]} */
	const problems = [];
	const odd = (/** @type {string} */ message) => void problems.push({ code: "invalid-fence", message });
	for (const line of body.split("\n").map((one) => one.trim())) {
		if (line === "" || line.startsWith("#")) continue;
		if (line.length > LONGEST) odd(`a line has ${line.length} characters, more than ${LONGEST}`);
		else {
			const [, name = "reference", value = line] = /^([a-z]+):\s+(.*)$/.exec(line) ?? [];
			if (!NAMES.includes(name)) odd(`"${name}" is not known: a fence takes ${NAMES.join(", ")}`);
			else if (Object.hasOwn(attributes, name)) odd(`"${name}" stands there twice`);
			else attributes[name] = value;
		}
	}
	if (!attributes.reference && !attributes.snapshot) odd("there is no image reference and no snapshot");
	return { attributes: asElement(attributes), problems };
}

/** @param {Attributes} attributes @returns {Attributes} */
function asElement({ snapshot, ...rest }) {
	return snapshot === undefined ? rest : { ...rest, src: snapshot };
}

/**
 * The file name of an image's snapshot if no other name is given: `ghcr.io-o-app-1.2.stowplan.json`.
 * @param {string} reference
 */
export const snapshotName = (reference) => `${reference.replace(/[^A-Za-z0-9.]+/g, "-")}.stowplan.json`;
