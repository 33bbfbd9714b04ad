// Sizes -> www. The treemap: the use of space below one directory, as boxes in boxes to scale that the keyboard reaches.

import { hierarchy, treemap } from "d3-hierarchy";
import { html, nothing } from "lit";
import { tint } from "../../anatomy/node-row.js";
import { vars } from "../../elements/part.js";
import { exactBytes, percent, size } from "../../i18n/format.js";
import { t } from "../../i18n/strings.js";
import { shownName } from "../files/file-text.js";

/**
 * @typedef {import("../files/contract.js").TreemapNode} TreemapNode
 * @typedef {{ node: TreemapNode, inner?: Box[] }} Box a node with what is in it, if that is known
 * @typedef {object} Cell
 * @property {TreemapNode} [node] none for the small ones together
 * @property {number} [others] how many these are
 * @property {number} size
 * @property {TreemapNode[]} trail the directories between the map's own and this one
 * @property {boolean} outer whether other cells lie in it
 * @property {number} x a share of the map, 0 to 1, as the next three
 * @property {number} y
 * @property {number} w
 * @property {number} h
 */

/** More boxes than this in one directory cannot be told apart. */
export const MAX_CELLS = 60;
/** The height of a directory's name above what is in it, and the line around it, in pixels. */
const HEAD = 22;
const EDGE = 3;
/** The least width and height of a cell that has a label, in pixels. */
const LABEL = { w: 36, h: 18, two: { w: 60, h: 34 } };

/**
 * The boxes as cells that fill the map: the largest first, each before what is in it, and the small ones as one.
 * @param {Box[]} boxes
 * @param {{ width: number, height: number }} map in pixels
 * @returns {Cell[]}
 */
export function cellsOf(boxes, { width, height }) {
	const branches = branchesOf(boxes, []);
	if (branches.length === 0) return [];
	const root = hierarchy(/** @type {Branch} */ ({ size: 0, trail: [], inner: branches }), ({ inner }) => inner);
	root.sum(({ inner, size: own }) => (inner ? 0 : own));
	const layout = treemap()
		.size([width, height])
		.paddingTop(({ depth }) => (depth > 0 ? HEAD : 0))
		.paddingRight(({ depth }) => (depth > 0 ? EDGE : 0))
		.paddingBottom(({ depth }) => (depth > 0 ? EDGE : 0))
		.paddingLeft(({ depth }) => (depth > 0 ? EDGE : 0));
	const [, ...laid] = [...flat(layout(/** @type {any} */ (root)))];
	return laid.map(({ data, x0, y0, x1, y1 }) => {
		const { node, others, size: bytes, trail, inner } = /** @type {Branch} */ (data);
		const place = { x: x0 / width, y: y0 / height, w: (x1 - x0) / width, h: (y1 - y0) / height };
		return { ...(node && { node }), ...(others && { others }), size: bytes, trail, outer: !!inner, ...place };
	});
}

/**
 * @typedef {{ node?: TreemapNode, others?: number, size: number, trail: TreemapNode[], inner?: Branch[] }} Branch
 * @param {Box[]} boxes @param {TreemapNode[]} trail
 * @returns {Branch[]}
 */
function branchesOf(boxes, trail) {
	const sorted = boxes.filter(({ node }) => node.size > 0).sort((a, b) => b.node.size - a.node.size);
	/** @type {Branch[]} */
	const found = sorted.slice(0, MAX_CELLS).map(({ node, inner }) => {
		const within = inner ? branchesOf(inner, [...trail, node]) : [];
		return { node, size: node.size, trail, ...(within.length > 0 && { inner: within }) };
	});
	const rest = sorted.slice(MAX_CELLS);
	if (rest.length > 0)
		found.push({ size: rest.reduce((sum, { node }) => sum + node.size, 0), others: rest.length, trail });
	return found;
}

/** Each before its children. @param {any} laid @returns {Generator<any>} */
function* flat(laid) {
	yield laid;
	for (const child of laid.children ?? []) yield* flat(child);
}

/** @param {number} part @param {number} whole */
export const share = (part, whole) => (whole > 0 ? percent(part / whole) : "");

/** The words for a cell: those that stand in the box first, then the others. @param {Cell} cell @param {number} whole */
export function spoken({ node, others, trail, size: bytes }, whole) {
	const words = t("sizes.map.cell", { name: nameOf({ node, others }), size: size(bytes), share: share(bytes, whole) });
	const items = node?.kind === "dir" ? t("sizes.map.items", { n: node.children }) : "";
	const path = trail.map(({ name }) => shownName(name)).join("/");
	const layer = node ? t(node.wasted ? "sizes.map.wasted" : "sizes.map.layer", { n: node.layer + 1 }) : "";
	return [words, items, layer, path && t("sizes.map.in", { path })].filter(Boolean).join(t("list.comma"));
}

/** @param {{ node?: TreemapNode, others?: number }} cell */
const nameOf = ({ node, others }) =>
	node ? `${shownName(node.name)}${node.kind === "dir" ? "/" : ""}` : t("sizes.map.others", { n: others ?? 0 });

/**
 * @param {Cell[]} cells @param {{ at: number, whole: number, width: number, height: number, keydown: (event: KeyboardEvent) => void,
 *   press: (at: number) => void, tone: (layer: number) => number }} how `at`: the box that Tab reaches; `tone`: of a layer on the ramp
 */
export function mapView(cells, { at, whole, width, height, keydown, press, tone }) {
	return html`<div class="map" role="group" aria-label=${t("sizes.map")} aria-describedby="map-hint" @keydown=${keydown} ${vars({ "--map": `${height}px` })}>
		${cells.map(
			(
				cell,
				index,
			) => html`<button type="button" class="cell ${cell.outer ? "is-outer" : ""} ${cell.node?.wasted && !cell.outer ? "is-wasted" : ""}" data-cell=${index} data-depth=${Math.min(3, cell.trail.length)} tabindex=${index === at ? 0 : -1}
			aria-label=${spoken(cell, whole)} title="${spoken(cell, whole)}, ${exactBytes(cell.size)}" @click=${() => press(index)}
			${vars({ ...(cell.node && !cell.outer && { "--tone": tint(tone(cell.node.layer)) }), "--x": cssShare(cell.x), "--y": cssShare(cell.y), "--w": cssShare(cell.w), "--h": cssShare(cell.h) })}>${label(cell, cell.w * width, cell.h * height)}</button>`,
		)}
	</div><p id="map-hint" class="note">${t("sizes.map.hint")}</p>`;
}

/** @param {number} part */
const cssShare = (part) => `${(part * 100).toFixed(3)}%`;

/** @param {Cell} cell @param {number} width @param {number} height in pixels */
function label({ node, others, size: bytes, outer }, width, height) {
	if (width < LABEL.w || height < LABEL.h) return nothing;
	const name = nameOf({ node, others });
	const room = width >= LABEL.two.w && (outer ? width >= 2 * LABEL.two.w : height >= LABEL.two.h);
	const weight = room ? html`<span class="cell-size">${size(bytes)}</span>` : nothing;
	return html`<span class="cell-label ${outer ? "is-outer" : ""}"><span class="cell-name">${name}</span> ${weight}</span>`;
}

/**
 * The target of an arrow key: the nearest box in that direction.
 * @param {string} key @param {Cell[]} cells @param {number} at
 * @returns {number | undefined}
 */
export function cellMove(key, cells, at) {
	if (key === "Home") return 0;
	if (key === "End") return cells.length - 1;
	const here = cells[at];
	const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
	if (!here || !way) return undefined;
	const [dx = 0, dy = 0] = way;
	let best = at;
	let nearest = Number.POSITIVE_INFINITY;
	cells.forEach((cell, index) => {
		const [x, y] = [(middle(cell).x - middle(here).x) * 2, middle(cell).y - middle(here).y];
		const ahead = x * dx + y * dy;
		const distance = ahead + 3 * Math.abs(x * dy + y * dx);
		if (index === at || ahead <= 1e-9 || distance >= nearest) return;
		best = index;
		nearest = distance;
	});
	return best;
}

/** Of a directory with boxes in it, that of its name. @param {Cell} cell */
const middle = ({ x, y, w, h, outer }) => ({ x: x + w / 2, y: outer ? y : y + h / 2 });
