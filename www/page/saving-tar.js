// Saves a layer, chosen paths or the changes of a layer to a file on the reader's disk.

import { target } from "../engine/saving/target.js";
import { loadWords, t } from "../i18n/strings.js";
import { save } from "../lib/download.js";
import { shareName } from "../model/names.js";
import { safeName } from "../views/files/file-text.js";

/**
 * @typedef {typeof import("../api.js")} Api
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").TarOptions} TarOptions
 */

/** The words for what may go wrong come beside. */
export const words = () => loadWords("errors");

/**
 * @param {Api} api @param {Report} report @param {TarOptions} options
 * @returns {Promise<import("../types.js").SavedTar>}
 */
export async function saveTar(api, report, options) {
	const name = options.raw ? titleOf(report, options) : `${nameOf(report, options)}.tar`;
	const place = await target(name, sizeOf(report, options), t("export.kind"));
	try {
		const saved = await api.saveTar(report, { ...options, to: place.to });
		await place.done();
		return saved;
	} catch (error) {
		await place.undo();
		throw error;
	}
}

/** @param {Api} api @param {Report} report @param {string} layer @param {TarOptions} options */
export async function saveChanges(api, report, layer, options) {
	const found = await api.layerChanges(report, layer, options);
	const name = `${nameOf(report, { layer })}.changes.json`;
	save(new Blob([`${JSON.stringify(found, null, "\t")}\n`], { type: "application/json" }), name);
}

/** The name of an artifact's file, else its digest. @param {Report} report @param {TarOptions} options */
function titleOf(report, { layer }) {
	const node = report.nodes.find(({ id }) => id === layer);
	const title = node?.annotations?.find(([name]) => name === "org.opencontainers.image.title")?.[1];
	return safeName(title ?? node?.digest?.replace(":", "-") ?? "blob");
}

/** `app-1.2-layer-3`, `app-1.2-passwd`. @param {Report} report @param {TarOptions} options */
function nameOf(report, { layer, paths }) {
	const image = shareName(report);
	if (paths?.length === 1) return `${image}-${safeName(paths[0] ?? "")}`;
	const node = report.nodes.find(({ id }) => id === layer);
	const beside = report.nodes.filter(({ kind, parent }) => kind === "layer" && parent === node?.parent);
	return node ? `${image}-layer-${beside.indexOf(node) + 1}` : `${image}-files`;
}

/** A guess at its size, for the browser's disk: a layer unpacks to some times its size. @param {Report} report @param {TarOptions} options */
function sizeOf(report, { layer, raw }) {
	if (raw) return report.nodes.find(({ id }) => id === layer)?.size ?? 0;
	const layers = report.nodes.filter(({ kind, id }) => kind === "layer" && (layer === undefined || id === layer));
	return layers.reduce((sum, { unpacked, size }) => sum + (unpacked ?? 4 * (size ?? 0)), 0);
}
