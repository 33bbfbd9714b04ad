// The tags of repositories, from a real registry and from one that lies: order, paging, what they name, and the cost.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, test } from "node:test";
import { api } from "../wasm/support.mjs";
import { startApp } from "./support/app.mjs";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { startLiar } from "./support/lying-proxy.mjs";
import { pushImage, tarOf } from "./support/pairs.mjs";
import { startRegistry } from "./support/registry.mjs";
import { starter } from "./support/starter.mjs";

const start = starter();
let registry;
let image;

before(async () => {
	registry = await start(startRegistry());
	image = await pushImage(registry.url, "team/app", "1.26", { layers: [{ tar: tarOf([["a", "1"]]) }] });
	const next = await pushImage(registry.url, "team/app", "1.27.3", { layers: [{ tar: tarOf([["a", "2"]]) }] });
	const repo = repository(registry.url, "team/app");
	for (const tag of ["1.27", "1", "latest"]) await repo.putManifest(tag, TYPES.manifest, next.text);
	const entry = {
		mediaType: TYPES.manifest,
		digest: image.digest,
		size: image.size,
		platform: { os: "linux", architecture: "amd64" },
	};
	await repo.putManifest("multi", TYPES.index, { schemaVersion: 2, mediaType: TYPES.index, manifests: [entry] });
	await repo.putManifest(`sha256-${image.digest.slice(7)}.sig`, TYPES.manifest, image.text);
});

const name = () => `${registry.host}/team/app`;

test("tags come newest first, those of signatures last", async () => {
	const found = await api.tags(name());
	const signature = `sha256-${image.digest.slice(7)}.sig`;
	assert.deepEqual(found.tags, ["1.27.3", "1.27", "1.26", "1", "latest", "multi", signature]);
	assert.deepEqual([found.repository, found.complete], [name(), true]);
	await assert.rejects(api.tags(`${registry.host}/team/nothing`), { code: "not-found" });
	await assert.rejects(api.tags("..."), { code: "invalid-reference" });
});

test("a registry lists its repositories; a proxy asks for that only those that it was told", async () => {
	const own = await api.catalog(registry.host);
	assert.deepEqual([own.host, own.repositories, own.complete], [registry.host, ["team/app"], true]);
	const app = await start(startApp({ plainHttp: [registry.host], more: ["--allow-any"] }));
	assert.deepEqual((await api.catalog(registry.host, { proxy: app.proxy })).repositories, ["team/app"]);
	for (const host of ["ghcr.io", "registry.example"])
		await assert.rejects(api.catalog(host, { proxy: app.proxy }), { code: "proxy-refused" }, host);
	await assert.rejects(api.catalog("no/host"), { code: "invalid-reference" });
});

test("tags name digests, by HEAD; those of one digest are one image", async () => {
	const requests = [];
	const onProgress = (event) => event.type === "request" && requests.push(event.method);
	const { tags } = await api.tags(name());
	const rows = await api.resolveTags(name(), tags, { onProgress });
	assert.deepEqual(
		rows.map(({ tag }) => tag),
		tags,
	);
	assert.deepEqual([...new Set(requests)], ["HEAD"]);
	const groups = await api.groupTags(rows);
	assert.deepEqual(groups[0].tags, ["1.27.3", "1.27", "1", "latest"]);
	const [gone] = await api.resolveTags(name(), ["never"]);
	assert.deepEqual([gone.digest, gone.why], [undefined, "not-found"]);
});

test("details come from the manifest", async () => {
	const [single, multi] = await api.resolveTags(name(), ["1.26", "multi"], { details: true });
	assert.deepEqual(
		[single.digest, single.created, single.platforms],
		[image.digest, "2026-01-01T00:00:00Z", ["linux/amd64"]],
	);
	assert.equal(single.size, JSON.parse(image.text).layers[0].size);
	assert.deepEqual([multi.platforms, multi.size], [["linux/amd64"], undefined], "never the index's own size");
});

test("no more requests are made than agreed, and which tags name a digest is found", async () => {
	let requests = 0;
	const onProgress = ({ type }) => {
		requests += Number(type === "request");
	};
	const { tags } = await api.tags(name());
	const rows = await api.resolveTags(name(), tags, { maxRequests: 3, onProgress });
	assert.equal(requests, 3);
	assert.deepEqual(
		rows.map(({ why }) => why),
		[...Array(3), ...Array(tags.length - 3).fill("max-requests")],
	);
	const hits = [];
	const found = await api.findTags(name(), image.digest, { onHit: (tag) => hits.push(tag) });
	assert.deepEqual([found.tags[0], found.of, found.asked, found.complete], ["1.26", tags.length, tags.length, true]);
	assert.deepEqual(hits.toSorted(), found.tags.toSorted());
	assert.equal((await api.findTags(name(), image.digest, { tags, maxRequests: 2 })).complete, false);
});

test("pulls of Docker Hub are not counted without consent", async () => {
	const liar = await start(startLiar(registry.host));
	const hub = { status: 200, headers: { "content-type": TYPES.manifest }, body: Buffer.from("{}") };
	const ask = async (/** @type {object} */ options) => {
		liar.reset();
		liar.lie(/registry-1\.docker\.io/, async () => hub);
		const [row] = await api.resolveTags("library/app", ["1"], { proxy: liar.proxy, ...options });
		const methods = liar.requests.flatMap(({ method, path }) => (path.includes("/manifests/") ? [method] : []));
		return [row.why, ...methods.filter((method) => method !== "OPTIONS")];
	};
	assert.deepEqual(await ask({}), ["counted-pull", "HEAD"], "HEAD told no digest");
	assert.deepEqual(await ask({ details: true }), ["counted-pull", "HEAD"]);
	const [, ...methods] = await ask({ details: true, countedPulls: true });
	assert.deepEqual(methods, ["HEAD", "GET"]);
});

test("a registry that tells no digest by HEAD takes no more requests than agreed either", async () => {
	let requests = 0;
	const server = createServer(({ method }, response) => {
		requests++;
		const text = "{}";
		response.writeHead(200, { "content-type": TYPES.manifest, "content-length": text.length });
		response.end(method === "HEAD" ? undefined : text);
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	await start(Promise.resolve({ stop: () => new Promise((done) => server.close(done)) }));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const names = ["a", "b", "c", "d"];
	const rows = await api.resolveTags(`127.0.0.1:${port}/x`, names, { maxRequests: 3 });
	assert.equal(requests, 3);
	assert.equal(rows[0].digest, sha256("{}"));
	assert.deepEqual(
		rows.slice(1).map(({ digest, why }) => [digest, why]),
		Array(3).fill([undefined, "max-requests"]),
	);
});

/** A registry whose lists of tags are scripted, by the number of the request. */
async function scripted(pages) {
	const asked = [];
	const server = createServer((request, response) => {
		const { tags, link } = pages(asked.push(request.url) - 1);
		response.writeHead(200, { "content-type": "application/json", ...(link && { link }) });
		response.end(JSON.stringify({ name: "x", tags }));
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const stop = () => new Promise((done) => server.close(done));
	await start(Promise.resolve({ stop }));
	return { name: `127.0.0.1:${port}/x`, asked };
}

test("pages are followed, wherever their links claim to lead", async () => {
	for (const link of [
		"</v2/x/tags/list?last=b>; rel=next",
		'<http://127.0.0.1:1/v2/y/tags/list?last=b>; rel="next"',
		"<?last=b>;rel=next",
		"rubbish",
	]) {
		const server = await scripted((at) => (at === 0 ? { tags: ["a", "b"], link } : { tags: ["c"] }));
		const found = await api.tags(server.name);
		assert.deepEqual([found.tags, found.complete], [["a", "b", "c"], true], link);
		assert.match(server.asked[1], /^\/v2\/x\/tags\/list\?.*last=b/);
	}
});

test("links in a circle and lists without end are ended", async () => {
	const circle = await scripted(() => ({ tags: ["a"], link: "<?last=a>; rel=next" }));
	const found = await api.tags(circle.name);
	assert.deepEqual([found.tags, found.complete], [["a"], false]);
	const endless = await scripted((at) => ({ tags: [`t${at}`], link: `<?last=t${at}>; rel=next` }));
	const many = await api.tags(endless.name, { limit: 20 });
	assert.deepEqual([many.tags.length, many.complete], [20, false]);
	const lies = await scripted(() => ({ tags: ["ok", "../../x", 7, "-"] }));
	assert.deepEqual((await api.tags(lies.name)).tags, ["ok"]);
});

test("tags that lie about their manifests and configs are told, and nothing of these is believed", async () => {
	const config = JSON.stringify({ architecture: "amd64", os: "linux", created: "2026-01-01T00:00:00Z" });
	const manifest = (/** @type {string} */ digest) =>
		JSON.stringify({
			schemaVersion: 2,
			mediaType: TYPES.manifest,
			config: { mediaType: TYPES.config, digest, size: 9 },
			layers: [],
		});
	const right = manifest(sha256("another config"));
	const served = { liar: [sha256("another manifest"), manifest(sha256(config))], config: [sha256(right), right] };
	const server = createServer((request, response) => {
		const { url = "", method } = request;
		const tag = /manifests\/(liar|config)$/.exec(url)?.[1];
		const [digest, text] = Object.entries(served).find(([name, [own]]) => name === tag || url.endsWith(own))?.[1] ?? [];
		if (!text) return response.end(config);
		const headers = { "content-type": TYPES.manifest, "docker-content-digest": digest, "content-length": text.length };
		return response.writeHead(200, headers).end(method === "HEAD" ? undefined : text);
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	await start(Promise.resolve({ stop: () => new Promise((done) => server.close(done)) }));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	const rows = await api.resolveTags(`127.0.0.1:${port}/x`, ["liar", "config"], { details: true });
	assert.deepEqual(
		rows.map(({ why, created, platforms }) => [why, created, platforms]),
		[
			["digest-mismatch", undefined, undefined],
			["digest-mismatch", undefined, undefined],
		],
	);
	assert.equal(rows[0].size, undefined);
});
