// Line: the boundary. The only file that talks to the wasm module: loads it once, in a worker or in Node.

import init, * as wasm from "./pkg/stowplan.js";

/** @type {Promise<typeof wasm> | undefined} */
let loading;

/**
 * The wasm module's functions, loaded on the first call.
 * @returns {Promise<typeof wasm>}
 */
export function core() {
	loading ??= load().catch((error) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

async function load() {
	await init({ module_or_path: await source() });
	return wasm;
}

/** Node has no fetch for file URLs, so there the bytes are read from the disk. */
async function source() {
	const url = new URL("stowplan_bg.wasm", import.meta.url);
	if (url.protocol !== "file:") return url;
	const { readFile } = await import("node:fs/promises");
	return readFile(url);
}
