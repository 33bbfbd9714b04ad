// The commands about one image: inspect, verify, open, report, snapshot.

import { readFile, writeFile } from "node:fs/promises";
import { judgeSigners } from "../../integrations/core/signers.js";
import * as api from "../../www/api.js";
import { size } from "../../www/i18n/format.js";
import { reportJson } from "../../www/model/secrets.js";
import { isPin, withPin } from "../../www/plan/author-pin.js";
import { accessTo } from "../access.js";
import { EXIT, exitOf } from "../exit.js";
import { fault } from "../fault.js";
import { filesOf, isPath } from "../files.js";
import { summaryOf } from "../says.js";

/**
 * @typedef {import("../terminal.js").Terminal} Terminal
 * @typedef {import("../../www/types.js").Report} Report
 * @typedef {import("../access.js").AccessOptions & { platform?: string, all?: boolean, json?: boolean, expect?: string,
 *   identity?: string, issuer?: string, repository?: string, key?: string[], trustedRoot?: string, layers?: boolean, mediaType?: string, output?: string, workers?: number }} Options
 */

/** @param {Terminal} io @param {string} reference @param {Options} options */
export const inspectImage = async (io, reference, options) => told(io, await fetched(io, reference, options), options);

/** @param {Terminal} io @param {string} target @param {Options} options */
export const verify = async (io, target, options) =>
	told(io, await read(io, target, { ...options, layers: true }), options);

/** @param {Terminal} io @param {string[]} files @param {Options} options */
export const openFiles = async (io, files, options) => told(io, await opened(io, files, options), options);

/** @param {Terminal} io @param {string} target @param {Options} options */
export async function report(io, target, options) {
	const found = await read(io, target, options);
	await written(io, options.json ? reportJson(found) : await api.reportText(found), options.output);
	return exitOf(found);
}

/** An image that failed is not kept. @param {Terminal} io @param {string} reference @param {Options} options */
export async function snapshot(io, reference, options) {
	const found = await fetched(io, reference, options);
	if (found.summary.verdict === "failed") {
		io.err(summaryOf(io, found));
		return EXIT.failed;
	}
	await written(io, `${JSON.stringify(await api.makeSnapshot(found))}\n`, options.output);
	return EXIT.verified;
}

/** @param {Terminal} io @param {string} target @param {Options} options */
const read = (io, target, options) => (isPath(target) ? opened(io, [target], options) : fetched(io, target, options));

/**
 * @param {Terminal} io
 * @param {string} reference
 * @param {Options} options
 * @returns {Promise<Report>}
 */
async function fetched(io, reference, options) {
	checkWords(options);
	const access = await accessTo(reference, options);
	const found = await during(io, `asking for ${reference}`, (onProgress) =>
		api.inspect(reference, { ...access, platform: options.platform, all: options.all, onProgress }),
	);
	const pinned = options.expect ? withPin(found, options.expect) : found;
	return finished(io, pinned, options, access);
}

/**
 * @param {Terminal} io
 * @param {string[]} paths
 * @param {Options} options
 * @returns {Promise<Report>}
 */
async function opened(io, paths, options) {
	checkWords(options);
	const files = await filesOf(paths, io.input);
	const { expect: expected, mediaType } = options;
	const found = await during(io, `reading ${paths.join(", ")}`, (onProgress) =>
		api.open(files, { expected, mediaType, onProgress }),
	);
	return finished(io, found, options, {});
}

/** Layers and signatures, if they are asked for. @param {Terminal} io @param {Report} report @param {Options} options @param {object} access */
async function finished(io, report, options, access) {
	const whole = options.layers ? await layersOf(io, report, { ...access, workers: options.workers }) : report;
	const { identity, issuer, repository, key, trustedRoot } = options;
	const named = identity ?? repository;
	if (named === undefined && key === undefined) return whole;
	const keys = await Promise.all((key ?? []).map((file) => readFile(file, "utf8")));
	const identities = named === undefined ? [] : [{ repository, san: identity, issuer }];
	const root = trustedRoot === undefined ? {} : { trustedRoot: await readFile(trustedRoot, "utf8") };
	return during(io, "verifying signatures", () => judgeSigners(whole, { keys, identities, ...root }, access));
}

/** @param {Terminal} io @param {Report} report @param {object} options */
const layersOf = (io, report, options) =>
	during(io, "reading layers", (onProgress) => api.verifyLayers(report, { ...options, cache: false, onProgress }));

/** @param {Options} options */
function checkWords({ expect, identity, issuer, repository }) {
	if (expect !== undefined && !isPin(expect)) throw fault("invalid-digest", `--expect takes sha256:…, not "${expect}"`);
	if (repository !== undefined && !/^[^\s/]+\/[^\s/]+$/.test(repository))
		throw fault("usage", "--repository takes owner/name");
	if (repository === undefined && (identity === undefined) !== (issuer === undefined))
		throw fault("usage", "--identity and --issuer go together");
}

/**
 * @template T
 * @param {Terminal} io @param {string} text @param {(onProgress: (event: any) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function during(io, text, work) {
	const shown = io.progress(text);
	try {
		return await work((event) => {
			const words = progressOf(event);
			if (words) shown.say(words);
		});
	} finally {
		shown.end();
	}
}

/** @param {any} event */
function progressOf(event) {
	if (event.type === "request") return `${event.method} ${event.url}`;
	if (event.type === "waiting") return `waiting ${event.seconds} s: ${event.reason}`;
	if (event.type === "layer")
		return `layer ${event.id}: ${size(event.bytes)}${event.total ? ` of ${size(event.total)}` : ""}`;
	return event.text;
}

/** The JSON is what the page saves, byte for byte: dots stand for what looks like a secret. @param {Terminal} io @param {Report} report @param {Options} options */
function told(io, report, { json }) {
	if (json) io.json(reportJson(report));
	else io.out(summaryOf(io, report));
	return exitOf(report);
}

/** @param {Terminal} io @param {string} text @param {string} [file] */
async function written(io, text, file) {
	if (file === undefined || file === "-") io.out(text);
	else await writeFile(file, text);
}
