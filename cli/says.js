// A report in a few lines for people: the verdict, the tree, and what failed, warned or was left open.

import { platformName, size } from "../www/i18n/format.js";
import { line } from "./terminal.js";

/**
 * @typedef {import("./terminal.js").Terminal} Terminal
 * @typedef {import("../www/types.js").Report} Report
 * @typedef {import("../www/types.js").Node} Node
 * @typedef {import("../www/types.js").Check} Check
 */

/** @type {Record<string, { shape: string, style: import("./terminal.js").Style }>} */
const MARKS = {
	verified: { shape: "✓", style: "green" },
	pass: { shape: "✓", style: "green" },
	failed: { shape: "✗", style: "red" },
	fail: { shape: "✗", style: "red" },
	warn: { shape: "!", style: "yellow" },
	incomplete: { shape: "○", style: "gray" },
	"not-checked": { shape: "○", style: "gray" },
};

/** Levels of the tree that are drawn deeper than the one before. */
const DEEPEST = 12;
/** The most open checks that are listed; the whole list is in `report` and in `--json`. */
const MOST_OPEN = 10;

/** @param {Terminal} io @param {string} outcome @param {string} text */
const marked = (io, outcome, text) => {
	const { shape, style } = MARKS[outcome] ?? { shape: "○", style: "gray" };
	return `${io.paint(style, shape)} ${text}`;
};

/** @param {Terminal} io @param {Report} report @returns {string} */
export function summaryOf(io, report) {
	const { source, summary, trust } = report;
	const { verdict, pass, fail, warn, notChecked, facts } = summary;
	const name = line(source.reference ?? source.name ?? "what was given", 300);
	const root = report.nodes.find(({ id }) => id === report.roots[0]);
	const lines = [
		marked(io, verdict, `${io.paint("bold", verdict)}  ${name}`),
		`  ${pass} passed, ${fail} failed, ${warn} warned, ${notChecked} not checked`,
	];
	if (facts) lines.push(`  ${factsOf(facts)}`);
	if (root?.digest) lines.push(`  ${line(root.digest)}`);
	if (trust) lines.push(`  signatures: ${trust.verdict} (${trust.good} of ${trust.signatures} hold)`);
	if (trust?.only)
		lines.push(`  they are about ${line(trust.only, 100)} alone, not about the index and its other platforms`);
	lines.push("", ...treeOf(io, report), ...listed(io, report, "fail"), ...listed(io, report, "warn"));
	lines.push(...listed(io, report, "not-checked"));
	return `${lines.join("\n")}\n`;
}

/** @param {NonNullable<import("../www/types.js").Summary["facts"]>} facts */
const factsOf = ({ consistent, layers, pinned }) =>
	[
		consistent ? "consistent" : "not consistent",
		`layers verified: ${layers.verified} of ${layers.of}`,
		pinned ? "pinned by a digest" : "not pinned by a digest",
	].join("; ");

/** @param {Terminal} io @param {Report} report */
function treeOf(io, { nodes, roots }) {
	/** @type {Map<string | null, Node[]>} */
	const children = new Map();
	for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
	/** @type {string[]} */
	const lines = [];
	const visit = (/** @type {Node} */ node, /** @type {number} */ depth) => {
		const facts = [node.digest, node.size === null ? "" : size(node.size)].filter(Boolean).map((fact) => line(fact));
		lines.push(
			`${"  ".repeat(Math.min(depth, DEEPEST))}${marked(io, outcomeOf(node), `${named(node)}  ${facts.join("  ")}`)}`,
		);
		for (const child of children.get(node.id) ?? []) visit(child, depth + 1);
	};
	for (const id of roots) for (const node of nodes) if (node.id === id) visit(node, 0);
	return lines;
}

/** The worst of a node's checks. @param {Node} node */
function outcomeOf({ checks, read }) {
	const worst = ["fail", "warn"].find((one) => checks.some(({ outcome }) => outcome === one));
	return worst ?? (read && checks.some(({ outcome }) => outcome === "pass") ? "pass" : "not-checked");
}

/** A title mostly begins with what it is: `layer 1`. @param {Node} node */
function named({ kind, title, platform }) {
	const name = line(platformName(platform) || title, 200);
	return name.startsWith(kind) ? name : `${kind} ${name}`.trim();
}

/** @param {Terminal} io @param {Report} report @param {Check["outcome"]} outcome */
function listed(io, { nodes }, outcome) {
	const found = nodes.flatMap((node) =>
		node.checks.filter((check) => check.outcome === outcome).map((check) => ({ node, check })),
	);
	const shown = outcome === "not-checked" ? found.slice(0, MOST_OPEN) : found;
	const lines = shown.flatMap(({ node, check }) => [
		marked(io, outcome, `${check.id}, ${named(node)}: ${line(check.message)}`),
		...(outcome === "fail" ? values(check) : []),
	]);
	if (found.length > shown.length) lines.push(`  and ${found.length - shown.length} more`);
	return lines.length > 0 ? ["", ...lines] : [];
}

/** @param {Check} check */
const values = ({ expected, actual }) =>
	[
		expected === null ? [] : [`    expected ${line(expected)}`],
		actual === null ? [] : [`    found    ${line(actual)}`],
	].flat();
