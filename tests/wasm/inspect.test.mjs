// The boundary, `inspect`: the API in Node against a real registry, honest, with credentials, and through a lying proxy.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { TYPES } from "../e2e/support/documents.mjs";
import { fixtures } from "../e2e/support/images.mjs";
import { BAD_DOCUMENTS, lies } from "../e2e/support/lies.mjs";
import { startLiar } from "../e2e/support/lying-proxy.mjs";
import { startRegistry, USER } from "../e2e/support/registry.mjs";
import { starter } from "../e2e/support/starter.mjs";
import { api, checks, codeOf, freshImage, only } from "./support.mjs";

let images;
let registry;
let scratch;
let liar;
const start = starter();

before(async () => {
	const made = await fixtures();
	images = made.images;
	registry = await start(startRegistry({ storage: made.storage }));
	scratch = await start(startRegistry());
	liar = await start(startLiar(scratch.host));
});

test("an image is its manifest, config and layers, each with its verdicts", async () => {
	const report = await inspect("oci");
	assert.deepEqual(kinds(report), { manifest: 1, config: 1, layer: 3 });
	const manifest = only(report, "manifest");
	assert.equal(manifest.digest, images.oci.digest);
	assert.equal(manifest.size, images.oci.size);
	assert.equal(manifest.imageId, JSON.parse(images.oci.text).config.digest);
	assert.equal(report.source.kind, "registry");
	assert.equal(report.source.reference, `${registry.host}/demo/app:v1`);
	assert.equal(report.summary.fail, 0);
	assert.equal(report.summary.verdict, "incomplete", "layers were not downloaded");
	const layers = report.nodes.filter((node) => node.kind === "layer");
	assert.ok(layers.every((layer) => layer.read === false && layer.chainId && layer.diffId));
	assert.equal(layers[0].chainId, layers[0].diffId);
});

test("the config carries history and what a container is started with", async () => {
	const config = only(await inspect("oci"), "config");
	assert.equal(config.diffIds.length, 3);
	assert.match(config.history[0].createdBy, /^RUN .*\n\tinstall -d/);
	assert.equal(config.history.filter((line) => !line.emptyLayer).length, 3);
	assert.deepEqual(config.image.entrypoint, ["/bin/busybox"]);
	assert.deepEqual(config.image.exposedPorts, ["8080/tcp"]);
	assert.equal(config.image.user, "1000:1000");
});

for (const [name, expected] of /** @type {[string, object][]} */ ([
	["schema2", { manifest: 1, config: 1, layer: 3 }],
	["octetStream", { manifest: 1, config: 1, layer: 3 }],
	["zstd", { manifest: 1, config: 1, layer: 3 }],
])) {
	test(`${name}: the kinds of its nodes, and nothing failed`, async () => {
		const report = await inspect(name);
		assert.deepEqual(kinds(report), expected);
		assert.equal(report.summary.fail, 0, failures(report));
		assert.equal(report.nodes[0].digest, images[name].digest);
	});
}

for (const [name, manifests] of [
	["index", 2],
	["list", 2],
	["nested", 3],
]) {
	test(`${name}: ${manifests} platform manifests under ${name === "nested" ? "two indexes" : "an index"}, nothing failed`, async () => {
		const report = await inspect(name, { all: true });
		const found = kinds(report);
		assert.equal(found.manifest, manifests);
		assert.equal(found.index, name === "nested" ? 2 : 1);
		assert.equal(report.summary.fail, 0, failures(report));
		assert.equal(report.nodes[0].digest, images[name].digest);
	});
}

test("the attestation of an index is one, and says what it is about", async () => {
	const report = await inspect("index", { all: true });
	assert.equal(only(report, "attestation").attests, images.oci.digest);
});

test("the platform asked for is the chosen one", async () => {
	const report = await inspect("index", { platform: "linux/arm64" });
	const chosen = report.nodes.filter((node) => node.chosen);
	assert.deepEqual(
		chosen.map((node) => node.digest),
		[images.arm64.digest],
	);
	assert.equal(chosen[0].platform.architecture, "arm64");
});

test("an artifact has its type, its subject and its blob", async () => {
	const report = await inspect("artifact");
	const artifact = only(report, "artifact");
	assert.equal(artifact.artifactType, "application/vnd.example.sbom.v1");
	assert.equal(artifact.subject, images.oci.digest);
	assert.equal(report.summary.fail, 0, failures(report));
});

test("a schema 1 manifest has the digest of its payload, and its signature holds", async () => {
	const report = await inspect("schema1");
	const node = only(report, "schema1");
	assert.equal(node.digest, images.schema1.digest);
	assert.ok(node.history.length > 0);
	assert.equal(checks(report, "signature", "fail").length, 0, failures(report));
	assert.equal(report.summary.fail, 0, failures(report));
});

test("a reference with a digest is a proof, a tag is not", async () => {
	const pinned = await api.inspect(`${registry.host}/demo/app@${images.oci.digest}`, { proxy: liar.proxy });
	const proof = checks(pinned, "digest", "pass").find((check) => check.source === "reference");
	assert.deepEqual([proof?.expected, proof?.actual], [images.oci.digest, images.oci.digest]);
	const tagged = await inspect("oci");
	assert.equal(
		tagged.nodes[0].checks.find(
			(check) => check.id === "digest" && check.outcome === "pass" && check.source === "reference",
		),
		undefined,
	);
});

test("a wrong size in an index entry fails with both values", async () => {
	const report = await inspect("wrongSize", { all: true });
	const [check] = checks(report, "size", "fail");
	assert.equal(check.source, "descriptor");
	assert.deepEqual(
		[check.expected, check.actual].map((text) => Number.parseInt(text.replace(/\D/g, ""), 10)),
		[images.oci.size + 1, images.oci.size],
	);
	assert.equal(report.summary.verdict, "failed");
});

test("a platform that is not the config's fails or warns with both values", async () => {
	const report = await inspect("wrongPlatform", { all: true });
	const [check] = checks(report, "platform").filter((check) => check.outcome !== "pass");
	assert.match(check.expected, /s390x/);
	assert.match(check.actual, /amd64/);
});

test("an index entry that is not there is shown in place", async () => {
	const report = await inspect("missing", { all: true });
	assert.equal(report.nodes[0].digest, images.missing.digest);
	const gone = report.nodes.find((node) => node.path === "$.manifests[0]");
	assert.equal(gone.read, false);
	assert.ok(
		gone.checks.some((check) => check.outcome !== "pass" && /not read: .* has no manifest/.test(check.message)),
		JSON.stringify(gone.checks),
	);
});

test("an index of 10,000 entries is read whole", async () => {
	const start = performance.now();
	const report = await inspect("big", { platform: "linux/amd64" });
	assert.equal(report.nodes.filter((node) => node.path?.startsWith("$.manifests[")).length, 10_000);
	assert.equal(report.nodes[0].digest, images.big.digest);
	assert.ok(performance.now() - start < 20_000);
});

test("progress tells of every request", async () => {
	const events = [];
	const image = await freshImage(scratch.url);
	await api.inspect(reference(image), { proxy: liar.proxy, onProgress: (event) => events.push(event) });
	const requests = events.filter((event) => event.type === "request");
	assert.ok(requests.some(({ url, status }) => url.includes("/manifests/v1") && status === 200));
	assert.ok(requests.some(({ url, bytes }) => url.includes(image.config.digest) && bytes === image.config.size));
	assert.ok(requests.every(({ milliseconds }) => milliseconds >= 0));
});

test("nothing is fetched twice in a session", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	await api.inspect(reference(image), { proxy: liar.proxy });
	await api.inspect(reference(image), { proxy: liar.proxy });
	assert.equal(
		liar.requests.filter(({ path, method }) => method === "GET" && path.includes(image.config.digest)).length,
		1,
	);
});

test("who aborts while a report comes over gets no half of one", async () => {
	const entry = (n) => ({ mediaType: TYPES.manifest, digest: `sha256:${String(n).padStart(64, "0")}`, size: 1 });
	const many = {
		schemaVersion: 2,
		mediaType: TYPES.index,
		manifests: Array.from({ length: 3000 }, (_, n) => entry(n)),
	};
	const controller = new AbortController();
	let turns = 0;
	// The signal's listener is taken away when the job ends: what is asked of the signal in between tells when to abort.
	const signal = new Proxy(controller.signal, {
		get(target, name) {
			if (name === "aborted" && ++turns === 2) queueMicrotask(() => controller.abort());
			const value = Reflect.get(target, name, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	liar.reset();
	liar.lie(/\/manifests\/many$/, lies.document(JSON.stringify(many), { mediaType: TYPES.index }));
	await assert.rejects(api.inspect(`${scratch.host}/a:many`, { proxy: liar.proxy, signal }), isError("aborted"));
	liar.reset();
});

test("a liar's wrapping of a manifest does not stay in its place", async () => {
	const image = await freshImage(scratch.url);
	const honest = Buffer.from(
		JSON.stringify(
			{ schemaVersion: 2, mediaType: TYPES.manifest, config: image.config, layers: [image.layer] },
			null,
			1,
		),
	);
	const digest = digestOf(honest);
	const encoded = (value) => Buffer.from(value).toString("base64url");
	const wrapped = {
		...{ schemaVersion: 1, name: "a", tag: "b", architecture: "amd64", fsLayers: [], history: [] },
		signatures: [{ protected: encoded(JSON.stringify({ formatLength: 0, formatTail: encoded(honest) })) }],
	};
	const pinned = `${scratch.host}/${image.name}@${digest}`;
	for (const [bytes, mediaType] of /** @type {[Buffer, string][]} */ ([
		[Buffer.from(JSON.stringify(wrapped)), "application/vnd.docker.distribution.manifest.v1+prettyjws"],
		[honest, TYPES.manifest],
	])) {
		liar.reset();
		liar.lie(/\/manifests\//, lies.document(bytes, { mediaType }));
		await api.inspect(pinned, { proxy: liar.proxy });
		assert.equal(digestOf(await api.bytesOf(digest)), digestOf(bytes), mediaType);
	}
	liar.reset();
});

for (const auth of /** @type {const} */ (["basic", "token"])) {
	test(`${auth}: a private image needs the right credentials`, async () => {
		const { storage } = await fixtures();
		const server = await start(startRegistry({ auth, storage }));
		const ask = (password) => {
			const credentials = password ? [{ registry: server.host, username: USER.username, password }] : undefined;
			return api.inspect(`${server.host}/private/app:v1`, { proxy: liar.proxy, credentials });
		};
		await assert.rejects(ask(), isError("unauthorized"));
		await assert.rejects(ask("wrong"), isError("unauthorized"));
		const report = await ask(USER.password);
		assert.equal(report.nodes[0].digest, images.private.digest);
		assert.equal(report.summary.fail, 0, failures(report));
	});
}

test("token: any client may read a public image, and a token is reused", async () => {
	const { storage } = await fixtures();
	const server = await start(startRegistry({ auth: "token", storage }));
	liar.reset();
	const report = await api.inspect(`${server.host}/demo/app:v1`, { proxy: liar.proxy });
	assert.equal(report.nodes[0].digest, images.oci.digest);
	assert.equal(liar.requests.filter(({ path }) => path.startsWith(`/${server.authHost}/token`)).length, 1);
	assert.ok(liar.requests.every(({ headers }) => !headers.authorization?.startsWith("Basic")));
});

for (const [name, lie, code, extra] of /** @type {[string, any, any, any?][]} */ ([
	["404", lies.status(404), "not-found"],
	["401", lies.unauthorized(), "unauthorized"],
	["403", lies.status(403, {}, { errors: [{ code: "DENIED", message: "no" }] }), "forbidden"],
	["429 for an hour", lies.rateLimited(3600), "rate-limited", (error) => error.retryAfter === 3600],
	["a web page instead of JSON", lies.html(), "html-instead-of-json"],
	["a cut connection", lies.cut(40), /^(truncated-body|registry-unreachable)$/],
	[
		"nothing listening",
		lies.status(502, {}, { errors: [{ code: "UNAVAILABLE", message: "down" }] }),
		/^(registry-error|registry-unreachable)$/,
	],
])) {
	test(`${name} is an error with its code, and the next inspect works`, async () => {
		const image = await freshImage(scratch.url);
		liar.reset();
		liar.lie(/\/manifests\//, lie);
		const signal = AbortSignal.timeout(60_000);
		await assert.rejects(
			api.inspect(reference(image), { proxy: liar.proxy, signal }),
			(error) => isError(code)(error) && (extra?.(error) ?? true),
		);
		await works(image);
	});
}

test("429 with a short wait is tried again", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/manifests\//, lies.rateLimited(1), 1);
	const events = [];
	const report = await api.inspect(reference(image), { proxy: liar.proxy, onProgress: (event) => events.push(event) });
	assert.equal(report.nodes[0].digest, image.digest);
	assert.ok(events.some((event) => event.type === "waiting" && event.seconds >= 1));
});

test("no proxy there at all is registry-unreachable", async () => {
	const gone = await startLiar(scratch.host);
	await gone.stop();
	await assert.rejects(api.inspect(`${scratch.host}/a/b:v1`, { proxy: gone.proxy }), isError("registry-unreachable"));
});

test("a byte flipped in a pinned manifest fails in place with both digests", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/manifests\//, lies.flipByte(-40));
	const report = await api.inspect(`${scratch.host}/${image.name}@${image.digest}`, { proxy: liar.proxy });
	const [check] = checks(report, "digest", "fail");
	assert.equal(check.expected, image.digest);
	assert.match(check.actual, /^sha256:[0-9a-f]{64}$/);
	assert.notEqual(check.actual, check.expected);
	assert.equal(check.source, "reference");
	assert.equal(report.summary.verdict, "failed");
	await works(image);
});

test("a byte flipped in a config fails in place with both digests, and is not kept", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/blobs\//, lies.replace("amd64", "amd65"));
	const report = await api.inspect(reference(image), { proxy: liar.proxy });
	const config = only(report, "config");
	const [check] = config.checks.filter(({ id, outcome }) => id === "digest" && outcome === "fail");
	assert.deepEqual([check.expected, check.source], [image.config.digest, "descriptor"]);
	assert.equal(config.digest, check.actual);
	assert.equal(report.summary.verdict, "failed");
	await works(image);
});

test("a wrong Docker-Content-Digest is a wrong claim", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	const claimed = `sha256:${"0".repeat(64)}`;
	liar.lie(/\/manifests\//, lies.header("docker-content-digest", claimed));
	const report = await api.inspect(reference(image), { proxy: liar.proxy });
	const [check] = checks(report, "header-digest").filter(({ outcome }) => outcome !== "pass");
	assert.deepEqual([check.expected, check.actual, check.source], [claimed, image.digest, "header"]);
	assert.notEqual(report.summary.verdict, "verified");
});

test("a missing Docker-Content-Digest is no failure", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/manifests\//, lies.withoutHeader("docker-content-digest"));
	const report = await api.inspect(reference(image), { proxy: liar.proxy });
	assert.equal(report.summary.fail, 0, failures(report));
});

for (const [name, lie] of BAD_DOCUMENTS) {
	test(`${name} from a registry is an error or a failed check, and the next inspect works`, async () => {
		const image = await freshImage(scratch.url);
		liar.reset();
		liar.lie(/\/manifests\/v1/, lie);
		const outcome = await api.inspect(reference(image), { proxy: liar.proxy }).catch((error) => error);
		if (outcome instanceof Error)
			assert.match(codeOf(outcome) ?? `no code: ${outcome.stack}`, /^(limit-exceeded|invalid-json|registry-error)$/);
		else {
			// A cap of ours disproves nothing.
			const isCapped = outcome.nodes.some(({ checks }) => checks.some(({ id }) => id === "limits"));
			assert.equal(outcome.summary.verdict, isCapped ? "incomplete" : "failed", JSON.stringify(outcome.nodes));
		}
		await works(image);
	});
}

test("indexes that name each other end", async () => {
	const [first, second] = ["a", "b"].map((letter) => `sha256:${letter.repeat(64)}`);
	const [one, two] = lies.cycle(first, second);
	liar.reset();
	liar.lie(/\/manifests\/(loop|sha256:a)/, one);
	liar.lie(/\/manifests\/sha256:b/, two);
	const report = await api.inspect(`${scratch.host}/a/b:loop`, { proxy: liar.proxy, all: true });
	assert.equal(report.summary.verdict, "failed");
	assert.ok(liar.requests.length < 20, `${liar.requests.length} requests`);
});

test("a slow answer is a good answer", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/manifests\//, lies.trickle(20));
	assert.equal((await api.inspect(reference(image), { proxy: liar.proxy })).nodes[0].digest, image.digest);
});

test("abort ends a stalled request at once, with its code", async () => {
	const image = await freshImage(scratch.url);
	liar.reset();
	liar.lie(/\/manifests\//, lies.stall(10));
	const controller = new AbortController();
	const onProgress = () => {};
	const outcome = api.inspect(reference(image), { proxy: liar.proxy, signal: controller.signal, onProgress });
	await until(() => liar.requests.length > 0);
	const start = performance.now();
	controller.abort();
	await assert.rejects(outcome, isError("aborted"));
	assert.ok(performance.now() - start < 1000);
	await until(() => liar.requests.at(-1).closed);
	await works(image);
});

test("a signal that is aborted already, also with a reason that is no DOMException", async () => {
	for (const signal of [AbortSignal.abort(), AbortSignal.abort("because"), AbortSignal.abort(null)]) {
		await assert.rejects(inspect("oci", { signal }), isError("aborted"));
	}
});

function inspect(name, options = {}) {
	return api.inspect(`${registry.host}/${images[name].path}`, { proxy: liar.proxy, ...options });
}

const reference = (image) => `${scratch.host}/${image.name}:v1`;

/** The same image, honestly served: what was bad has left nothing behind. */
async function works(image) {
	liar.reset();
	const report = await api.inspect(reference(image), { proxy: liar.proxy });
	assert.equal(report.nodes[0].digest, image.digest);
	assert.equal(report.summary.fail, 0, failures(report));
	assert.equal(only(report, "manifest").mediaType, TYPES.manifest);
}

function kinds(report) {
	const found = {};
	for (const { kind } of report.nodes) found[kind] = (found[kind] ?? 0) + 1;
	return found;
}

function failures(report) {
	const failed = report.nodes.flatMap(({ id, checks }) => checks.map((check) => ({ node: id, ...check })));
	return JSON.stringify(failed.filter(({ outcome }) => outcome === "fail"));
}

function isError(code) {
	return (error) => {
		assert.ok(error instanceof Error);
		const { code: found } = /** @type {any} */ (error);
		assert.match(found ?? `no code: ${error.stack}`, code instanceof RegExp ? code : new RegExp(`^${code}$`));
		return true;
	};
}

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function until(condition) {
	const deadline = Date.now() + 5000;
	while (!condition()) {
		assert.ok(Date.now() < deadline, `never came: ${condition}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
