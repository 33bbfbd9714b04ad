// Makes the sample images that ship with the page: `node www/samples/make.mjs`. The same bytes every time.
//
// The hello image is whole: an index, two platforms with manifest, config and two layers each, and an attestation.
// The broken one is its amd64 manifest with one digit changed after its digest was written down.

import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const here = new URL("./", import.meta.url);
const OCI = "application/vnd.oci.image";
const CREATED = "2026-11-01T09:00:00Z";

const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const json = (value) => Buffer.from(JSON.stringify(value));
const describe = (mediaType, bytes, more = {}) => ({ mediaType, digest: sha256(bytes), size: bytes.length, ...more });

/** One ustar entry; the field widths are those of POSIX.1-2001. */
function entry(name, content = Buffer.alloc(0), { mode = 0o644, type = "0" } = {}) {
	const header = Buffer.alloc(512);
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

const tar = (...entries) => Buffer.concat([...entries, Buffer.alloc(1024)]);

/** gzip's header names an operating system: 255 is "unknown", so that any machine writes the same. */
function gzip(bytes) {
	const packed = gzipSync(bytes, { level: 9 });
	packed[9] = 255;
	return packed;
}

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
			{ created: CREATED, created_by: "COPY greeting.txt README.md /srv/ # buildkit", comment: "buildkit.dockerfile.v0" },
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

/** BuildKit's form of an attestation: a manifest for no platform whose layer is an in-toto statement. */
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

function write(folder, files) {
	rmSync(new URL(`${folder}/`, here), { recursive: true, force: true });
	mkdirSync(new URL(`${folder}/`, here), { recursive: true });
	for (const [name, bytes] of Object.entries(files)) writeFileSync(new URL(`${folder}/${name}`, here), bytes);
	return Object.keys(files).map((name) => `${folder}/${name}`);
}

const platforms = [image("amd64"), image("arm64")];
const statement = attestation(platforms[0]);
const index = json({
	schemaVersion: 2,
	mediaType: `${OCI}.index.v1+json`,
	manifests: [
		...platforms.map(({ architecture, manifest }) =>
			describe(`${OCI}.manifest.v1+json`, manifest, { platform: { architecture, os: "linux" } }),
		),
		describe(`${OCI}.manifest.v1+json`, statement.manifest, {
			annotations: {
				"vnd.docker.reference.digest": sha256(platforms[0].manifest),
				"vnd.docker.reference.type": "attestation-manifest",
			},
			platform: { architecture: "unknown", os: "unknown" },
		}),
	],
});

const files = { "index.json": index };
for (const { architecture, manifest, config, layers } of platforms) {
	files[`manifest-${architecture}.json`] = manifest;
	files[`config-${architecture}.json`] = config;
	files[`layer-1-${architecture}.tar.gz`] = layers[0];
	files[`layer-2-${architecture}.tar.gz`] = layers[1];
}
files["manifest-attestation.json"] = statement.manifest;
files["config-attestation.json"] = statement.config;
files["provenance.json"] = statement.layers[0];
// The base layer is the same for both platforms: one blob, as a registry would keep it.
delete files["layer-1-arm64.tar.gz"];

const [amd64] = platforms;
const size = amd64.layers[1].length;
const changed = Buffer.from(amd64.manifest.toString().replace(`"size":${size}}]`, `"size":${size + 1}}]`));

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
];
writeFileSync(new URL("index.json", here), `${JSON.stringify(samples, null, "\t")}\n`);
