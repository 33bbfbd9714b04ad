// Off the line, under the pictures and the tests of all states: an image as people build them, with all that the page can show.

import { readFileSync } from "node:fs";
import { layer, noise } from "../../wasm/layer-registry.mjs";
import { descriptor, repository, sha256, TYPES } from "./documents.mjs";

const CREATED = "2024-05-06T07:08:09Z";
const PIXELS = readFileSync(new URL("../../../www/assets/card.png", import.meta.url));
const LINUX = (architecture) => ({ platform: { architecture, os: "linux" } });

/** The content of each layer and the command that made it, for one platform. @param {string} architecture */
const layersOf = (architecture) => [
	{
		by: "ADD alpine-minirootfs-3.19.1.tar.gz / # buildkit",
		...layer([
			["bin/"],
			["bin/busybox", readFileSync("/bin/busybox"), { mode: 0o755 }],
			["bin/sh", "", { type: "2", link: "busybox", mode: 0o777 }],
			["bin/su", readFileSync("/bin/ls"), { mode: 0o4755 }],
			["etc/"],
			["etc/alpine-release", "3.19.1\n"],
			["etc/hosts", "127.0.0.1\tlocalhost\n"],
			["etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"],
		]),
	},
	{
		by: "RUN /bin/sh -c apk add --no-cache nodejs # buildkit",
		...layer([
			["usr/bin/"],
			["usr/bin/node", Buffer.concat([readFileSync("/bin/bash"), noise(2_400_000)]), { mode: 0o755 }],
			["usr/lib/libcrypto.so.3", noise(700_000, 2)],
			["usr/lib/libssl.so.3", noise(160_000, 3)],
		]),
	},
	{
		by: "COPY package.json package-lock.json /app/ # buildkit",
		...layer([
			["app/"],
			["app/package.json", JSON.stringify({ name: "harbour", version: "1.4.0", type: "module" }, null, 2)],
			["app/.env", "API_TOKEN=0123456789abcdef\n"],
		]),
	},
	{
		by: "RUN /bin/sh -c npm ci --omit=dev && rm .env # buildkit",
		...layer([
			["app/.wh..env"],
			["app/node_modules/"],
			["app/node_modules/lit/index.js", noise(90_000, 4)],
			["app/node_modules/express/index.js", noise(220_000, 5)],
		]),
	},
	{
		by: "COPY . /app # buildkit",
		...layer([
			["app/server.js", `// harbour\nimport express from "express";\n${"app.get(`/`, home);\n".repeat(40)}`],
			["app/public/logo.png", PIXELS],
			["app/public/site.css", "body { margin: 0 }\n"],
			["etc/passwd", `root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/app:/bin/sh\n# ${architecture}\n`],
		]),
	},
];

/** @param {ReturnType<typeof layersOf>} layers @param {string} architecture */
const configOf = (layers, architecture) => ({
	...{ architecture, os: "linux", created: CREATED, author: "Ada <ada@example.invalid>" },
	config: {
		Entrypoint: ["node", "server.js"],
		Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "NODE_ENV=production", "PORT=8080"],
		ExposedPorts: { "8080/tcp": {} },
		Labels: {
			"org.opencontainers.image.licenses": "MIT",
			"org.opencontainers.image.source": "https://example.invalid/harbour/app",
		},
		User: "1000:1000",
		WorkingDir: "/app",
	},
	rootfs: { type: "layers", diff_ids: layers.map(({ tar }) => sha256(tar)) },
	history: [
		...layers.map(({ by }) => ({ created: CREATED, created_by: by })),
		{ created: CREATED, created_by: 'ENTRYPOINT ["node" "server.js"]', empty_layer: true },
	],
});

/**
 * Pushes `harbour/app:1.4`, an index of two platforms and an attestation.
 * @param {string} registry its URL
 * @returns {Promise<{ path: string, digest: string }>}
 */
export const putHarbour = (registry) => fillHarbour(repository(registry, "harbour/app"));

/**
 * @typedef {Pick<ReturnType<typeof repository>, "putBlob" | "putManifest">} Repo a registry's repository, or what looks like one
 * @param {Repo} repo
 * @param {(config: ReturnType<typeof configOf>) => void} [change] made to each config before it is written
 */
export async function fillHarbour(repo, change = () => {}) {
	const images = [];
	for (const architecture of ["amd64", "arm64"]) {
		const manifest = await putImage(repo, architecture, change);
		images.push(descriptor(manifest, LINUX(architecture)));
	}
	const manifests = [...images, await putStatement(repo, images[0].digest)];
	return repo.putManifest("1.4", TYPES.index, { schemaVersion: 2, mediaType: TYPES.index, manifests });
}

/** @param {Repo} repo @param {string} architecture @param {(config: ReturnType<typeof configOf>) => void} change */
async function putImage(repo, architecture, change) {
	const layers = layersOf(architecture);
	const told = configOf(layers, architecture);
	change(told);
	const config = await repo.putBlob(TYPES.config, told);
	const blobs = [];
	for (const { blob, mediaType } of layers) blobs.push(descriptor(await repo.putBlob(mediaType, blob)));
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers: blobs };
	return repo.putManifest(architecture, TYPES.manifest, document);
}

/** @param {Repo} repo @param {string} about */
async function putStatement(repo, about) {
	const type = "application/vnd.in-toto+json";
	const predicateType = "https://slsa.dev/provenance/v1";
	const layer = await repo.putBlob(type, { _type: "https://in-toto.io/Statement/v1", predicateType, subject: [] });
	const rootfs = { type: "layers", diff_ids: [layer.digest] };
	const config = await repo.putBlob(TYPES.config, { architecture: "unknown", os: "unknown", config: {}, rootfs });
	const layers = [descriptor(layer, { annotations: { "in-toto.io/predicate-type": predicateType } })];
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(config), layers };
	const annotations = { "vnd.docker.reference.digest": about, "vnd.docker.reference.type": "attestation-manifest" };
	const platform = { architecture: "unknown", os: "unknown" };
	return descriptor(await repo.putManifest("statement", TYPES.manifest, document), { annotations, platform });
}
