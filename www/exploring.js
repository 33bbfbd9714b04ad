// Line: www, the one image whose files are explored: its handle, kept over tabs and over the layers that come in.

/**
 * @typedef {typeof import("./api.js")} Api
 * @typedef {import("./types.js").Report} Report
 * @typedef {import("./types.js").Node} Node
 * @typedef {Awaited<ReturnType<Api["exploreFiles"]>>} Handle
 */

/** @type {{ key: string, handle: Promise<Handle> } | undefined} */
let current;

/**
 * The files of an image; another image's are let go.
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
	const handle = api.exploreFiles(report, { image: image.id });
	current = { key, handle };
	// What failed is tried again by the next.
	handle.catch(() => {
		if (current?.handle === handle) current = undefined;
	});
	return handle;
}

/**
 * What is told of the layers beside their files.
 * @param {import("./model.js").Model} model @param {Node} image
 * @returns {import("./views/files/contract.js").LayerRef[]}
 */
export function layerRefs(model, image) {
	const lines = new Map((model.config(image)?.history ?? []).map((line) => [line.layer, line]));
	return model.layers(image).map(({ id, digest, size, unpacked }, position) => {
		const line = lines.get(id);
		return { id, position, digest, size, unpacked, history: line?.secret ? "" : (line?.createdBy ?? "") };
	});
}
