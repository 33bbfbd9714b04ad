// documentation -> embeds. Finds each `<stow-plan …>` and each fence of a page, with its line.

import { Parser } from "htmlparser2";
import MarkdownIt from "markdown-it";
import { readFence } from "./fence.js";

/**
 * @typedef {import("./fence.js").Attributes} Attributes
 * @typedef {import("./fence.js").Problem} Problem
 * @typedef {{ line: number, form: "element" | "fence", attributes: Attributes, problems: Problem[] }} Embed `line` counts from 1
 */

const ELEMENT = "stow-plan";
const FENCE = "stowplan";
const markdown = new MarkdownIt("commonmark", { html: true });

/**
 * @param {string} text
 * @param {string} name the file's, which says what the text is
 * @returns {Embed[]}
 */
export function findEmbeds(text, name) {
	if (!text.includes(FENCE) && !/<stow-plan/i.test(text)) return [];
	if (/\.html?$/i.test(name)) return elements(text, 1);
	return /\.rst$/i.test(name) ? directives(text) : inMarkdown(text);
}

/** True for a file whose embeds are found. @param {string} name */
export const isPage = (name) => /\.(md|markdown|mdx|html?|rst)$/i.test(name);

/** Example code is no embed, so a Markdown parser says what is HTML. @param {string} text */
function inMarkdown(text) {
	return markdown.parse(flattened(text), {}).flatMap(({ type, info, content, children, map }) => {
		const line = (map?.[0] ?? 0) + 1;
		if (type === "fence") return isOurs(info) ? [fence(content, line)] : ofMyst(info, content, line);
		if (type === "html_block") return elements(content, line);
		return type === "inline" ? inline(children ?? [], line) : [];
	});
}

/**
 * @typedef {{ from: number, to: number, body: string }} FenceLines lines count from 0, `to` is behind the last one
 * @param {string} text Markdown
 * @returns {FenceLines[]} each fence that shows an image
 */
export const fenceLines = (text) =>
	markdown.parse(text, {}).flatMap(({ type, info, content: body, map }) => {
		const [from, to] = map ?? [0, 0];
		return type === "fence" && isOurs(info) ? [{ from, to, body }] : [];
	});

/** The first word of what stands behind the fence. @param {string} info */
export const isOurs = (info) => info.trim().split(/[\s{]/)[0] === FENCE;

/**
 * A directive of MyST: `{stowplan} REFERENCE` behind the fence, options as `:name: value` or between lines of `---`.
 * @param {string} info @param {string} content @param {number} line
 */
function ofMyst(info, content, line) {
	const [, reference] = /^\{stowplan\}\s*(.*)$/.exec(info.trim()) ?? [];
	if (reference === undefined) return [];
	const options = content.split("\n").filter((one) => one.trim() !== "---");
	const body = options.map((one) => one.replace(/^\s*:([a-z]+):\s*/, "$1: "));
	return [fence([reference, ...body].join("\n"), line)];
}

/** @param {string} content @param {number} line @returns {Embed} */
const fence = (content, line) => ({ line, form: "fence", ...readFence(content) });

/** @param {{ type: string, content: string }[]} tokens @param {number} line */
function inline(tokens, line) {
	/** @type {Embed[]} */
	const found = [];
	let at = line;
	for (const { type, content } of tokens) {
		if (type === "html_inline") found.push(...elements(content, at));
		at += /break$/.test(type) ? 1 : newlines(content);
	}
	return found;
}

/** @param {string} html @param {number} line of its first character */
function elements(html, line) {
	/** @type {Embed[]} */
	const found = [];
	let [from, at] = [0, line];
	const parser = new Parser({
		onopentag(name, attributes) {
			if (name !== ELEMENT) return;
			at += newlines(html.slice(from, parser.startIndex));
			from = parser.startIndex;
			found.push({ line: at, form: "element", attributes: { ...attributes }, problems: [] });
		},
	});
	parser.end(html);
	return found;
}

/** Directives of reStructuredText: the argument is the reference, options are `:name: value`. @param {string} text */
function directives(text) {
	const lines = text.split("\n");
	return lines.flatMap((line, at) => {
		const [, indent, reference = ""] = /^(\s*)\.\. stowplan::\s*(.*)$/.exec(line) ?? [];
		if (indent === undefined) return [];
		const body = [reference];
		for (const next of lines.slice(at + 1)) {
			const [, name, value] = /^\s+:([a-z]+):\s*(.*)$/.exec(next) ?? [];
			if (name === undefined) break;
			body.push(`${name}: ${value}`);
		}
		return [fence(body.join("\n"), at + 1)];
	});
}

/**
 * Blocks of Python-Markdown (`!!! note`, `??? tip`, `=== "Tab"`) indent their content, which CommonMark takes for code.
 * @param {string} text the lines stay where they are
 */
function flattened(text) {
	if (!BLOCK.test(text)) return text;
	/** @type {number[]} */
	const open = [];
	return text
		.split("\n")
		.map((line) => {
			const indent = line.length - line.trimStart().length;
			if (line.trim() === "") return line;
			while (open.length > 0 && indent < (open.at(-1) ?? 0)) open.pop();
			const flat = line.slice(open.at(-1) ?? 0);
			if (!BLOCK.test(flat)) return flat;
			open.push(indent + 4);
			return "";
		})
		.join("\n");
}

const BLOCK = /^ {0,3}(!!!|\?\?\?\+?|===!?\+?) /m;

/** @param {string} text */
const newlines = (text) => text.split("\n").length - 1;
