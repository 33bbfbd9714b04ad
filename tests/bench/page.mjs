// Off the line, benchmarks in the browser: from Enter to the drawn structure, and how long the main thread is kept.

import { withPage } from "../e2e/support/browser.mjs";
import { box } from "../e2e/support/page.mjs";
import { drawn } from "../e2e/support/world.mjs";
import { covered, median, RUNS, spread } from "./statistics.mjs";

/** A two-platform image on the loopback registry, a new page (cold cache, worker started) for each run. */
export async function structure(world) {
	const runs = [];
	for (let run = 0; run < RUNS; run++) runs.push(await once(world, "index"));
	const what = "two-platform image, from Enter to the drawn structure";
	return [
		{
			what: `${what}, beyond the requests' own time`,
			result: spread(runs.map((run) => run.total - run.requests)),
			goal: "under 150 ms",
		},
		{ what: `${what}, in all`, result: spread(runs.map((run) => run.total)) },
		{
			what: `its ${runs[0].count} requests through the proxy, overlaps counted once`,
			result: spread(runs.map((run) => run.requests)),
		},
	];
}

/** An index of 10,000 entries, just under 4 MiB. */
export async function largeIndex(world) {
	const runs = [];
	for (let run = 0; run < RUNS; run++) runs.push(await once(world, "big"));
	const longest = Math.max(...runs.map((run) => run.longTask));
	const gaps = runs.map((run) => run.gap);
	const what = "4 MiB index of 10,000 entries";
	return [
		{
			what: `${what}: longest main-thread task`,
			result: longest
				? `none of 50 ms or more in ${runs.filter((run) => !run.longTask).length} of ${RUNS} runs; worst ${Math.round(longest)} ms`
				: `none of 50 ms or more in ${RUNS} runs`,
			goal: "under 50 ms",
		},
		{
			what: `${what}: longest time without an answer to a message`,
			result: `${Math.round(median(gaps))} ms (worst ${Math.round(Math.max(...gaps))})`,
		},
		{ what: `${what}: from Enter to drawn, in all`, result: spread(runs.map((run) => run.total)) },
	];
}

async function once(world, name) {
	let result;
	await withPage(world.browser, async (page) => {
		await page.goto(world.app.url);
		await drawn(page);
		const requests = follow(page);
		await page.evaluate(watch, world.ref(name));
		await box(page).fill(world.ref(name));
		await box(page).press("Enter");
		const { from, to, longTask, gap } = await page.evaluate(() => globalThis.watched);
		const times = requests.filter(([start, end]) => end > from && start < to);
		const inside = times.map(
			([start, end]) => /** @type {[number, number]} */ ([Math.max(start, from), Math.min(end, to)]),
		);
		result = { total: to - from, requests: covered(inside), count: times.length, longTask, gap };
	});
	return result;
}

/** The start and end of each request to the proxy, the worker's included, as they finish. */
function follow(page) {
	const found = [];
	page.on("requestfinished", (request) => {
		if (!request.url().includes("/proxy/")) return;
		const { startTime, responseEnd } = request.timing();
		found.push([startTime, startTime + responseEnd]);
	});
	return found;
}

/** In the page: from the key to the frame in which verdict and tree stand; what the main thread did meanwhile. */
function watch(reference) {
	let from = 0;
	let longTask = 0;
	let gap = 0;
	let last = performance.now();
	const now = () => performance.timeOrigin + performance.now();
	const observer = new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) longTask = Math.max(longTask, duration);
	});
	observer.observe({ type: "longtask" });
	const { port1, port2 } = new MessageChannel();
	port1.onmessage = () => {
		if (from) gap = Math.max(gap, performance.now() - last);
		last = performance.now();
		port2.postMessage(0);
	};
	port2.postMessage(0);
	const key = (event) => {
		if (event.key === "Enter") from = now();
	};
	addEventListener("keydown", key, { capture: true });
	const drawn = () =>
		document.querySelector(".subject")?.textContent.trim() === reference && document.querySelector("[role=treeitem]");
	const settled = () => new Promise((resume) => requestAnimationFrame(() => setTimeout(resume)));
	globalThis.watched = new Promise((resolve) => {
		const mutations = new MutationObserver(async () => {
			if (!from || !drawn()) return;
			mutations.disconnect();
			await settled();
			const to = now();
			// Long tasks are told late; what follows the first frame still belongs to this load.
			await new Promise((resume) => setTimeout(resume, 500));
			port1.close();
			resolve({ from, to, longTask, gap });
		});
		mutations.observe(document.body, { childList: true, subtree: true, characterData: true });
	});
}
