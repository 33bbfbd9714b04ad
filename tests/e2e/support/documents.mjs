// Off the line, second step of the test images: documents written byte by byte and PUT, so that their digests are known.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const TYPES = {
	index: "application/vnd.oci.image.index.v1+json",
	manifest: "application/vnd.oci.image.manifest.v1+json",
	config: "application/vnd.oci.image.config.v1+json",
	empty: "application/vnd.oci.empty.v1+json",
	layer: "application/vnd.oci.image.layer.v1.tar+gzip",
	dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
	dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
	schema1: "application/vnd.docker.distribution.manifest.v1+prettyjws",
};

const ACCEPT = [TYPES.index, TYPES.manifest, TYPES.dockerList, TYPES.dockerManifest, TYPES.schema1].join(", ");

/** `sha256:…` of bytes or of a text's UTF-8. */
export function sha256(bytes) {
	return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The descriptor of a document made by {@link putManifest} or {@link putBlob}, with more members. */
export function descriptor({ mediaType, digest, size }, more = {}) {
	return { mediaType, digest, size, ...more };
}

/** A repository of a registry, written to without credentials. */
export function repository(url, name) {
	const base = `${url}/v2/${name}`;
	return {
		base,
		putManifest: (tag, mediaType, document) => putManifest(base, name, tag, mediaType, document),
		putBlob: (mediaType, content) => putBlob(base, mediaType, content),
		get: (tag) => getManifest(base, name, tag),
		copyFrom: (from, tag) => copyImage(base, name, from, tag),
	};
}

/** A folder that looks like a repository and is an OCI layout on the disk: documents and layers by digest. @param {string} folder */
export function layoutOf(folder) {
	const put = (mediaType, content) => {
		const bytes = bytesOf(content);
		const digest = sha256(bytes);
		write(join(folder, "blobs", digest.replace(":", "/")), bytes);
		return { mediaType, digest, size: bytes.length };
	};
	write(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
	return {
		putBlob: async (mediaType, content) => put(mediaType, content),
		putManifest: async (tag, mediaType, document) => {
			const about = put(mediaType, document);
			const named = { ...about, annotations: { "org.opencontainers.image.ref.name": tag } };
			write(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
			return { name: folder, tag, path: folder, text: undefined, ...about };
		},
	};
}

/** Copies an image byte by byte: skopeo would swap layers for others with the same content. */
async function copyImage(base, name, from, tag) {
	const { mediaType, text } = await from.get(tag);
	const { config, layers } = JSON.parse(text);
	for (const { mediaType, digest } of [config, ...layers]) {
		const blob = await fetch(`${from.base}/blobs/${digest}`);
		await putBlob(base, mediaType, Buffer.from(await blob.arrayBuffer()));
	}
	return putManifest(base, name, tag, mediaType, text);
}

/** Writes a document into a registry's storage: for what a registry refuses to take, such as entries that lead nowhere. */
export function plantManifest(storage, name, tag, mediaType, document) {
	const bytes = bytesOf(document);
	const digest = sha256(bytes);
	const hex = digest.slice("sha256:".length);
	const root = join(storage, "docker/registry/v2");
	const manifests = join(root, "repositories", name, "_manifests");
	write(join(root, "blobs/sha256", hex.slice(0, 2), hex, "data"), bytes);
	write(join(manifests, "revisions/sha256", hex, "link"), digest);
	write(join(manifests, "tags", tag, "current/link"), digest);
	write(join(manifests, "tags", tag, "index/sha256", hex, "link"), digest);
	return facts(name, tag, mediaType, bytes);
}

function write(file, content) {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
}

/** A document is an object (written with two spaces, as Docker does), or a text or bytes (written as they are). */
function bytesOf(document) {
	if (Buffer.isBuffer(document)) return document;
	return Buffer.from(typeof document === "string" ? document : JSON.stringify(document, null, 2));
}

async function putManifest(base, name, tag, mediaType, document) {
	const bytes = bytesOf(document);
	const answer = await fetch(`${base}/manifests/${tag}`, {
		method: "PUT",
		headers: { "content-type": mediaType },
		body: new Uint8Array(bytes),
	});
	await expectStatus(answer, 201, `PUT ${name}:${tag}`);
	return facts(name, tag, mediaType, bytes);
}

async function putBlob(base, mediaType, content) {
	const bytes = bytesOf(content);
	const start = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
	await expectStatus(start, 202, "POST blob");
	const location = new URL(start.headers.get("location"), base);
	location.searchParams.set("digest", sha256(bytes));
	const headers = { "content-type": "application/octet-stream" };
	await expectStatus(await fetch(location, { method: "PUT", headers, body: new Uint8Array(bytes) }), 201, "PUT blob");
	return { mediaType, digest: sha256(bytes), size: bytes.length };
}

async function getManifest(base, name, tag) {
	const answer = await fetch(`${base}/manifests/${tag}`, { headers: { accept: ACCEPT } });
	await expectStatus(answer, 200, `GET ${name}:${tag}`);
	const claimed = answer.headers.get("docker-content-digest");
	const found = facts(name, tag, answer.headers.get("content-type"), Buffer.from(await answer.arrayBuffer()));
	return found.mediaType === TYPES.schema1 ? { ...found, digest: claimed } : found;
}

function facts(name, tag, mediaType, bytes) {
	const text = bytes.length < 1 << 16 ? bytes.toString("utf8") : undefined;
	return { name, tag, path: `${name}:${tag}`, mediaType, digest: sha256(bytes), size: bytes.length, text };
}

async function expectStatus(answer, status, what) {
	if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
}
