// The proxy as a Worker, in the real workerd: the page through it, what it keeps, where its network does not go.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startApp, startStatic } from "./support/app.mjs";
import { launch, withPage } from "./support/browser.mjs";
import { startCache, startInternet } from "./support/cache-server.mjs";
import { sha256 } from "./support/documents.mjs";
import { EDGE, startDeployed, startEdge, startProbe } from "./support/edge.mjs";
import { fixtures } from "./support/images.mjs";
import { inspect, rows } from "./support/page.mjs";
import { listen } from "./support/process.mjs";
import { startRegistry } from "./support/registry.mjs";

const HOST = "mcr.microsoft.com";
const DOCUMENT = '{"schemaVersion":2}\n';
const DIGEST = sha256(DOCUMENT);
const OTHER = sha256("another document");
const LARGE = Buffer.alloc(5 * 1024 * 1024, "x");

const path = (kind, digest) => `${HOST}/v2/a/b/${kind}/${digest}`;
const typed = { "content-type": "application/vnd.oci.image.manifest.v1+json" };

/** The answers of the public registry. */
const ANSWERS = {
	[path("manifests", DIGEST)]: {
		body: DOCUMENT,
		headers: { ...typed, "docker-content-digest": DIGEST, "set-cookie": "a=b" },
	},
	[path("manifests", OTHER)]: { body: DOCUMENT, headers: typed },
	[path("manifests", "latest")]: { body: DOCUMENT, headers: typed },
	[path("blobs", sha256(LARGE))]: { body: LARGE },
	[path("blobs", DIGEST)]: { status: 307, headers: { location: "https://cdn.example/blob" } },
	"cdn.example/blob": { body: DOCUMENT },
	[path("manifests", "seconds")]: { status: 503, headers: { "retry-after": "60" } },
	[path("manifests", "date")]: { status: 429, headers: { "retry-after": new Date(Date.now() + 6e5).toUTCString() } },
	[path("blobs", sha256("inner"))]: { status: 307, headers: { location: "http://127.0.0.1:1/v2/x" } },
};

/** @type {(() => Promise<unknown>)[]} */
const stops = [];
const start = async (part) => {
	const running = await part;
	stops.push(() => (running.stop ?? running.close).call(running));
	return running;
};
let cache;
let internet;
let edge;

before(async () => {
	cache = await start(startCache());
	internet = await start(startInternet(ANSWERS));
	edge = await start(startEdge({ internet: internet.host, cache: cache.host }));
});
after(() => Promise.all(stops.reverse().map((stop) => stop())));

const ask = (target, headers = {}, method = "GET") => fetch(edge.proxy + target, { headers, method });
const kept = () => [...cache.kept.keys()];

test("the page inspects an image of a real registry through the Worker", async () => {
	const { storage, images } = await fixtures();
	const registry = await start(startRegistry({ storage }));
	const site = await start(startStatic("/some/where/"));
	const own = await start(startEdge({ plainHttp: [registry.host] }));
	const browser = await start(launch());
	await withPage(browser, async (page) => {
		await page.goto(site.url);
		await page.getByRole("button", { name: "Settings" }).click();
		await page.getByLabel("Registry proxy").fill(own.proxy);
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: "Close" }).click();
		const said = await inspect(page, `${registry.host}/${images.index.path}`);
		assert.match(said, /passed/);
		assert.doesNotMatch(said, /failed/);
		await page.getByText(images.index.digest.slice(7, 19)).first().waitFor();
	});
});

test("what is deployed runs as it is: the page and the proxy on one origin", async () => {
	const deployed = await start(startDeployed());
	const browser = await start(launch());
	await withPage(browser, async (page) => {
		await page.goto(deployed.url);
		await page.locator("[data-sample=hello]").click();
		await rows(page, "index").waitFor();
	});
	const refused = await fetch(`${deployed.url}proxy/169.254.169.254/v2/`);
	assert.deepEqual([refused.status, refused.headers.get("stowplan-refusal")], [403, "address-refused"]);
	assert.equal((await fetch(`${deployed.url}nothing`)).status, 404);
});

test("content by digest is kept once it was hashed, and asked for no more", async () => {
	for (const wait of [0, 1, 2]) {
		const answer = await ask(path("manifests", DIGEST), { origin: "https://any.example" });
		assert.deepEqual([answer.status, await answer.text()], [200, DOCUMENT]);
		assert.equal(answer.headers.get("content-type"), typed["content-type"]);
		assert.equal(answer.headers.get("docker-content-digest"), DIGEST);
		assert.equal(answer.headers.get("access-control-allow-origin"), "*");
		assert.equal(answer.headers.get("cache-control"), "no-store, no-transform");
		assert.equal(answer.headers.get("set-cookie"), null);
		if (wait === 0) await until(() => kept().length > 0);
	}
	assert.equal(internet.asked.filter((one) => one.includes(DIGEST) && one.includes("manifests")).length, 1);
	assert.deepEqual(kept(), [`content.stowplan.invalid/${HOST}:443${path("manifests", DIGEST).slice(HOST.length)}`]);
	assert.doesNotMatch(cache.kept.values().next().value.toString("latin1"), /set-cookie|access-control/i);
});

test("what its address does not name is passed on, and never kept", async () => {
	const before = kept();
	/** @type {[string, Record<string, string>?, string?][]} */
	const asks = [
		[path("manifests", OTHER)],
		[path("manifests", "latest")],
		[path("blobs", sha256(LARGE))],
		[`${path("manifests", DIGEST)}?ns=x`],
		[path("manifests", DIGEST).replace("/a/b/", "/p/q/"), { authorization: "Bearer t" }],
		[path("manifests", DIGEST), { range: "bytes=0-3" }],
		[path("manifests", DIGEST), {}, "HEAD"],
	];
	for (const [target, headers, method] of asks) {
		const asked = internet.asked.length;
		for (const _ of [1, 2]) await (await ask(target, headers, method)).arrayBuffer();
		assert.equal(internet.asked.length, asked + 2, `${target} was asked for each time`);
	}
	assert.deepEqual(kept(), before);
	assert.equal(await (await ask(path("manifests", OTHER))).text(), DOCUMENT, "the page finds out for itself");
});

test("what a redirect leads to is passed on; inside it leads nowhere", async () => {
	assert.equal(await (await ask(path("blobs", DIGEST))).text(), DOCUMENT);
	const refused = await ask(path("blobs", sha256("inner")));
	assert.deepEqual([refused.status, refused.headers.get("stowplan-refusal")], [403, "address-refused"]);
});

test("a large blob comes through byte by byte, with its length", async () => {
	const answer = await ask(path("blobs", sha256(LARGE)));
	assert.equal(answer.headers.get("content-length"), String(LARGE.length));
	assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), sha256(LARGE));
});

for (const [form, status, longest] of /** @type {const} */ ([
	["seconds", 503, 61],
	["date", 429, 301],
])) {
	test(`a registry that says when to come back, in the form of ${form}, is left alone until then`, async () => {
		const own = await start(startEdge({ internet: internet.host }));
		const target = own.proxy + path("manifests", form);
		const first = await fetch(target);
		assert.deepEqual(
			[first.status, first.headers.get("stowplan-refusal")],
			[status, null],
			"the registry's own answer",
		);
		const asked = internet.asked.length;
		const second = await fetch(target);
		assert.deepEqual([second.status, second.headers.get("stowplan-refusal")], [429, "upstream-busy"]);
		const wait = Number(second.headers.get("retry-after"));
		assert.ok(wait > 1 && wait <= longest, `${wait}`);
		assert.equal(internet.asked.length, asked, "it was not asked again");
		const account = await fetch(target, { headers: { authorization: "Bearer other" } });
		assert.equal(account.headers.get("stowplan-refusal"), status === 503 ? "upstream-busy" : null);
	});
}

test("a reader that takes nothing lets go of the registry after a while", async () => {
	/** @type {() => void} */
	let letGo = () => {};
	const gone = new Promise((resolve) => {
		letGo = () => resolve(undefined);
	});
	const server = createServer((_, response) => {
		response.writeHead(200);
		const more = () => {
			while (!response.destroyed && response.write(LARGE));
		};
		response.on("drain", more).on("close", letGo);
		more();
	});
	const registry = await start(listen(server));
	const own = await start(startEdge({ plainHttp: [registry.host], variables: { STOWPLAN_BODY_IDLE: "0.5" } }));
	const reader = connect(Number(own.host.split(":")[1]), "127.0.0.1");
	reader.on("error", () => {}).pause();
	reader.write(`GET /proxy/${registry.host}/v2/a/blobs/b HTTP/1.1\r\nHost: ${own.host}\r\n\r\n`);
	await gone;
	reader.destroy();
});

test("a blob by digest of a public registry is counted, and cut where it stands still", async () => {
	const server = createServer((request, response) => {
		response.writeHead(200);
		if (request.url?.includes(sha256(LARGE))) response.end(LARGE);
		else response.write("the beginning");
	});
	const registry = await start(listen(server));
	const variables = { STOWPLAN_BODY_IDLE: "0.5", STOWPLAN_MAX_BODY: "1000000" };
	const own = await start(startEdge({ internet: registry.host, variables }));
	for (const digest of [sha256(LARGE), OTHER]) {
		const answer = await fetch(own.proxy + path("blobs", digest));
		assert.equal(answer.status, 200);
		await assert.rejects(answer.arrayBuffer(), digest);
	}
});

test("a platform without a cache asks each time", async () => {
	const plain = await start(startEdge({ internet: internet.host }));
	const asked = internet.asked.length;
	for (const _ of [1, 2]) {
		assert.equal(await (await fetch(plain.proxy + path("manifests", DIGEST))).text(), DOCUMENT);
	}
	assert.equal(internet.asked.length, asked + 2);
});

test("the network that is shipped goes to no address of this machine, by name or by number", async () => {
	const server = createServer((_, response) => response.end("the inner server"));
	const inner = await start(listen(server));
	const port = inner.host.split(":")[1];
	const hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"];
	const probe = await start(startProbe());
	for (const host of hosts) {
		const target = encodeURIComponent(`http://${host}:${port}/`);
		assert.equal(await (await fetch(`${probe.url}public?${target}`)).text(), "not connected", host);
	}
	for (const host of ["127.0.0.1", "localhost"]) {
		const target = encodeURIComponent(`http://${host}:${port}/`);
		const reached = await (await fetch(`${probe.url}private?${target}`)).text();
		assert.equal(reached, "the inner server", `${host}: the probe would tell, and the list shuts out nothing else`);
	}
});

test("the page beside the Worker has the server's own headers", async () => {
	const app = await start(startApp());
	const text = readFileSync(join(EDGE, "site/_headers"), "utf8");
	/** @type {string[]} */
	const all = [];
	for (const [, place, lines] of text.matchAll(/^(\/\S*)\n((?: {2}.+\n)+)/gm)) {
		const { headers } = await fetch(app.url + place.slice(1).replace("*", "page.js"));
		for (const [, name, value] of lines.matchAll(/^ {2}([^:]+): (.*)$/gm)) {
			assert.equal(headers.get(name), value, `${name} of ${place}`);
			all.push(`${place} ${name}`);
		}
	}
	for (const name of ["content-security-policy", "cross-origin-opener-policy", "permissions-policy"]) {
		assert.ok(all.includes(`/* ${name}`), name);
	}
	assert.ok(all.includes("/www/* access-control-allow-origin"), "what other pages embed");
});

test("a wrong setting is said where the Worker runs", async () => {
	const wrong = await start(startEdge({ plainHttp: ["https://r.lan"] }));
	assert.equal((await fetch(`${wrong.proxy}ghcr.io/v2/`)).status, 500);
	await until(() => wrong.output().includes('"https://r.lan" is not a host'));
});

/** @param {() => boolean} so */
async function until(so) {
	while (!so()) await new Promise((resolve) => setTimeout(resolve, 20));
}
