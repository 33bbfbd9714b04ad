// Report -> text. A report for people: the input, the time, the verdict, the tree, every check, and what was left out.

import { checkKeys } from "../../i18n/check-keys.js";
import { platformName, visible } from "../../i18n/format.js";
import { reasonWords } from "../../i18n/reasons.js";
import { first, has, loadWords, t } from "../../i18n/strings.js";
import { Model, outcomeOf, pinLine, titleOf } from "../../model/model.js";

/**
 * @typedef {import("../../types.js").Report} Report
 * @typedef {import("../../types.js").Node} Node
 * @typedef {import("../../types.js").Check} Check
 */

/** The width of prose, in characters. */
const WIDTH = 88;

/**
 * @param {Report} report
 * @param {Date} [at] when it was written
 * @returns {Promise<string>} prose is wrapped; what a check says, and values, stand on one line each and are never broken
 */
export async function reportText(report, at = new Date()) {
	await Promise.all([loadWords("saving"), loadWords("checks")]);
	const model = new Model(report);
	const parts = [
		head(model, at),
		recovered(report),
		tree(model),
		checks(report),
		open(report),
		wrapped(t("text.legend")),
	];
	return `${parts
		.filter((part) => part.length > 0)
		.map((part) => part.join("\n"))
		.join("\n\n")}\n`;
}

/** @param {Model} model @param {Date} at */
function head(model, at) {
	const { source, summary } = model.report;
	const { pass, fail, warn, notChecked } = summary;
	const what = [t(`app.source.${source.kind}`), source.reference ?? source.name]
		.flatMap((one) => (one ? line(one) : []))
		.join(": ");
	const pin = pinLine(model);
	return [
		...heading(t("text.title"), "="),
		...fields([
			["text.what", what],
			[
				"text.when",
				at
					.toISOString()
					.replace("T", " ")
					.replace(/\.\d+Z$/, " UTC"),
			],
			["text.verdict", t(`text.${summary.verdict}`)],
			["text.counted", t("text.counts", { pass, fail, warn, notChecked })],
			["text.pin", pin && line(pin)],
		]),
	];
}

/** @param {Report} report */
function recovered({ recovered: found }) {
	if (!found) return [];
	const steps = found.steps.map((step, at) => `  ${at + 1}. ${line(step)}`);
	return [
		...heading(t("text.recovered")),
		...wrapped(t("text.recovered.intro", { digest: line(found.digest) })),
		...steps,
	];
}

/** @param {Model} model */
function tree(model) {
	/** @type {string[]} */
	const lines = [];
	const visit = (/** @type {Node} */ node, /** @type {number} */ depth) => {
		const { size, digest, read } = node;
		const facts = [digest, size === null ? "" : t("text.bytes", { n: size }), read ? "" : t("text.unread")];
		const indent = "  ".repeat(depth);
		lines.push(`${indent}${named(node)}: ${t(`outcome.${outcomeOf(node)}`)}`);
		lines.push(
			`${indent}  ${facts
				.filter(Boolean)
				.map((fact) => line(fact))
				.join(", ")}`,
		);
		for (const child of model.children(node)) visit(child, depth + 1);
	};
	for (const root of model.roots) visit(root, 0);
	return lines.length > 0 ? [...heading(t("text.tree")), ...lines] : [];
}

/** @param {Report} report */
const checks = ({ nodes }) => {
	const said = nodes.filter((node) => node.checks.length > 0);
	return said.length > 0 ? [...heading(t("text.checks")), ...said.flatMap(checksOf).slice(1)] : [];
};

/** @param {Node} node */
const checksOf = (node) => ["", named(node), `  ${line(node.digest ?? "")}`, ...node.checks.flatMap(checkLines)];

/** @param {Check} check */
function checkLines(check) {
	const { id, outcome, expected, actual, source, path } = check;
	const values = fields(
		[
			["text.expected", expected === null ? undefined : line(expected)],
			["text.found", actual === null ? undefined : line(actual)],
			["text.from", source ? t(`source.${source}`) : undefined],
			["text.at", path && line(path)],
		],
		"      ",
	);
	return [`  [${t(`outcome.${outcome}`)}] ${first(`check.${id}`, id)}: ${told(check)}`, ...values];
}

/** In the page's language if it has words for it; the core's own sentence is the detail. @param {Check} check */
function told(check) {
	const words = reasonWords(check);
	if (words !== undefined) return line(words);
	const key = checkKeys(check).find(has);
	return key ? `${t(key)} (${line(check.message)})` : line(check.message);
}

/** @param {Report} report */
function open({ nodes }) {
	const left = nodes.flatMap((node) =>
		node.checks.filter(({ outcome }) => outcome === "not-checked").map((check) => ({ node, check })),
	);
	const lines = left.map(
		({ node, check }) => `- ${named(node)}, ${first(`check.${check.id}`, check.id)}: ${told(check)}`,
	);
	return [...heading(t("text.open")), ...(lines.length > 0 ? lines : [t("text.open.none")])];
}

/** @param {Node} node */
function named(node) {
	const title = titleOf(node);
	const platform = platformName(node.platform);
	return [t(`kind.${node.kind}`), title, platform === title ? "" : platform].filter(Boolean).map(line).join(" ");
}

/** @param {[key: string, value: string | undefined][]} pairs @param {string} [indent] */
function fields(pairs, indent = "") {
	const known = pairs.flatMap(([key, value]) => (value === undefined ? [] : [{ name: `${t(key)}:`, value }]));
	const width = Math.max(...known.map(({ name }) => name.length));
	return known.map(({ name, value }) => `${indent}${name.padEnd(width)} ${value}`);
}

/** @param {string} text */
const heading = (text, rule = "-") => [text, rule.repeat(text.length)];

/** Text of others on one line: with a line end it could write lines of its own into the report. @param {string | null | undefined} text */
const line = (text) => visible(text ?? "").replace(/[\n\t]/g, (one) => (one === "\n" ? "<U+000A>" : "<U+0009>"));

/** @param {string} prose */
function wrapped(prose) {
	const lines = [""];
	for (const word of prose.split(" ")) {
		const last = lines[lines.length - 1] ?? "";
		if (last === "") lines[lines.length - 1] = word;
		else if (last.length + 1 + word.length > WIDTH) lines.push(word);
		else lines[lines.length - 1] = `${last} ${word}`;
	}
	return lines;
}
