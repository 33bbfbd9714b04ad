// Comparison -> www. One row of the files that differ: by growth with what differs, in the tree with the sums of what is below it.

import { html, nothing } from "lit";
import { vars } from "../../elements/part.js";
import { exactBytes, size, visible } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { countsOf, signed } from "./compare-cost.js";
import { sideName } from "./compare-head.js";

/**
 * @typedef {import("../../engine/compare/compare-images.js").ComparedRow} ComparedRow
 * @typedef {import("../../engine/compare/compare-images.js").TreeRow} TreeRow
 * @typedef {Omit<TreeRow, "children"> & { depth: number }} Leaf a path in the tree
 * @typedef {Leaf & { open: boolean }} Twig one with something below it
 * @typedef {{ cut: number, depth: number }} Cut there is more in the directory than is listed
 * @typedef {ComparedRow | Leaf | Twig | Cut} Line
 * @typedef {Map<string, TreeRow[]>} Tree what is in each directory that is open
 */

/** @param {[string, string] | undefined} names the short names of both sides */
export const columnHeads = (names) =>
	Object.entries({
		path: t("compare.path"),
		before: sideName(names, 0),
		after: sideName(names, 1),
		growth: t("compare.growth"),
	}).map(([name, words]) => html`<span role="columnheader" class=${name}>${words}</span>`);

/** Deeper rows are not moved further in. */
const DEEPEST = 24;

/** Shape beside the colour. @type {Record<string, string>} */
const SIGNS = { added: "+", removed: "−", changed: "~", renamed: "→", same: "" };

/**
 * The rows of a tree from top to bottom; of each directory no more than so many.
 * @param {Tree} tree @param {number} most @returns {(Leaf | Twig | Cut)[]}
 */
export function branches(tree, most) {
	/** @type {(Leaf | Twig | Cut)[]} */
	const lines = [];
	const add = (/** @type {string} */ path, /** @type {number} */ depth) => {
		const rows = tree.get(path) ?? [];
		for (const { children, ...row } of rows.slice(0, most)) {
			const open = tree.has(row.path);
			lines.push(children ? { ...row, depth, open } : { ...row, depth });
			if (children && open) add(row.path, depth + 1);
		}
		if (rows.length > most) lines.push({ cut: most, depth });
	};
	add("", 0);
	return lines;
}

/**
 * Opens each directory on the way to a path, and the path itself.
 * @param {Tree} tree @param {string} path @param {number} most of one directory
 * @param {(path: string) => Promise<TreeRow[]> | undefined} ask
 * @returns {Promise<number>} the line at which the path stands then, or -1
 */
export async function openDown(tree, path, most, ask) {
	const names = path.split("/").filter(Boolean);
	for (let at = 0; at <= names.length; at++) {
		const one = names.slice(0, at).join("/");
		const rows = tree.has(one) ? [] : ((await ask(one)) ?? []);
		if (rows.length > 0) tree.set(one, rows);
	}
	return names.length > 0 ? branches(tree, most).findIndex((line) => "path" in line && line.path === path) : 0;
}

/** The line of the directory that holds the last one, or -1. @param {Line[]} lines */
export function parentOf(lines) {
	const depth = /** @type {{ depth: number } | undefined} */ (lines.at(-1))?.depth ?? 0;
	return lines.findLastIndex((line) => "open" in line && line.depth < depth);
}

/** True if both texts of a file can be shown. @param {Line} line @param {boolean} texts @returns {line is ComparedRow} */
export const hasText = (line, texts) =>
	texts && "what" in line && line.kind === "file" && line.what.includes("content") && !!line.a && !!line.b;

/** @param {number} index of the row, from 0 @param {Line | undefined} line @param {boolean} active @param {boolean} texts */
export function changedRow(index, line, active, texts) {
	const at = index + 2;
	if (!line)
		return html`<div role="row" class="changed-row" aria-rowindex=${at}><span role="gridcell" class="path">…</span></div>`;
	if ("cut" in line)
		return html`<div role="row" id="changed-${index}" data-row=${index} ?data-active=${active} aria-selected=${active} class="changed-row" aria-rowindex=${at}><span role="gridcell" class="path note">${t("compare.files.first", { n: line.cut })}</span></div>`;
	const { path, state, sizeA, sizeB, growth } = line;
	const isTree = "depth" in line;
	const cell = (/** @type {string} */ name, /** @type {number | undefined} */ bytes) =>
		html`<span role="gridcell" class=${name} title=${exactBytes(bytes)}>${bytes === undefined ? nothing : size(bytes)}</span>`;
	return html`<div role="row" id="changed-${index}" data-row=${index} class="changed-row is-${state}" ?data-active=${active} aria-selected=${active} aria-rowindex=${at}
		aria-level=${isTree ? line.depth + 1 : nothing} aria-expanded=${"open" in line ? line.open : nothing}>
		<span role="gridcell" class="path" ${vars({ "--depth": String(isTree ? Math.min(line.depth, DEEPEST) : 0) })}>${sign(state)}<span class="changed-name" title=${visible(path, 1000)}>${isTree ? leaf(line) : full(path)}</span>
			<span class="note">${isTree ? about(line) : what(line, texts)}</span></span>
		${cell("before", sizeA)}${cell("after", sizeB)}<span role="gridcell" class="growth" title=${exactBytes(growth)}><strong>${signed(growth)}</strong></span></div>`;
}

/** @param {string} state */
function sign(state) {
	if (state === "same") return html`<span class="sign"></span>`;
	const words = t(`compare.state.${state}`);
	return html`<span class="sign" title=${words}><span aria-hidden="true">${SIGNS[state]}</span><span class="sr">${words}</span></span>`;
}

/** If there is no room, the beginning of a path is left out, not its end. @param {string} path */
const full = (path) => html`<bdi dir="ltr"><code>${visible(path, 300)}</code></bdi>`;

/** @param {Leaf | Twig} line */
function leaf(line) {
	const name = html`<code>${visible(line.name, 200)}${"open" in line ? "/" : ""}</code>`;
	if (!("open" in line)) return html`<bdi dir="ltr">${name}</bdi>`;
	return html`<bdi dir="ltr"><button type="button" class="twig" tabindex="-1" aria-expanded=${line.open}>${name}</button></bdi>`;
}

/** @param {Leaf | Twig} line */
const about = (line) => ("open" in line ? countsOf(line) : nothing);

/** The difference, and the earlier name. @param {ComparedRow} line @param {boolean} texts */
function what(line, texts) {
	const names = line.what.map((one) => t(`compare.what.${one}`)).join(", ");
	const from = line.from ? t("compare.from", { path: visible(line.from, 300) }) : "";
	return html`<span title=${from || nothing}>${[names, from].filter(Boolean).join(" · ")}</span>${
		hasText(line, texts)
			? html` <button type="button" class="quiet" tabindex="-1">${t("compare.diff")}</button>`
			: nothing
	}`;
}
