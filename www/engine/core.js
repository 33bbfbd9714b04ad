// The only file that talks to the wasm modules: loads each once, in a worker or in Node.

/** @typedef {typeof import("./pkg/stowplan.js")} Inspecting */
/** @typedef {typeof import("./pkg/stowplan_open.js")} Opening */
/** @typedef {typeof import("./pkg/stowplan_data.js") & import("../types.js").DataModule} Reading */
/** @typedef {Omit<typeof import("./pkg/stowplan_files.js"), "Files"> & { Files: new () => import("../types.js").FilesModule }} Exploring */
/** @typedef {typeof import("./pkg/stowplan_found.js")} Finding */
/** @typedef {typeof import("./pkg/stowplan_trust.js")} Judging */
/** @typedef {typeof import("./pkg/stowplan_compare.js")} Comparing */
/** @typedef {typeof import("./pkg/stowplan_artifact.js")} Unwrapping */
/** @typedef {typeof import("./pkg/stowplan_explain.js")} Explaining */

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
 * The files of an image: loaded when they are looked at.
 * @returns {Promise<Exploring>}
 */
export const exploring = once(
	() => /** @type {Promise<any>} */ (import("./pkg/stowplan_files.js")),
	() => new URL("stowplan_files_bg.wasm", import.meta.url),
);

/**
 * Documents beside an image: loaded when signatures and statements are looked for.
 * @returns {Promise<Finding>}
 */
export const finding = once(
	() => import("./pkg/stowplan_found.js"),
	() => new URL("stowplan_found_bg.wasm", import.meta.url),
);

/**
 * Signatures: loaded when some are verified.
 * @returns {Promise<Judging>}
 */
export const judging = once(
	() => import("./pkg/stowplan_trust.js"),
	() => new URL("stowplan_trust_bg.wasm", import.meta.url),
);

/**
 * Two images against each other, and lists of tags: loaded when some are compared or listed.
 * @returns {Promise<Comparing>}
 */
export const comparing = once(
	() => import("./pkg/stowplan_compare.js"),
	() => new URL("stowplan_compare_bg.wasm", import.meta.url),
);

/**
 * Charts, wasm files and models: loaded when one is opened.
 * @returns {Promise<Unwrapping>}
 */
export const unwrapping = once(
	() => import("./pkg/stowplan_artifact.js"),
	() => new URL("stowplan_artifact_bg.wasm", import.meta.url),
);

/**
 * Identities, commands and the places of a digest: loaded when some are shown.
 * @returns {Promise<Explaining>}
 */
export const explaining = once(
	() => import("./pkg/stowplan_explain.js"),
	() => new URL("stowplan_explain_bg.wasm", import.meta.url),
);

/** Those loaded so far that keep the bytes of shown nodes. @type {Set<Inspecting | Opening | Finding>} */
export const loaded = new Set();

/**
 * @template {Inspecting | Opening | Reading | Exploring | Finding | Judging | Comparing | Unwrapping | Explaining} T
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
 * @template {Inspecting | Opening | Reading | Exploring | Finding | Judging | Comparing | Unwrapping | Explaining} T
 * @param {() => Promise<T>} glue
 * @param {() => URL} file
 */
async function load(glue, file) {
	const [module, source] = await Promise.all([glue(), bytesOrUrl(file())]);
	await module.default({ module_or_path: source });
	if ("bytesOf" in module) loaded.add(module);
	return module;
}

/** Node has no fetch for file URLs, so there the bytes are read from the disk. @param {URL} url */
async function bytesOrUrl(url) {
	if (url.protocol !== "file:") return fetch(url);
	// No name that a bundler for browsers would look for.
	const { readFile } = await import(["node:fs", "promises"].join("/"));
	return readFile(url);
}
