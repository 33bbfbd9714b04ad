// Documents as sixty programs write and carry them, each opened with the digest of the original: the bytes come back, or nothing
// passes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { api } from "./support.mjs";
import { CARRIERS } from "./writers/carriers.mjs";
import { WRITERS } from "./writers/writers.mjs";

const sha256 = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const digest = (seed) => sha256(seed);

const layer = (at) => ({
	mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
	digest: digest(`layer ${at}`),
	size: 3_000_000 + at,
});
const manifest = {
	schemaVersion: 2,
	mediaType: "application/vnd.oci.image.manifest.v1+json",
	config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest("config"), size: 1469 },
	layers: [layer(1), layer(2), layer(3)],
	annotations: { "org.example/note": "it's <a> & b", "org.opencontainers.image.version": "1.10" },
};
const index = {
	schemaVersion: 2,
	mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
	manifests: ["amd64", "386", "arm64"].map((architecture) => ({
		mediaType: "application/vnd.docker.distribution.manifest.v2+json",
		size: 1570,
		digest: digest(architecture),
		platform: { architecture, os: "linux", ...(architecture === "arm64" ? { variant: "v8" } : {}) },
	})),
};
const ran = {
	Hostname: "",
	Domainname: "",
	User: "",
	AttachStdin: false,
	AttachStdout: false,
	AttachStderr: false,
	Tty: false,
	OpenStdin: false,
	StdinOnce: false,
	Env: ["PATH=/usr/sbin:/bin"],
	Cmd: ["sh"],
	Image: digest("parent"),
	Volumes: null,
	WorkingDir: "",
	Entrypoint: null,
	OnBuild: null,
	Labels: null,
};
const config = {
	architecture: "386",
	config: ran,
	container: "a".repeat(64),
	container_config: { ...ran, Hostname: "aaaaaaaaaaaa", Cmd: ["/bin/sh", "-c", "#(nop) ", 'CMD ["sh"]'] },
	created: "2020-01-02T03:04:05Z",
	docker_version: "18.09.7",
	history: [
		{ created: "2020-01-02T03:04:04Z", created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
		{ created: "2020-01-02T03:04:05Z", created_by: '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer: true },
	],
	os: "linux",
	rootfs: { type: "layers", diff_ids: [digest("tar")] },
};

/** As registries hold them: Docker's indentation, Go's escapes, one line. */
const DOCUMENTS = {
	manifest: JSON.stringify(manifest).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"),
	index: JSON.stringify(index, null, 3),
	config: JSON.stringify(config),
};

/** @param {string} text @param {string} original */
async function comesBack(text, original) {
	const expected = sha256(original);
	const { nodes } = await api.open(text, { expected });
	const proved = (node) =>
		node.digest === expected &&
		node.read &&
		node.checks.some(({ id, outcome }) => id === "digest" && outcome === "pass");
	if (!nodes.some(proved)) return false;
	assert.equal(Buffer.from(await api.bytesOf(expected)).toString(), original, "something else passed");
	return true;
}

for (const [kind, document] of Object.entries(DOCUMENTS)) {
	test(`a ${kind} comes back from what every program makes of it`, async () => {
		const lost = [];
		const all = [
			...Object.entries(CARRIERS).map(([name, carry]) => [name, carry(document)]),
			...Object.entries(WRITERS).map(([name, write]) => [name, write(JSON.parse(document))]),
		];
		for (const [name, text] of all) if (!(await comesBack(text, document))) lost.push(name);
		assert.deepEqual(lost, []);
		assert.ok(all.length > 75, `${all.length}`);
	});
}

test("another document passes for none of them", async () => {
	const other = DOCUMENTS.manifest.replace('"size":1469', '"size":1468');
	for (const [name, carry] of Object.entries(CARRIERS))
		assert.equal(await comesBack(carry(other), DOCUMENTS.manifest), false, name);
});
