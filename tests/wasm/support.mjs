// For the boundary tests: the built API, the vectors, and images that were never fetched before.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST } from "../e2e/support/app.mjs";
import { repository, TYPES } from "../e2e/support/documents.mjs";

/** The JS API as users get it: from the built site, in Node. */
export const api = await import(pathToFileURL(join(DIST, "www/api.js")).href);

/** The folder of the test vectors, if there is one. */
export const VECTORS = process.env.STOWPLAN_VECTORS;
/** For `test`'s options: skips by name if the vectors are not there. */
export const needsVectors = VECTORS ? {} : { skip: "STOWPLAN_VECTORS is not set" };

/** A JSON table of the vectors; empty if there are none. */
export function table(name) {
	return VECTORS ? JSON.parse(readFileSync(join(VECTORS, name), "utf8")) : [];
}

let made = 0;

/**
 * Pushes an image with new digests: the API's session keeps what it has read, so a lie needs content it has not seen.
 * @param {string} url of a registry
 * @param {Record<string, unknown>} [changes] to the config
 */
export async function freshImage(url, changes = {}) {
	const repo = repository(url, `fresh/image${++made}`);
	const layer = await repo.putBlob(TYPES.layer, Buffer.from(`not read here ${made}`));
	const rootfs = { type: "layers", diff_ids: [layer.digest] };
	const history = [{ created_by: `RUN make ${made}` }];
	const config = await repo.putBlob(TYPES.config, { architecture: "amd64", os: "linux", rootfs, history, ...changes });
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: [layer] };
	const manifest = await repo.putManifest("v1", TYPES.manifest, document);
	return { ...manifest, config, layer, repo };
}

/** Every check of a report with this id and outcome. */
export function checks(report, id, outcome) {
	const all = report.nodes.flatMap((node) => node.checks);
	return all.filter((check) => check.id === id && (!outcome || check.outcome === outcome));
}

/** The only node of that kind. */
export function only(report, kind) {
	const found = report.nodes.filter((node) => node.kind === kind);
	if (found.length !== 1)
		throw new Error(`${found.length} nodes of kind ${kind} in ${JSON.stringify(report.nodes.map((n) => n.kind))}`);
	return found[0];
}

/** The stable code of an error. @param {any} error */
export const codeOf = (error) => error.code;
