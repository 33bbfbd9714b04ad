// Off the line, benchmark: one large layer and 16 small ones, every contender in turn, medians and ratios of one run.

import { copyFile, cp } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { DIST, ROOT, startApp } from "../../e2e/support/app.mjs";
import { withPage } from "../../e2e/support/browser.mjs";
import { removeFolder, temporaryFolder } from "../../e2e/support/process.mjs";
import { startRegistry } from "../../e2e/support/registry.mjs";
import { median, RUNS } from "../statistics.mjs";
import { prepare, watched } from "./browser.mjs";
import { corpus } from "./corpus.mjs";
import { hasNative, native, pipeline, skopeo } from "./shell.mjs";

const PATIENCE_MS = 300_000;
const OURS = "this page";

/** Minimum ratios, ours to a peer's. */
const GOALS = {
	gzip: { "fflate + hash-wasm": 3, "DecompressionStream + hash-wasm": 1.8, "shell pipeline": 1.3 },
	zstd: { "fzstd + hash-wasm": 3 },
};

export async function layers(world) {
	const folder = temporaryFolder("layers");
	const registry = await startRegistry({ storage: join(folder, "storage") });
	const app = await startApp({ plainHttp: [registry.host], dist: await siteWithPeers(folder) });
	try {
		const images = await corpus(folder, registry.url);
		const rows = [];
		const complaints = /Failed to load resource/;
		await withPage(
			world.browser,
			async (page) => {
				page.setDefaultTimeout(PATIENCE_MS);
				const run = await prepare(page, { app, registry });
				const place = { run, registry, folder, page };
				rows.push(...(await single("gzip", images.gzip, place)));
				rows.push(...(await single("zstd", images.zstd, place)));
				rows.push(...(await many(images.parts, place)));
			},
			{ expected: complaints },
		);
		return rows;
	} finally {
		await app.stop();
		await registry.stop();
		removeFolder(folder);
	}
}

/** The site, with the peers' worker beside the page: the same origin, policy, server and proxy for all. */
async function siteWithPeers(folder) {
	const dist = join(folder, "dist");
	await cp(DIST, dist, { recursive: true });
	const entryPoints = ["peer.js", "alone.js"].map((name) => join(ROOT, "tests/bench/layers", name));
	const target = { outdir: join(dist, "bench"), bundle: true, minify: true, format: /** @type {const} */ ("esm") };
	await esbuild.build({ entryPoints, ...target, logLevel: "warning", external: ["node:*"] });
	await copyFile(join(DIST, "www/stowplan_data_bg.wasm"), join(dist, "bench/stowplan_data_bg.wasm"));
	return dist;
}

async function single(form, image, { run, registry, folder }) {
	const [layer] = image.layers;
	const url = `${registry.url}/v2/${image.name}/blobs/${layer.digest}`;
	const peers = form === "gzip" ? ["fflate", "DecompressionStream"] : ["fzstd"];
	const contenders = {
		[OURS]: () => run.ours(image, undefined),
		[`${OURS}, one worker`]: () => run.ours(image, 1),
		...Object.fromEntries(peers.map((how) => [`${how} + hash-wasm`, () => run.peer(image, how)])),
		"shell pipeline": () => timed(() => pipeline(url, layer, form)),
		"skopeo copy to dir: (hashes the blob; unpacks and lists nothing)": () =>
			timed(() => skopeo(registry.host, image.path, folder)),
		...(hasNative() && { "native Rust, one thread": () => timed(() => native(url, layer)) }),
	};
	const times = await interleaved(contenders);
	const what = `${form}, one layer of ${megabytes(image.unpacked)}`;
	const rows = rowsOf(what, image.unpacked, times, GOALS[form]);
	return [...rows, limitRow(what, image.unpacked, times[OURS], await parts(run, image))];
}

/** The medians of what each part of the work takes alone. */
async function parts(run, image) {
	const found = [];
	for (let round = 0; round < RUNS; round++) found.push(await run.alone(image));
	const of = (key) => median(found.map((one) => one[key]));
	return { fetched: of("fetched"), front: of("front"), back: of("back"), cores: found[0].cores };
}

/** The share of the time in which the page keeps all cores at work. */
function limitRow(what, bytes, ours, { fetched, front, back, cores }) {
	const limit = (fetched + front + back) / cores;
	const share = ours instanceof Error ? 0 : (100 * limit) / median(ours);
	const rate = (seconds) => Math.round(bytes / 1e6 / seconds);
	const alone = `fetch ${rate(fetched)}, hash and unpack ${rate(front)}, hash and list ${rate(back)} MB/s alone`;
	return { what: `${what}: share of the machine's limit`, result: `${share.toFixed(0)} % (${alone}, ${cores} cores)` };
}

async function many(image, { run, page }) {
	const contenders = { [OURS]: () => run.ours(image, undefined), [`${OURS}, one worker`]: () => run.ours(image, 1) };
	const times = await interleaved(contenders);
	const what = `${image.layers.length} layers, ${megabytes(image.unpacked)} in all`;
	const rows = rowsOf(what, image.unpacked, times, { [`${OURS}, one worker`]: 1.6 });
	if (times[OURS] instanceof Error) return rows;
	const { longest, gap, scrolls } = await watched(page, () => run.ours(image, undefined));
	const result = `${longest ? `${Math.round(longest)} ms` : "none of 50 ms or more"}; longest time between frames ${Math.round(gap)} ms; scrolled ${scrolls} times`;
	return [...rows, { what: `${what}: longest main-thread task`, result, goal: "under 50 ms" }];
}

/**
 * One round unmeasured, then all in turn, so that a slow moment of the machine meets all of them.
 * @param {Record<string, () => Promise<number>>} contenders
 * @returns {Promise<Record<string, number[] | Error>>} one that fails is told, and the others go on
 */
async function interleaved(contenders) {
	/** @type {Record<string, number[] | Error>} */
	const times = {};
	for (let round = -1; round < RUNS; round++) {
		for (const [name, contender] of Object.entries(contenders)) {
			const so = times[name] ?? [];
			if (so instanceof Error) continue;
			try {
				const seconds = await contender();
				times[name] = round < 0 ? so : [...so, seconds];
			} catch (error) {
				times[name] = /** @type {Error} */ (error);
			}
		}
	}
	return times;
}

async function timed(work) {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1000;
}

function rowsOf(what, bytes, times, goals) {
	const ours = times[OURS];
	return Object.entries(times).map(([name, found]) => {
		const goal = goals[name] ? `at least ${goals[name]} times` : undefined;
		if (found instanceof Error) return { what: `${what}: ${name}`, result: `failed: ${oneLine(found)}`, goal };
		const rate = (seconds) => Math.round(bytes / 1e6 / seconds);
		const spread = `${rate(median(found))} MB/s (${rate(Math.max(...found))} to ${rate(Math.min(...found))}, ${found.length} runs)`;
		const ratio =
			name === OURS || ours instanceof Error ? "" : `; ${OURS}: ${(median(found) / median(ours)).toFixed(2)} times`;
		return { what: `${what}: ${name}`, result: spread + ratio, goal };
	});
}

/** A cell of the table. */
const oneLine = ({ message }) => message.split("\n")[0].replaceAll("|", "/").slice(0, 160);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
