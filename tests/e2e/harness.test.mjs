// Off the line: the harness itself keeps its word, without a browser and without Stowplan.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { repository, sha256, TYPES } from "./support/documents.mjs";
import { fixtures } from "./support/images.mjs";
import { lies, startLiar } from "./support/lying-proxy.mjs";
import { basicHeader, startRegistry, USER } from "./support/registry.mjs";

const ACCEPT = { accept: Object.values(TYPES).join(", ") };
let made, registry, liar;

before(async () => {
	made = await fixtures();
	registry = await startRegistry({ storage: made.storage });
	liar = await startLiar(registry.host);
});
after(async () => {
	await liar?.stop();
	await registry?.stop();
});

test("every image is served as it was made", async () => {
	for (const [name, image] of Object.entries(made.images)) {
		const answer = await fetch(manifestUrl(registry.url, image), { headers: ACCEPT });
		assert.equal(answer.headers.get("content-type"), image.mediaType, name);
		assert.equal(answer.headers.get("docker-content-digest"), image.digest, name);
		const body = Buffer.from(await answer.arrayBuffer());
		assert.equal(body.length, image.size, name);
		if (name !== "schema1") assert.equal(sha256(body), image.digest, name);
	}
});

test("the images are what their names say", () => {
	const { oci, index, nested, list, big, schema1, zstd, octetStream, artifact } = made.images;
	assert.equal(JSON.parse(oci.text).layers.length, 3);
	assert.match(index.text, /"vnd.docker.reference.type": "attestation-manifest"/);
	assert.ok(nested.text.includes(index.digest));
	assert.equal(list.mediaType, TYPES.dockerList);
	assert.ok(big.size > 4_100_000 && big.size <= 4 * 1024 * 1024, `${big.size}`);
	assert.equal(JSON.parse(schema1.text).schemaVersion, 1);
	assert.match(zstd.text, /tar\+zstd/);
	assert.equal(JSON.parse(octetStream.text).config.mediaType, "application/octet-stream");
	assert.ok(JSON.parse(artifact.text).subject.digest, oci.digest);
});

test("the basic registry asks for credentials and takes them", async () => {
	const basic = await startRegistry({ auth: "basic", storage: made.storage });
	try {
		const url = manifestUrl(basic.url, made.images.private);
		const refused = await fetch(url, { headers: ACCEPT });
		assert.equal(refused.status, 401);
		assert.equal(refused.headers.get("www-authenticate"), 'Basic realm="stowplan test"');
		assert.equal((await fetch(url, { headers: { ...ACCEPT, authorization: basicHeader() } })).status, 200);
		const wrong = basicHeader({ ...USER, password: "wrong" });
		assert.equal((await fetch(url, { headers: { ...ACCEPT, authorization: wrong } })).status, 401);
	} finally {
		await basic.stop();
	}
});

test("the token registry lets any client pull public images and only the user pull private ones", async () => {
	const registry = await startRegistry({ auth: "token", storage: made.storage });
	const pull = async (image, authorization) => {
		const challenge = (await fetch(manifestUrl(registry.url, image))).headers.get("www-authenticate");
		const [realm, service, scope] = ["realm", "service", "scope"].map(
			(name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)[1],
		);
		const answer = await fetch(`${realm}?${new URLSearchParams({ service, scope })}`, {
			headers: authorization ? { authorization } : {},
		});
		if (answer.status !== 200) return answer.status;
		const { token } = await answer.json();
		return (await fetch(manifestUrl(registry.url, image), { headers: { ...ACCEPT, authorization: `Bearer ${token}` } }))
			.status;
	};
	try {
		assert.equal(await pull(made.images.oci), 200);
		assert.equal(await pull(made.images.private), 401);
		assert.equal(await pull(made.images.private, basicHeader()), 200);
		assert.equal(await pull(made.images.private, basicHeader({ ...USER, password: "wrong" })), 401);
	} finally {
		await registry.stop();
	}
});

test("an empty registry takes a push", async () => {
	const empty = await startRegistry();
	try {
		const repo = repository(empty.url, "a/b");
		const config = await repo.putBlob(TYPES.empty, "{}");
		const put = await repo.putManifest("v1", TYPES.manifest, {
			schemaVersion: 2,
			mediaType: TYPES.manifest,
			config,
			layers: [config],
		});
		assert.deepEqual(await repo.get("v1"), put);
	} finally {
		await empty.stop();
	}
});

test("without a rule the liar is honest, as a proxy and as a registry", async () => {
	liar.reset();
	const { oci } = made.images;
	for (const base of [`${liar.proxy}${registry.host}`, `http://${liar.host}`]) {
		const answer = await fetch(manifestUrl(base, oci), { headers: ACCEPT });
		assert.equal(answer.headers.get("access-control-allow-origin"), "*");
		assert.match(answer.headers.get("access-control-expose-headers"), /Docker-Content-Digest/);
		assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), oci.digest);
	}
	assert.equal(liar.requests.length, 2);
	assert.equal((await fetch(liar.proxy, { method: "OPTIONS" })).status, 204);
});

test("the liar flips a byte, once, and keeps the length", async () => {
	const { oci } = made.images;
	const body = await lied(oci, lies.flipByte(-2), 1);
	assert.equal(body.length, oci.size);
	assert.notEqual(sha256(body), oci.digest);
	assert.equal(
		sha256(await bodyOf(await fetch(manifestUrl(`http://${liar.host}`, oci), { headers: ACCEPT }))),
		oci.digest,
	);
});

test("the liar cuts, stalls and trickles", async () => {
	const { oci } = made.images;
	await assert.rejects(lied(oci, lies.cut(10)), TypeError);
	assert.equal(sha256(await lied(oci, lies.trickle(100))), oci.digest);
	liar.lie(/manifests/, lies.stall(10));
	const signal = AbortSignal.timeout(50);
	await assert.rejects(async () => bodyOf(await fetch(manifestUrl(`http://${liar.host}`, oci), { signal })), {
		name: "TimeoutError",
	});
});

test("the liar answers with any status, header and document", async () => {
	const { oci } = made.images;
	liar.reset();
	liar.lie(/manifests/, lies.rateLimited(3));
	const answer = await fetch(manifestUrl(`http://${liar.host}`, oci));
	assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "3"]);
	assert.ok((await lied(oci, lies.overCap())).length > 5 * 1024 * 1024);
	assert.match(String(await lied(oci, lies.unsafeNumber())), /9007199254740993/);
	assert.match(String(await lied(oci, lies.negativeSize())), /"size":-1/);
	for (const name of ["depthBomb", "arrayBomb", "invalidUtf8", "ambiguous", "html"]) await lied(oci, lies[name]());
});

function manifestUrl(base, { path }) {
	const [name, tag] = path.split(":");
	return `${base}/v2/${name}/manifests/${tag}`;
}

async function lied(image, lie, times) {
	liar.reset();
	liar.lie(/manifests/, lie, times);
	return bodyOf(await fetch(manifestUrl(`http://${liar.host}`, image), { headers: ACCEPT }));
}

async function bodyOf(answer) {
	return Buffer.from(await answer.arrayBuffer());
}
