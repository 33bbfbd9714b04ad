// embeds -> a Markdown tree. A plugin of remark: fences are kept, then become elements; a problem names file and line.

import { Parser } from "htmlparser2";

/**
 * @typedef {{ type: string, lang?: string | null, value?: string, children?: Tree[], position?: { start: { line: number } } } & Record<string, any>} Tree
 * @param {{ site: import("./site.js").Site, mdx?: boolean }} options `mdx`: the tree is compiled as MDX also if the file is `.md`
 */
export function remarkStowplan({ site, mdx = false }) {
	return async (/** @type {Tree} */ tree, /** @type {{ path?: string }} */ file) => {
		const page = file.path ?? "";
		const fences = fencesOf(tree);
		for (const { parent, at } of fences) {
			const node = /** @type {Tree} */ (parent.children?.[at]);
			const html = await site.keep(node.value ?? "", page, node.position?.start.line ?? 1);
			/** @type {Tree[]} */ (parent.children)[at] =
				mdx || page.endsWith(".mdx") ? asJsx(html) : { type: "html", value: html };
		}
	};
}

/** @param {Tree} tree */
function fencesOf(tree) {
	/** @type {{ parent: Tree, at: number }[]} */
	const found = [];
	const rest = [tree];
	for (let parent = rest.pop(); parent; parent = rest.pop()) {
		for (const [at, node] of (parent.children ?? []).entries()) {
			if (node.type === "code" && node.lang === "stowplan") found.push({ parent, at });
			rest.push(node);
		}
	}
	return found;
}

/** The element as MDX has it: its tree takes no HTML. @param {string} html @returns {Tree} */
function asJsx(html) {
	/** @type {Tree} */
	const element = { type: "mdxJsxFlowElement", name: "stow-plan", attributes: [], children: [] };
	const parser = new Parser({
		onattribute: (name, value) => void element.attributes.push({ type: "mdxJsxAttribute", name, value }),
		ontext: (value) => void element.children?.push({ type: "text", value }),
	});
	parser.end(html);
	return element;
}
