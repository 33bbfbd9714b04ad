// Makes the sample images that ship with the page: `node www/samples/make.mjs`. The same bytes every time.
//
// The hello image is whole: an index, two platforms with manifest, config and two layers each, and an attestation.
// The broken one is its amd64 manifest with one digit of a layer's size changed after its digest was written down.
// The article's manifest is a text, pasted as an article prints it: compact, its keys in another order.

import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const here = new URL("./", import.meta.url);
const OCI = "application/vnd.oci.image";
const CREATED = "2026-11-01T09:00:00Z";

/** @param {string | Uint8Array} bytes */
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
/** @param {unknown} value */
const json = (value) => Buffer.from(JSON.stringify(value));
/** @param {string} mediaType @param {Uint8Array} bytes @param {object} [more] */
const describe = (mediaType, bytes, more = {}) => ({ mediaType, digest: sha256(bytes), size: bytes.length, ...more });

/**
 * One ustar entry; the field widths are those of POSIX.1-2001.
 * @param {string} name @param {Buffer} [content] @param {{ mode?: number, type?: string }} [about]
 */
function entry(name, content = Buffer.alloc(0), { mode = 0o644, type = "0" } = {}) {
	const header = Buffer.alloc(512);
	/** @param {number} value @param {number} width */
	const octal = (value, width) => `${value.toString(8).padStart(width - 1, "0")}\0`;
	header.write(name, 0);
	header.write(octal(mode, 8), 100);
	header.write(octal(0, 8), 108);
	header.write(octal(0, 8), 116);
	header.write(octal(content.length, 12), 124);
	header.write(octal(Date.parse(CREATED) / 1000, 12), 136);
	header.write("        ", 148);
	header.write(type, 156);
	header.write("ustar\u000000", 257);
	header.write("root", 265);
	header.write("root", 297);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
	return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** @param {Buffer[]} entries */
const tar = (...entries) => Buffer.concat([...entries, Buffer.alloc(1024)]);

/** gzip's header names an operating system: 255 is "unknown", so that any machine writes the same. @param {Uint8Array} bytes */
function gzip(bytes) {
	const packed = gzipSync(bytes, { level: 9 });
	packed[9] = 255;
	return packed;
}

/** @param {string} architecture */
function image(architecture) {
	const greeting = Buffer.from(`Hello from a container image for linux/${architecture}.\n`);
	const base = tar(
		entry("etc/", undefined, { mode: 0o755, type: "5" }),
		entry("etc/os-release", Buffer.from('NAME="Stowplan sample"\nID=stowplan-sample\n')),
	);
	const app = tar(
		entry("srv/", undefined, { mode: 0o755, type: "5" }),
		entry("srv/greeting.txt", greeting),
		entry("srv/README.md", Buffer.from("Every digest of this image can be recomputed from its bytes.\n")),
	);
	const layers = [gzip(base), gzip(app)];
	const config = json({
		created: CREATED,
		architecture,
		os: "linux",
		config: {
			Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "GREETING=/srv/greeting.txt"],
			Cmd: ["cat", "/srv/greeting.txt"],
			WorkingDir: "/srv",
			Labels: { "org.opencontainers.image.title": "hello", "org.opencontainers.image.licenses": "MIT OR Apache-2.0" },
		},
		rootfs: { type: "layers", diff_ids: [sha256(base), sha256(app)] },
		history: [
			{ created: CREATED, created_by: "COPY os-release /etc/os-release # buildkit", comment: "buildkit.dockerfile.v0" },
			{ created: CREATED, created_by: "ENV GREETING=/srv/greeting.txt", empty_layer: true },
			{
				created: CREATED,
				created_by: "COPY greeting.txt README.md /srv/ # buildkit",
				comment: "buildkit.dockerfile.v0",
			},
			{ created: CREATED, created_by: 'CMD ["cat" "/srv/greeting.txt"]', empty_layer: true },
		],
	});
	const manifest = json({
		schemaVersion: 2,
		mediaType: `${OCI}.manifest.v1+json`,
		config: describe(`${OCI}.config.v1+json`, config),
		layers: layers.map((layer) => describe(`${OCI}.layer.v1.tar+gzip`, layer)),
	});
	return { architecture, config, layers, manifest };
}

/** BuildKit's form of an attestation: a manifest for no platform whose layer is an in-toto statement. @param {{ manifest: Buffer }} of */
function attestation({ manifest }) {
	const statement = json({
		_type: "https://in-toto.io/Statement/v0.1",
		predicateType: "https://slsa.dev/provenance/v0.2",
		subject: [{ name: "hello", digest: { sha256: sha256(manifest).slice(7) } }],
		predicate: { builder: { id: "" }, buildType: "https://mobyproject.org/buildkit@v1" },
	});
	const config = json({
		architecture: "unknown",
		os: "unknown",
		config: {},
		rootfs: { type: "layers", diff_ids: [sha256(statement)] },
	});
	const about = json({
		schemaVersion: 2,
		mediaType: `${OCI}.manifest.v1+json`,
		config: describe(`${OCI}.config.v1+json`, config),
		layers: [
			describe("application/vnd.in-toto+json", statement, {
				annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2" },
			}),
		],
	});
	return { config, layers: [statement], manifest: about };
}

/** @param {string} folder @param {Record<string, string | Uint8Array>} files */
function write(folder, files) {
	rmSync(new URL(`${folder}/`, here), { recursive: true, force: true });
	mkdirSync(new URL(`${folder}/`, here), { recursive: true });
	for (const [name, bytes] of Object.entries(files)) writeFileSync(new URL(`${folder}/${name}`, here), bytes);
	return Object.keys(files).map((name) => `${folder}/${name}`);
}

const amd64 = image("amd64");
const platforms = [amd64, image("arm64")];
const statement = attestation(amd64);
const index = json({
	schemaVersion: 2,
	mediaType: `${OCI}.index.v1+json`,
	manifests: [
		...platforms.map(({ architecture, manifest }) =>
			describe(`${OCI}.manifest.v1+json`, manifest, { platform: { architecture, os: "linux" } }),
		),
		describe(`${OCI}.manifest.v1+json`, statement.manifest, {
			annotations: {
				"vnd.docker.reference.digest": sha256(amd64.manifest),
				"vnd.docker.reference.type": "attestation-manifest",
			},
			platform: { architecture: "unknown", os: "unknown" },
		}),
	],
});

/** @type {Record<string, Buffer>} */
const files = { "index.json": index };
for (const { architecture, manifest, config, layers } of platforms) {
	files[`manifest-${architecture}.json`] = manifest;
	files[`config-${architecture}.json`] = config;
	for (const [at, layer] of layers.entries()) files[`layer-${at + 1}-${architecture}.tar.gz`] = layer;
}
files["manifest-attestation.json"] = statement.manifest;
files["config-attestation.json"] = statement.config;
for (const layer of statement.layers) files["provenance.json"] = layer;
// The base layer is the same for both platforms: one blob, as a registry would keep it.
delete files["layer-1-arm64.tar.gz"];

const size = amd64.layers.at(-1)?.length ?? 0;
const changed = Buffer.from(amd64.manifest.toString().replace(`"size":${size}}]`, `"size":${size + 1}}]`));

/** As the article prints it; the digest beside it is that of Docker's own form of the same document. */
const article = JSON.stringify({
	layers: [
		{
			mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
			digest: "sha256:8ddc19f16526912237dd8af81971d5e4dd0587907234be2b83e249518d5b673f",
			size: 667590,
		},
	],
	schemaVersion: 2,
	config: {
		mediaType: "application/octet-stream",
		digest: "sha256:2b8fd9751c4c0f5dd266fcae00707e67a2545ef34f9a29354585f93dac906749",
		size: 1459,
	},
	mediaType: "application/vnd.docker.distribution.manifest.v2+json",
});

const samples = [
	{
		id: "hello",
		name: "stowplan/hello",
		expected: sha256(index),
		files: write("hello", files),
	},
	{
		id: "broken",
		name: "stowplan/broken",
		expected: sha256(amd64.manifest),
		files: write("broken", { "manifest.json": changed, "config.json": amd64.config }),
	},
	{
		id: "article",
		name: "article/manifest",
		expected: "sha256:a59906e33509d14c036c8678d687bd4eec81ed7c4b8ce907b888c607f6a1e0e6",
		text: true,
		files: write("article", { "manifest.txt": article }),
	},
];
writeFileSync(new URL("index.json", here), `${JSON.stringify(samples, null, "\t")}\n`);
