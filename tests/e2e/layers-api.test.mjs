// The public module in a browser: layers read in workers, from a sub-path, cancelled, remembered.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { digestOf, layer, noise, startImage } from "../wasm/layer-registry.mjs";
import { startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { measured } from "./support/clocks.mjs";
import { startLiar } from "./support/lying-proxy.mjs";
import { starter } from "./support/starter.mjs";

const LARGE = layer([["a", noise(12_000_000)], ["b/"], ["b/c", "c"]]);
const SMALL = layer([["d", noise(100_000, 2)]], { plain: true });
const start = starter();
let browser;
let site;
let image;
let liar;

before(async () => {
	browser = await start(launch());
	site = await start(startStatic("/some/where/"));
	image = await start(startImage([LARGE, SMALL, LARGE]));
	liar = await start(startLiar(image.host));
});

/** The result of `work(api, report, options)`, a function's text, in a page that has the image's report. */
async function inPage(work) {
	let found;
	await withPage(browser, async (page) => {
		await page.goto(site.url);
		await page.evaluate(
			async ({ reference, proxy }) => {
				const api = await import(new URL("www/api.js", document.baseURI).href);
				const long = [];
				new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
					entryTypes: ["longtask"],
				});
				const report = await api.inspect(reference, { proxy });
				long.length = 0;
				Object.assign(globalThis, { given: { api, report, options: { proxy }, long } });
			},
			{ reference: image.reference, proxy: liar.proxy },
		);
		// The page's policy lets no script in that is made from a text; what the browser is asked to evaluate is none.
		found = await page.evaluate(
			`(async ({ api, report, options, long }) => ({ ...(await (${work})(api, report, options)), long }))(given)`,
		);
	});
	assert.deepEqual(found.long, [], "the main thread stays free");
	return found;
}

for (const workers of [1, 2, 4]) {
	test(`${workers} workers prove every layer, and identical ones at once`, async () => {
		liar.reset();
		const found = await inPage(
			`async (api, report, options) => {
				const events = [];
				const after = await api.verifyLayers(report, { ...options, workers: ${workers}, onProgress: (event) => events.push(event) });
				const layers = after.nodes.filter(({ kind }) => kind === "layer");
				return { summary: after.summary, layers: layers.map(({ digest, diffId, entryCount, entries }) => [digest, diffId, entryCount, entries.length]), states: [...new Set(events.map(({ state }) => state))] };
			}`,
		);
		const large = [digestOf(LARGE.blob), digestOf(LARGE.tar), 3, 3];
		assert.deepEqual(found.layers, [large, [digestOf(SMALL.blob), digestOf(SMALL.tar), 1, 1], large]);
		assert.equal(found.summary.fail, 0);
		assert.deepEqual(found.states, ["waiting", "reading", "done"]);
		assert.equal(liar.requests.filter(({ path, method }) => method === "GET" && path.endsWith(large[0])).length, 1);
	});
}

test("a cancel ends at once, and the next reading works", async () => {
	const cancel = () =>
		inPage(
			`async (api, report, options) => {
			const controller = new AbortController();
			setTimeout(() => controller.abort(), 50);
			const begun = performance.now();
			const code = await api.verifyLayers(report, { ...options, signal: controller.signal }).then(() => "done", (error) => error.code);
			const milliseconds = performance.now() - begun;
			const { summary } = await api.verifyLayers(report, options);
			return { code, milliseconds, fail: summary.fail };
		}`,
		);
	const found = await measured(cancel, ({ milliseconds }) => milliseconds < 500);
	assert.deepEqual([found.code, found.fail], ["aborted", 0]);
	assert.ok(found.milliseconds < 500, `${found.milliseconds} ms`);
});

test("a verified layer is remembered, without passing anything, until it is forgotten", async () => {
	const found = await inPage(
		`async (api, report, options) => {
			const before = await api.layerCache.usage();
			await api.verifyLayers(report, options);
			const usage = await api.layerCache.usage();
			const recalled = (await api.recallLayers(report)).nodes.filter(({ kind }) => kind === "layer");
			await api.layerCache.clear();
			return { before: before.layers, kept: usage.layers, cleared: (await api.layerCache.usage()).layers,
				recalled: recalled.map(({ read, entryCount, checks }) => [read, entryCount, checks[0].outcome, checks[0].message]) };
		}`,
	);
	assert.deepEqual([found.before, found.kept, found.cleared], [0, 2, 0]);
	const [first] = found.recalled;
	assert.deepEqual(first.slice(0, 3), [false, 3, "not-checked"]);
	assert.match(first[3], /^verified on \d{4}-\d\d-\d\d in this browser; not read again$/);
});
