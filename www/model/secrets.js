// Finds possible secrets in a document, and masks them in the report until the reader asks for them.

import { members } from "../lib/member.js";

/**
 * @typedef {import("../types.js").Node} Node
 * @typedef {import("../types.js").Report} Report
 * @typedef {"Entrypoint" | "Cmd" | "Shell" | "OnBuild" | "Healthcheck.Test"} Words
 */

/** The dots in place of a secret; the same in every language. */
export const COVER = "••••••••";

/** @param {Node} node */
const found = ({ checks }) => checks.filter(({ id, outcome }) => id === "secret" && outcome !== "pass");

/** The JSON paths of its values that look like secrets. @param {Node} node */
export const secretPaths = (node) => found(node).flatMap(({ path }) => path ?? []);

/** True if a document holds what looks like a secret. @param {Node} node */
export const hasSecrets = (node) => found(node).length > 0;

/** True if there are more than the checks list, so that all of the document is covered. @param {Node} node */
const isMore = (node) => found(node).some(({ reason, path }) => reason === "more-findings" || !path);

/**
 * True if a string of a document has to be covered.
 * @param {Node} node @param {string} text of the document
 * @returns {((token: string) => boolean) | undefined} takes a string as it is written, with its quotes; nothing where all may be seen
 */
export function coveredStrings(node, text) {
	if (!hasSecrets(node)) return undefined;
	if (isMore(node)) return () => true;
	const root = parsed(text);
	const places = secretPaths(node).map((path) => at(root, path));
	// A secret whose place is not found may be any string.
	if (root !== undefined && places.some(({ length }) => length === 0)) return () => true;
	const values = new Set([...places.flat(), ...told(node)]);
	// A string that is too long to be shown whole cannot be compared.
	return (token) => !/^"(?:[^"\\]|\\.)*"$/s.test(token) || values.has(/** @type {any} */ (parsed(token)));
}

/** The secrets among the facts of a config. @param {Node} node */
function told({ image, history = [] }) {
	const pick = (/** @type {string[] | undefined} */ list, /** @type {number[]} */ places = []) =>
		places.map((place) => list?.[place]);
	return [
		...pick(image?.env, image?.secretEnv),
		...pick(
			image?.labels.map(([, value]) => value),
			image?.secretLabels,
		),
		...history.flatMap(({ secret, createdBy }) => (secret ? [createdBy] : [])),
	];
}

/** @param {string} text @returns {unknown} nothing where it is not JSON */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const STEP = /\.([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** Members below these are the author's own: their names are exact. */
const MAPS = new Set(["Labels", "annotations"]);

/**
 * The strings at a path of the core's, `$.config.Env[1]`: several where a document has a name twice.
 * @param {unknown} root @param {string} path
 */
function at(root, path) {
	let values = [root];
	let isMap = false;
	for (const [, name, index, quoted] of path.matchAll(STEP)) {
		const key = name ?? (quoted ? String(parsed(quoted)) : (index ?? ""));
		const exact = isMap || index !== undefined;
		values = values.flatMap((value) => (exact ? own(value, key) : members(value, key)));
		isMap = MAPS.has(key);
	}
	return values.filter((value) => typeof value === "string");
}

/** @param {any} value @param {string} key */
const own = (value, key) =>
	value !== null && typeof value === "object" && Object.hasOwn(value, key) ? [value[key]] : [];

/** True if a word of a command is to be covered. @param {Node} node @param {Words} list @param {number} index */
export const isCoveredWord = (node, list, index) =>
	isMore(node) || secretPaths(node).includes(`$.config.${list}[${index}]`);

/** The report with dots in the place of what looks like a secret. @param {Report} report @returns {Report} */
export function withoutSecrets(report) {
	return { ...report, nodes: report.nodes.map((node) => (hasSecrets(node) ? covered(node) : node)) };
}

/** The report as a file of JSON, the same from the page and in a terminal. @param {Report} report */
export const reportJson = (report) => JSON.stringify(withoutSecrets(report), null, 2);

/** @param {Node} node @returns {Node} */
function covered(node) {
	const history = node.history?.map((line) => (line.secret ? { ...line, createdBy: COVER } : line));
	return { ...node, ...(history && { history }), ...(node.image && { image: coveredImage(node, node.image) }) };
}

/** @param {Node} node @param {import("../types.js").ImageFacts} image */
function coveredImage(node, image) {
	const words = (/** @type {Words} */ list, /** @type {string[] | undefined} */ all) =>
		all?.map((word, index) => (isCoveredWord(node, list, index) ? COVER : word));
	const { entrypoint, cmd } = { entrypoint: words("Entrypoint", image.entrypoint), cmd: words("Cmd", image.cmd) };
	const { onBuild, shell } = { onBuild: words("OnBuild", image.onBuild), shell: words("Shell", image.shell) };
	const test = words("Healthcheck.Test", image.healthcheck?.test) ?? [];
	return {
		...image,
		env: image.env.map((item, index) =>
			image.secretEnv?.includes(index) ? `${item.split("=", 1)[0]}=${COVER}` : item,
		),
		labels: image.labels.map(
			([name, value], index) =>
				/** @type {[string, string]} */ ([name, image.secretLabels?.includes(index) ? COVER : value]),
		),
		...(entrypoint && { entrypoint }),
		...(cmd && { cmd }),
		...(onBuild && { onBuild }),
		...(shell && { shell }),
		...(image.healthcheck && { healthcheck: { ...image.healthcheck, test } }),
	};
}
