// The handle of the image whose files are explored; kept over tabs and over the layers that come in.

/**
 * @typedef {typeof import("../api.js")} Api
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Node} Node
 * @typedef {Awaited<ReturnType<Api["exploreFiles"]>>} Handle
 * @typedef {{ node: Node, handle: any, read?: (at: number) => Promise<Uint8Array<ArrayBuffer>> }} Given files that were opened
 *   elsewhere: of an artifact, or of a layer by its table of contents, which has a way of its own to read one
 */

/** @type {{ key: string, handle: Promise<Handle> } | undefined} */
let current;

/**
 * The node with files to explore: the image in view, else a layer that was opened alone.
 * @param {import("../model/model.js").Model | undefined} model @param {Node | undefined} image
 * @returns {Node | undefined}
 */
export const explorable = (model, image) => image ?? model?.roots.find(({ kind }) => kind === "layer");

/**
 * The files of an image or of a layer alone; another one's are let go.
 * @param {Api} api @param {Report} report @param {Node} image
 * @returns {Promise<Handle>}
 */
export async function explored(api, report, image) {
	const key = JSON.stringify([report.source, image.id, image.digest]);
	if (current?.key === key) {
		const handle = await current.handle;
		await handle.update();
		return handle;
	}
	current?.handle.then(
		(handle) => handle.close(),
		() => {},
	);
	const handle = api.exploreFiles(report, { image: image.kind === "layer" ? undefined : image.id });
	current = { key, handle };
	// A failed attempt is repeated by the next caller.
	handle.catch(() => {
		if (current?.handle === handle) current = undefined;
	});
	return handle;
}

/**
 * The facts about layers that are shown beside their files.
 * @param {import("../model/model.js").Model} model @param {Node} image
 * @returns {import("../views/files/contract.js").LayerRef[]}
 */
export function layerRefs(model, image) {
	const lines = new Map((model.config(image)?.history ?? []).map((line) => [line.layer, line]));
	const layers = image.kind === "layer" || image.kind === "blob" ? [image] : model.layers(image);
	return layers.map(({ id, digest, size, unpacked }, position) => {
		const line = lines.get(id);
		return { id, position, digest, size, unpacked, history: line?.secret ? "" : (line?.createdBy ?? "") };
	});
}

/**
 * The content of a file, by the way in which its list was opened.
 * @param {Api} api @param {Report} report @param {Given | undefined} given @param {{ id?: string, at: number }} asked
 * @param {import("../types.js").ReadOptions} options
 * @returns {Promise<import("../types.js").FileContent>}
 */
export async function contentOf(api, report, given, { id = "", at }, options) {
	if (!given?.read) return api.readFile(report, id, at, { ...options, ...(given && { asTar: true }) });
	const bytes = await given.read(at);
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	const digest = `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
	return { bytes, size: bytes.length, digest, truncated: false, kind: "file", verdict: Promise.resolve([]) };
}
