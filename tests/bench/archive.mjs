// Off the line, benchmark: a file from the disk, opened and verified whole, beside sha256sum of the same file.

import { statSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "../e2e/support/browser.mjs";
import { removeFolder, run, temporaryFolder } from "../e2e/support/process.mjs";
import { startRegistry } from "../e2e/support/registry.mjs";
import { corpus } from "./layers/corpus.mjs";
import { median, RUNS } from "./statistics.mjs";

const PATIENCE_MS = 300_000;

/** The forms that skopeo writes: layers as plain tars, and compressed ones. */
const FORMS = { "docker-archive": "docker save, plain layers", "oci-archive": "OCI layout, gzip layers" };

export async function archive(world) {
	const folder = temporaryFolder("bench-archive");
	const registry = await startRegistry({ storage: join(folder, "storage") });
	try {
		const { gzip } = await corpus(folder, registry.url);
		const rows = [];
		for (const [form, words] of Object.entries(FORMS)) {
			const file = join(folder, `${form}.tar`);
			const name = form === "docker-archive" ? ":bench/usr:1" : "";
			const copy = ["copy", "-q", "--src-tls-verify=false", `docker://${registry.host}/${gzip.path}`];
			await run("skopeo", [...copy, `${form}:${file}${name}`]);
			rows.push(...(await measured(world, file, words, gzip.unpacked)));
		}
		const plain = join(folder, "docker-archive.tar");
		await run("gzip", ["-6n", plain]);
		rows.push(...(await measured(world, `${plain}.gz`, "docker save, gzip around it", gzip.unpacked)));
		return rows;
	} finally {
		await registry.stop();
		removeFolder(folder);
	}
}

/** One round unmeasured, then both in turn. */
async function measured(world, file, words, unpacked) {
	const [ours, theirs] = [[], []];
	await withPage(world.browser, async (page) => {
		page.setDefaultTimeout(PATIENCE_MS);
		await page.goto(world.app.url);
		await page.evaluate(() =>
			document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "bench" })),
		);
		await page.locator("#bench").setInputFiles(file);
		for (let round = -1; round < RUNS; round++) {
			const [mine, peers] = [await verified(page), await summed(file)];
			if (round >= 0) ours.push(mine) && theirs.push(peers);
		}
	});
	const { size } = statSync(file);
	const rate = (seconds) => `${Math.round(size / 1e6 / seconds)} MB/s`;
	const what = `${words}, a file of ${Math.round(size / 1e6)} MB (${Math.round(unpacked / 1e6)} MB unpacked)`;
	const ratio = (median(theirs) / median(ours)).toFixed(2);
	return [
		{ what: `${what}: opened and verified whole`, result: `${rate(median(ours))}; ${ratio} times sha256sum's` },
		{ what: `${what}: sha256sum of the file`, result: rate(median(theirs)) },
	];
}

/** Seconds; fails where a layer was not proved. */
async function verified(page) {
	const { seconds, unproved } = await page.evaluate(async () => {
		const api = await import(new URL("www/api.js", location.href).href);
		const [file] = /** @type {any} */ (document.querySelector("#bench")).files;
		const start = performance.now();
		const report = await api.verifyLayers(await api.open(file), { cache: false });
		const seconds = (performance.now() - start) / 1000;
		const proved = ({ checks }) => checks.some(({ id, outcome }) => id === "diff-id" && outcome === "pass");
		const layers = report.nodes.filter(({ kind }) => kind === "layer");
		return { seconds, unproved: layers.length === 0 || layers.some((layer) => !layer.read || !proved(layer)) };
	});
	if (unproved) throw new Error("a layer of the archive was not proved");
	return seconds;
}

async function summed(file) {
	const start = performance.now();
	await run("sha256sum", [file]);
	return (performance.now() - start) / 1000;
}
