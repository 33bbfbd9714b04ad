// Report -> file content. One file of a layer that was not read before: the download stops at the end of its first entry.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { specOf } from "../layers/merge.js";
import { workersFor } from "../layers/pool.js";
import { teller } from "../layers/progress.js";
import { aborted } from "../session.js";
import { standingLayer } from "./standing.js";

/** The most bytes of a file that are kept unless the caller says otherwise. */
const MOST = 8 * 1024 * 1024;

/**
 * @param {import("../../types.js").Report} report @param {string} id of the layer's node @param {string} path
 * @param {import("../../types.js").ReadOptions} options @param {import("../layers/verify.js").Authorise} authorise
 * @returns {Promise<import("../../types.js").PeekedFile>}
 */
export async function peekFile(report, id, path, { most = MOST, limits, signal, onProgress }, authorise) {
	if (signal?.aborted) throw aborted();
	const node = standingLayer(report, id);
	const place = placesOf(report)?.get(id);
	const spec = specOf(node, { limits }, place);
	const tell = teller({ spec, nodes: [node], size: spec.size ?? spec.length ?? 0 }, onProgress);
	const job = { spec, entries: 0, path, most, bytes: place?.bytes };
	const asked = authorise.bind(null, spec.digest ?? "");
	const outcome = await workersFor().use(1, signal, async ([worker]) => {
		const lent = /** @type {any} */ (worker);
		const calls = [asked, tell.state, tell.count].map(lent.handOver);
		const found = await lent.reader.peekFile(job, ...calls, lent.local ? signal : undefined);
		lent.memory = await lent.reader.memory();
		return found;
	});
	if ("error" in outcome) throw coded(outcome.error.code ?? "unknown", outcome.error.message, outcome.error);
	return { path, of: spec.size, ...outcome.value };
}
