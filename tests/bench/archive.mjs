// Off the line, benchmark: a file from the disk, opened and verified whole, beside sha256sum of it and the image's registry.

import { statSync } from "node:fs";
import { join } from "node:path";
import { startApp } from "../e2e/support/app.mjs";
import { withPage } from "../e2e/support/browser.mjs";
import { removeFolder, run, temporaryFolder } from "../e2e/support/process.mjs";
import { startRegistry } from "../e2e/support/registry.mjs";
import { corpus } from "./layers/corpus.mjs";
import { median, RUNS } from "./statistics.mjs";

const PATIENCE_MS = 300_000;

/** The forms that skopeo writes: layers as plain tars, and compressed ones. */
const FORMS = { "docker-archive": "docker save, plain layers", "oci-archive": "OCI layout, gzip layers" };

export async function archive({ browser }) {
	const folder = temporaryFolder("bench-archive");
	const registry = await startRegistry({ storage: join(folder, "storage") });
	const app = await startApp({ plainHttp: [registry.host] });
	try {
		const { gzip } = await corpus(folder, registry.url);
		const reference = `${registry.host}/${gzip.path}`;
		const rows = [];
		const place = { browser, app, reference, unpacked: gzip.unpacked };
		for (const [form, words] of Object.entries(FORMS)) {
			const file = join(folder, `${form}.tar`);
			const name = form === "docker-archive" ? ":bench/usr:1" : "";
			await run("skopeo", ["copy", "-q", "--src-tls-verify=false", `docker://${reference}`, `${form}:${file}${name}`]);
			rows.push(...(await measured(place, file, words)));
		}
		const plain = join(folder, "docker-archive.tar");
		await run("gzip", ["-6n", plain]);
		rows.push(...(await measured(place, `${plain}.gz`, "docker save, gzip around it")));
		return rows;
	} finally {
		await app.stop();
		await registry.stop();
		removeFolder(folder);
	}
}

/** One round unmeasured, then all in turn. */
async function measured({ browser, app, reference, unpacked }, file, words) {
	const [ours, pulled, theirs] = [[], [], []];
	const visit = async (page) => {
		page.setDefaultTimeout(PATIENCE_MS);
		await page.goto(app.url);
		await page.evaluate(() =>
			document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "bench" })),
		);
		await page.locator("#bench").setInputFiles(file);
		for (let round = -1; round < RUNS; round++) {
			const times = [await verified(page), await fetched(page, reference, app.proxy), await summed(file)];
			if (round >= 0) [ours, pulled, theirs].forEach((all, at) => void all.push(times[at]));
		}
	};
	await withPage(browser, visit, { expected: /Failed to load resource/ });
	const { size } = statSync(file);
	const rate = (bytes, seconds) => `${Math.round(bytes / 1e6 / seconds)} MB/s`;
	const ratio = (times) => (median(times) / median(ours)).toFixed(2);
	const what = `${words}, a file of ${Math.round(size / 1e6)} MB (${Math.round(unpacked / 1e6)} MB unpacked)`;
	const tar = `${rate(unpacked, median(ours))} of tar, ${ratio(pulled)} times the registry's`;
	return [
		{
			what: `${what}: opened and verified whole`,
			result: `${rate(size, median(ours))}, ${ratio(theirs)} times sha256sum's; ${tar}`,
		},
		{ what: `${what}: sha256sum of the file`, result: rate(size, median(theirs)) },
		{
			what: `${words}: the same image from a registry, gzip layers`,
			result: `${rate(unpacked, median(pulled))} of tar`,
		},
	];
}

/** Seconds; fails if a layer was not proved. */
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

/** Seconds for the layers of the same image, through the proxy. */
function fetched(page, reference, proxy) {
	return page.evaluate(
		async ([reference, proxy]) => {
			const api = await import(new URL("www/api.js", location.href).href);
			const report = await api.inspect(reference, { proxy });
			const start = performance.now();
			const { summary } = await api.verifyLayers(report, { proxy, cache: false });
			if (summary.fail > 0) throw new Error("a layer of the registry was not proved");
			return (performance.now() - start) / 1000;
		},
		[reference, proxy],
	);
}

async function summed(file) {
	const start = performance.now();
	await run("sha256sum", [file]);
	return (performance.now() - start) / 1000;
}
