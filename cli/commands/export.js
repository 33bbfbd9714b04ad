// `stowplan export`: a layer as a tar, chosen paths as a tar, or what a layer changes as JSON.

import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Writable } from "node:stream";
import * as api from "../../www/api.js";
import { layersOf } from "../../www/engine/layers/merge.js";
import { accessTo } from "../access.js";
import { EXIT } from "../exit.js";
import { fault } from "../fault.js";
import { filesOf, isPath } from "../files.js";

/**
 * @param {import("../terminal.js").Terminal} io @param {string} target
 * @param {import("../access.js").AccessOptions & { platform?: string, layer?: string, path?: string[], changes?: boolean, output?: string }} options
 */
export async function exported(io, target, { layer, path: paths, changes, output, platform, ...options }) {
	if (layer === undefined && (paths ?? []).length === 0) throw fault("usage", "--layer or --path says what to export");
	if (changes && layer === undefined) throw fault("usage", "--changes are those of a layer: name it with --layer");
	const access = isPath(target) ? { credentials: [] } : await accessTo(target, options);
	const report = isPath(target)
		? await api.open(await filesOf([target], io.input))
		: await api.inspect(target, { ...access, platform });
	const id = layer === undefined ? undefined : layerOf(report, layer);
	if (changes && id) {
		const found = await api.layerChanges(report, id, access);
		io.json(JSON.stringify(found, null, 2));
		return EXIT.verified;
	}
	if (output === undefined) throw fault("usage", "a tar goes to a file: name it with --output");
	const shown = io.progress("reading layers");
	const to = Writable.toWeb(createWriteStream(output));
	try {
		const saved = await api.saveTar(report, { ...access, layer: id, paths, to: /** @type {any} */ (to) });
		for (const missing of saved.missing) io.err(`${JSON.stringify(missing)} is not in the image\n`);
		return saved.missing.length > 0 ? EXIT.incomplete : EXIT.verified;
	} catch (error) {
		await rm(output, { force: true });
		throw error;
	} finally {
		shown.end();
	}
}

/** A layer by its number, from 1 at the lowest, or by its digest. @param {import("../../www/types.js").Report} report @param {string} which */
export function layerOf(report, which) {
	const layers = layersOf(report);
	const found = /^\d+$/.test(which) ? layers[Number(which) - 1] : layers.find(({ digest }) => digest === which);
	if (!found) throw fault("not-found", `the image has no layer "${which}": it has ${layers.length}`);
	return found.id;
}
