// FilesHandle -> www. The directories that the map shows opened: the large ones, level by level, within a budget.

/**
 * @typedef {import("./treemap.js").Box} Box
 * @typedef {import("../files/contract.js").FilesHandle} FilesHandle
 */

/** A directory is opened if it takes this share of the map. */
const LARGE = 0.05;
/** The number of times that the list is asked for one map, and the depth. */
const ASKED = 24;
const LEVELS = 3;

/**
 * The content of a directory, with the content of its large directories.
 * @param {FilesHandle} handle @param {string} path
 * @param {boolean} [waste] whether what lower layers have in vain has boxes too
 * @returns {Promise<Box[]>}
 */
export async function grown(handle, path, waste = false) {
	const kept = async (/** @type {string} */ at) =>
		/** @type {Box[]} */ ((await handle.treemap(at)).map((node) => ({ node })));
	const wasted = async (/** @type {string} */ at) =>
		/** @type {Box[]} */ ((await handle.treemap(at, true)).map((node) => ({ node: { ...node, wasted: true } })));
	const boxes = [...(await kept(path)), ...(waste ? await wasted(path) : [])];
	const whole = boxes.reduce((sum, { node }) => sum + node.size, 0);
	let level = boxes;
	let asked = 1;
	for (let depth = 1; depth < LEVELS; depth++) {
		const large = level
			.filter(({ node }) => node.kind === "dir" && node.children > 0 && node.size >= whole * LARGE && node.size > 0)
			.sort((a, b) => b.node.size - a.node.size)
			.slice(0, ASKED - asked);
		asked += large.length;
		const found = await Promise.all(large.map(({ node }) => (node.wasted ? wasted : kept)(node.path)));
		large.forEach((box, index) => {
			box.inner = found[index] ?? [];
		});
		level = large.flatMap(({ inner = [] }) => inner);
	}
	return boxes;
}
