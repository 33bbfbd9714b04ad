// Off the line, under the end-to-end tests: every image they look at, made once and kept as a registry's storage folder.
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { descriptor, plantManifest, repository, sha256, TYPES } from "./documents.mjs";
import { makeApp, push, pushZstd } from "./layouts.mjs";
import { removeFolder, temporaryFolder } from "./process.mjs";
import { startRegistry } from "./registry.mjs";

const SOURCES = ["images.mjs", "layouts.mjs", "documents.mjs"];
const LINUX = (architecture) => ({ platform: { architecture, os: "linux" } });

/** The folder for files that tests make; not in the repository. */
export const OUT = fileURLToPath(new URL("../../out/", import.meta.url));

/**
 * The images, made on the first call after a change and taken from the folder afterwards.
 * @returns {Promise<{ storage: string, images: Record<string, { path: string, mediaType: string, digest: string, size: number, text?: string }> }>}
 *   `storage` for `startRegistry`, and for each image what is known about the document that its tag names
 */
export async function fixtures() {
	const folder = join(OUT, `fixtures-${fingerprint()}`);
	if (!existsSync(folder)) await make(folder);
	return { storage: join(folder, "storage"), images: JSON.parse(readFileSync(join(folder, "images.json"), "utf8")) };
}

function fingerprint() {
	const hash = createHash("sha256");
	for (const name of SOURCES) hash.update(readFileSync(new URL(name, import.meta.url)));
	return hash.digest("hex").slice(0, 12);
}

/** Makes the folder under another name first, so that it is never seen half written. */
async function make(folder) {
	mkdirSync(OUT, { recursive: true });
	for (const old of readdirSync(OUT)) if (old.startsWith("fixtures-")) rmSync(join(OUT, old), { recursive: true });
	const draft = mkdtempSync(join(OUT, "draft-"));
	const work = temporaryFolder("images");
	const storage = join(draft, "storage");
	const registry = await startRegistry({ storage });
	try {
		const images = await fill(registry, storage, work);
		writeFileSync(join(draft, "images.json"), JSON.stringify(images, null, 1));
	} finally {
		await registry.stop();
		removeFolder(work);
	}
	if (existsSync(folder)) rmSync(draft, { recursive: true });
	else renameSync(draft, folder);
}

async function fill(registry, storage, work) {
	const app = await makeApp(work);
	const repo = repository(registry.url, "demo/app");
	await push(app, "amd64", registry.host, "demo/app:v1");
	await push(app, "arm64", registry.host, "demo/app:arm64");
	const images = { oci: await repo.get("v1"), arm64: await repo.get("arm64") };
	Object.assign(images, await putIndexes(repo, images), plantIndexes(storage, images));
	Object.assign(images, await putArtifacts(repo, images));
	Object.assign(images, await pushDocker(registry, app), await pushOthers(registry, app, work));
	return images;
}

async function putIndexes(repo, { oci, arm64 }) {
	const attestation = await putAttestation(repo, oci);
	const platforms = [descriptor(oci, LINUX("amd64")), descriptor(arm64, LINUX("arm64"))];
	const put = (tag, manifests) =>
		repo.putManifest(tag, TYPES.index, { schemaVersion: 2, mediaType: TYPES.index, manifests });
	const index = await put("multi", [...platforms, attestation]);
	return {
		index,
		nested: await put("nested", [descriptor(index), descriptor(arm64, LINUX("arm64"))]),
		wrongSize: await put("wrong-size", [{ ...platforms[0], size: oci.size + 1 }, platforms[1]]),
		wrongPlatform: await put("wrong-platform", [descriptor(oci, LINUX("s390x")), platforms[1]]),
	};
}

/** Indexes with entries that lead nowhere. */
function plantIndexes(storage, { oci, arm64 }) {
	const nowhere = { ...oci, digest: sha256("not pushed") };
	const manifests = [descriptor(nowhere, LINUX("amd64")), descriptor(arm64, LINUX("arm64"))];
	const plant = (tag, document) => plantManifest(storage, "demo/app", tag, TYPES.index, document);
	return {
		missing: plant("missing", { schemaVersion: 2, mediaType: TYPES.index, manifests }),
		big: plant("big", bigIndex(descriptor(oci, LINUX("amd64")))),
	};
}

/** BuildKit's attestation manifest and the index entry that ties it to its image. */
async function putAttestation(repo, oci) {
	const statement = {
		_type: "https://in-toto.io/Statement/v0.1",
		predicateType: "https://slsa.dev/provenance/v0.2",
		subject: [],
		predicate: {},
	};
	const type = "application/vnd.in-toto+json";
	const layer = await repo.putBlob(type, statement);
	const rootfs = { type: "layers", diff_ids: [layer.digest] };
	const config = await repo.putBlob(TYPES.config, { architecture: "unknown", os: "unknown", config: {}, rootfs });
	const layers = [descriptor(layer, { annotations: { "in-toto.io/predicate-type": statement.predicateType } })];
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, config, layers };
	const manifest = await repo.putManifest("attestation", TYPES.manifest, document);
	const annotations = {
		"vnd.docker.reference.digest": oci.digest,
		"vnd.docker.reference.type": "attestation-manifest",
	};
	return descriptor(manifest, { annotations, platform: { architecture: "unknown", os: "unknown" } });
}

/** 10,000 entries just under 4 MiB; only the first one exists. */
function bigIndex(first) {
	const entry = (i) => ({
		...descriptor({ mediaType: TYPES.manifest, digest: sha256(`entry ${i}`), size: 1000 + i }),
		platform: { architecture: "riscv64", os: "linux", variant: `v${i}` },
		annotations: { "org.opencontainers.image.title": `entry ${i}`.padEnd(144, " .") },
	});
	const manifests = [first, ...Array.from({ length: 9999 }, (_, i) => entry(i + 1))];
	return JSON.stringify({ schemaVersion: 2, mediaType: TYPES.index, manifests });
}

async function putArtifacts(repo, { oci }) {
	const config = await repo.putBlob(TYPES.empty, "{}");
	const blob = await repo.putBlob("text/plain", "a bill of materials\n");
	const layers = [descriptor(blob, { annotations: { "org.opencontainers.image.title": "sbom.txt" } })];
	const subject = descriptor(oci);
	const artifactType = "application/vnd.example.sbom.v1";
	const document = { schemaVersion: 2, mediaType: TYPES.manifest, artifactType, config, layers, subject };
	return { artifact: await repo.putManifest("artifact", TYPES.manifest, document) };
}

async function pushDocker(registry, app) {
	const repo = repository(registry.url, "demo/docker");
	await push(app, "amd64", registry.host, "demo/docker:v1", "v2s2");
	await push(app, "arm64", registry.host, "demo/docker:arm64", "v2s2");
	await push(app, "amd64", registry.host, "demo/docker:schema1", "v2s1");
	const [schema2, arm64, schema1] = await Promise.all(["v1", "arm64", "schema1"].map(repo.get));
	const manifests = [descriptor(schema2, LINUX("amd64")), descriptor(arm64, LINUX("arm64"))];
	const list = { schemaVersion: 2, mediaType: TYPES.dockerList, manifests };
	const odd = JSON.parse(schema2.text);
	odd.config.mediaType = "application/octet-stream";
	return {
		schema2,
		schema1,
		list: await repo.putManifest("list", TYPES.dockerList, list),
		octetStream: await repo.putManifest("octet-stream", TYPES.dockerManifest, odd),
	};
}

async function pushOthers(registry, app, work) {
	await push(app, "amd64", registry.host, "private/app:v1");
	return {
		private: await repository(registry.url, "private/app").get("v1"),
		zstd: await putZstd(repository(registry.url, "demo/zstd"), app, work),
	};
}

async function putZstd(repo, app, work) {
	const empty = await startRegistry();
	try {
		await pushZstd(work, app, empty.host, "demo/zstd:v1");
		const image = await repo.copyFrom(repository(empty.url, "demo/zstd"), "v1");
		if (!image.text.includes("tar+zstd")) throw new Error(`skopeo pushed no zstd layer: ${image.text}`);
		return image;
	} finally {
		await empty.stop();
	}
}
