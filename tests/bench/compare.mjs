// The bench's rows for comparisons and tags: two images of 100,000 paths after their layers are read, and 10,000 tags.

import { createServer } from "node:http";
import { pushImage, tarOf } from "../e2e/support/pairs.mjs";
import { api } from "../wasm/support.mjs";

const PATHS = 100_000;
const TAGS = 10_000;

/** @param {{ registry: { url: string, host: string } }} world */
export async function compare({ registry }) {
	const files = (/** @type {number} */ mtime, /** @type {string} */ text) =>
		tarOf(
			Array.from({ length: PATHS }, (_, at) => [
				`usr/d${at % 100}/e${at % 1000}/f${at}`,
				at % 100 ? "same" : text,
				{ mtime },
			]),
		);
	await pushImage(registry.url, "bench/compare", "a", { layers: [{ tar: files(1_700_000_000, "one") }] });
	await pushImage(registry.url, "bench/compare", "b", { layers: [{ tar: files(1_800_000_000, "two") }] });
	const first = await api.compare(`${registry.host}/bench/compare:a`, `${registry.host}/bench/compare:b`);
	first.files.close();
	const started = performance.now();
	const found = await api.compare(first.reports[0], first.reports[1], { layers: true });
	const rows = await found.files.rows({ to: 200 });
	const result = `${Math.round(performance.now() - started)} ms, ${rows.length} rows`;
	found.files.close();
	return [{ what: `compare 2 x ${PATHS} paths, layers read before`, result, goal: "under 1000 ms" }, await tags()];
}

async function tags() {
	const all = Array.from({ length: TAGS }, (_, at) => `${at % 9}.${at % 100}.${at}`);
	const server = createServer((request, response) => {
		const from = Number(new URL(request.url ?? "", "http://x").searchParams.get("last") ?? 0);
		const more = from + 1000 < TAGS ? { link: `<?last=${from + 1000}>; rel="next"` } : {};
		response.writeHead(200, { "content-type": "application/json", ...more });
		response.end(JSON.stringify({ name: "x", tags: all.slice(from, from + 1000) }));
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const started = performance.now();
	const found = await api.tags(`127.0.0.1:${port}/x`);
	const result = `${Math.round(performance.now() - started)} ms, ${found.tags.length} tags`;
	await new Promise((done) => server.close(done));
	return { what: `list ${TAGS} tags in pages of 1000, sorted`, result };
}
