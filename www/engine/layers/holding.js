// list of files -> www/engine/layers. The hashes that a list of packages gives of files, held against verified layers.

import { coded } from "../../lib/coded.js";
import { isProved, known, systemOf } from "./memory.js";
import { layersOf } from "./merge.js";
import { talk } from "./pool.js";
import { verifyLayers } from "./verify.js";

/**
 * @param {import("../../types.js").Report} report
 * @param {[string, string, string][]} files path, algorithm and hex, as `readStatement` gives them
 * @param {import("../../types.js").VerifyOptions & { image?: string, packages?: import("../../types.js").Package[] }} options
 * @param {any} ask
 * @returns {Promise<{ held: import("../../types.js").HeldFiles, report: import("../../types.js").Report }>}
 */
export async function holdFiles(report, files, { image, packages = [], ...options }, ask) {
	const all = layersOf(report, image).map(({ id }) => id);
	const here = new Set((await hashed(report, image)).map(({ id }) => id));
	const layers = all.filter((id) => !here.has(id));
	const read = layers.length > 0 ? await verifyLayers(report, { ...options, layers, contents: true }, ask) : report;
	const found = await hashed(read, image);
	if (found.length < all.length || all.length === 0)
		throw coded("not-found", "not every layer of the image could be verified");
	const system = systemOf(read, layersOf(read, image)[0]?.parent ?? undefined) ?? "";
	const worker = await talk("explore");
	try {
		const indexes = found.map(({ index }) => index);
		return { held: await worker.ask("hold", indexes, system, files, ownedBy(packages)), report: read };
	} finally {
		worker.close();
	}
}

/** The largest number of 32 bits: no list is as long. */
const LAST = 2 ** 32 - 1;

/** One package after the other: the number of its hashes, and their places in the list. @param {import("../../types.js").Package[]} packages */
function ownedBy(packages) {
	const all = packages.reduce((sum, { files = [] }) => sum + 1 + files.length, 0);
	const owned = new Uint32Array(packages.some(({ files }) => files) ? all : 0);
	let at = 0;
	for (const { files = [] } of owned.length > 0 ? packages : []) {
		owned[at] = files.length;
		// A larger number would become a smaller one.
		owned.set(
			files.map((place) => Math.min(place, LAST)),
			at + 1,
		);
		at += 1 + files.length;
	}
	return owned;
}

/** The layers that were verified, with the digests of their contents. @param {import("../../types.js").Report} report @param {string} [image] */
async function hashed(report, image) {
	const verified = new Set(report.nodes.filter(({ read, checks }) => read && isProved(checks)).map(({ id }) => id));
	const found = await known(report, image);
	return found.filter(({ id, hashed, remembered }) => hashed && !remembered && verified.has(id));
}
