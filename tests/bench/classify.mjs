// Off the line, a benchmark in the browser: how long the worker takes to say what a megabyte of pasted log is.

import { readdirSync, readFileSync } from "node:fs";
import { withPage } from "../e2e/support/browser.mjs";
import { drawn } from "../e2e/support/world.mjs";
import { median, RUNS, spread } from "./statistics.mjs";

const MEGABYTE = 1 << 20;
const HEX = "0123456789abcdef";

/** Numbers that look random and are the same in every run. */
function dice(seed = 1) {
	let state = seed;
	return (below) => {
		state = (state * 1103515245 + 12345) & 0x7fffffff;
		return Math.floor((state / 0x80000000) * below);
	};
}

const digest = (roll) => `sha256:${Array.from({ length: 64 }, () => HEX[roll(16)]).join("")}`;
const stamp = (at) => new Date(1.7e12 + at * 37).toISOString();

/** One line of each kind. @type {Record<string, (at: number, roll: (below: number) => number) => string>} */
const KINDS = {
	"JSON, one object a line": (at, roll) =>
		JSON.stringify({
			time: stamp(at),
			level: "info",
			msg: `pulled ${at}`,
			image: `r.example/a/b:${at % 90}`,
			digest: at % 4 ? undefined : digest(roll),
		}),
	"a kubelet's log": (at, roll) =>
		`E0302 10:11:${at % 60}.${100000 + at} 1234 remote_image.go:180] "PullImage failed" err="rpc error: code = NotFound desc = failed to pull and unpack image \\"r.example/a/b:${at % 90}\\": content digest ${digest(roll)}: not found" pod="ns/web-${at % 7}"`,
	"the output of a build": (at, roll) =>
		at % 3
			? `#${at % 40} ${(at / 7).toFixed(3)} Get:${at} http://deb.example/debian stable/main amd64 libfoo${at} 1.${at} [${at} kB]`
			: `#${at % 40} extracting ${digest(roll)} 0.1s done`,
	"text with digests": (at, roll) =>
		`The image r.example/team/app:${at % 50} had ${digest(roll)} at ${stamp(at)}, and before it ${digest(roll)}.`,
	"lines of base64": (_, roll) =>
		Array.from({ length: 76 }, () => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[roll(64)]).join(
			"",
		),
	"text without a digest": (at) =>
		`${stamp(at)} INFO [worker-${at % 16}] request ${at} was answered in ${at % 900} ms: GET /v1/things/${at}?page=${at % 40}`,
};

/** @param {keyof typeof KINDS} kind @param {number} bytes */
function logOf(kind, bytes) {
	const roll = dice();
	const lines = [];
	for (let at = 0, length = 0; length < bytes; at++) {
		const line = KINDS[kind]?.(at, roll) ?? "";
		lines.push(line);
		length += line.length + 1;
	}
	return `${lines.join("\n")}\n`;
}

/** Each kind in a page whose worker has its module, as `open` answers; twice the text beside it, to see that it is linear. */
export async function classify(world) {
	const rows = [];
	await withPage(world.browser, async (page) => {
		await page.goto(world.app.url);
		await drawn(page);
		for (const kind of Object.keys(KINDS)) {
			const [once, twice] = [
				await times(world.browser, page, logOf(kind, MEGABYTE)),
				await times(world.browser, page, logOf(kind, 2 * MEGABYTE)),
			];
			rows.push({
				what: `1 MiB of log, ${kind}: what it is`,
				result: `${spread(once.passed)}; 2 MiB ${spread(twice.passed)}${worked(once, twice)}`,
				goal: "under 200 ms",
			});
		}
	});
	return rows;
}

/** The time that passed in the page, and the processor time of its worker, which other work on the machine does not change. */
async function times(browser, page, text) {
	await opened(page, "busybox:1");
	const [passed, spent] = [[], []];
	for (let run = 0; run < RUNS; run++) {
		const before = await processor(browser);
		passed.push(await opened(page, text));
		spent.push((await processor(browser)) - before);
	}
	return { passed, spent };
}

const opened = (page, text) =>
	page.evaluate(async (text) => {
		const api = await import(new URL("www/api.js", document.baseURI).href);
		const from = performance.now();
		await api.open(text);
		return performance.now() - from;
	}, text);

const worked = (once, twice) =>
	once.spent.some(Number.isNaN)
		? ""
		: `; of the processor ${Math.round(median(once.spent))} ms, 2 MiB ${Math.round(median(twice.spent))} ms`;

/** Milliseconds that the threads of workers have had on a processor; NaN if this system does not tell. */
async function processor(browser) {
	const session = await browser.newBrowserCDPSession();
	const { processInfo } = await session.send("SystemInfo.getProcessInfo");
	await session.detach();
	try {
		const pages = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => `/proc/${id}/task`);
		const threads = pages.flatMap((tasks) => readdirSync(tasks).map((thread) => `${tasks}/${thread}`));
		const workers = threads.filter((thread) => readFileSync(`${thread}/comm`, "utf8").startsWith("DedicatedWorker"));
		if (workers.length === 0) return Number.NaN;
		const spent = workers.map((thread) => Number(readFileSync(`${thread}/schedstat`, "utf8").split(" ")[0]));
		return spent.reduce((sum, one) => sum + one, 0) / 1e6;
	} catch {
		return Number.NaN;
	}
}
