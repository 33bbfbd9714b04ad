// Line: the boundary. The only file that talks to the wasm modules: loads each once, in a worker or in Node.

/** @typedef {typeof import("./pkg/stowplan.js")} Inspecting */
/** @typedef {typeof import("./pkg/stowplan_open.js")} Opening */
/** @typedef {typeof import("./pkg/stowplan_data.js") & import("./types.js").DataModule} Reading */
/** @typedef {Omit<typeof import("./pkg/stowplan_files.js"), "Files"> & { Files: new () => import("./types.js").FilesModule }} Exploring */

/**
 * References and registries: loaded with the first of them.
 * @returns {Promise<Inspecting>}
 */
export const inspecting = once(
	() => import("./pkg/stowplan.js"),
	() => new URL("stowplan_bg.wasm", import.meta.url),
);

/**
 * Pastes and files, with recovery: loaded with the first of them.
 * @returns {Promise<Opening>}
 */
export const opening = once(
	() => import("./pkg/stowplan_open.js"),
	() => new URL("stowplan_open_bg.wasm", import.meta.url),
);

/**
 * Layers: loaded with the first of them, in the data workers.
 * @returns {Promise<Reading>}
 */
export const reading = once(
	() => /** @type {Promise<any>} */ (import("./pkg/stowplan_data.js")),
	() => new URL("stowplan_data_bg.wasm", import.meta.url),
);

/**
 * The files of an image: loaded when somebody looks at them.
 * @returns {Promise<Exploring>}
 */
export const exploring = once(
	() => /** @type {Promise<any>} */ (import("./pkg/stowplan_files.js")),
	() => new URL("stowplan_files_bg.wasm", import.meta.url),
);

/** Those loaded so far. @type {Set<Inspecting | Opening | Reading | Exploring>} */
export const loaded = new Set();

/**
 * @template {Inspecting | Opening | Reading | Exploring} T
 * @param {() => Promise<T>} glue
 * @param {() => URL} file written out in each call: others' bundlers follow such addresses by reading them
 * @returns {() => Promise<T>}
 */
function once(glue, file) {
	/** @type {Promise<T> | undefined} */
	let loading;
	return () => {
		loading ??= load(glue, file).catch((error) => {
			loading = undefined;
			throw error;
		});
		return loading;
	};
}

/**
 * @template {Inspecting | Opening | Reading | Exploring} T
 * @param {() => Promise<T>} glue
 * @param {() => URL} file
 */
async function load(glue, file) {
	const [module, source] = await Promise.all([glue(), bytesOrUrl(file())]);
	await module.default({ module_or_path: source });
	loaded.add(module);
	return module;
}

/** Node has no fetch for file URLs, so there the bytes are read from the disk. @param {URL} url */
async function bytesOrUrl(url) {
	if (url.protocol !== "file:") return fetch(url);
	const { readFile } = await import("node:fs/promises");
	return readFile(url);
}
