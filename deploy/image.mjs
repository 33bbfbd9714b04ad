/**
 * Writes an OCI layout: `node image.mjs OUT ARCHITECTURE SERVER PACKAGES …`, three words for each platform. The same inputs give
 * the same bytes; prints the index's digest.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { gzipSync } from "fflate";
import { packTar } from "modern-tar";
import { provenance, sbom } from "./statements.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [out = "", ...rest] = process.argv.slice(2);
const { version } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));

const OCI = "application/vnd.oci.image";
/** The machines, as ELF numbers them: a program below the name of another platform would not start there. */
const MACHINES = { amd64: 62, arm64: 183 };
/** Nothing of the image depends on when it was made. */
const EPOCH = new Date(0);
/** A user without a name elsewhere, as distroless images have it. */
const USER = 65532;

/** @type {Map<string, Uint8Array>} */
const blobs = new Map();
/** @param {Uint8Array} bytes */
const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
/** @param {string} mediaType @param {Uint8Array | object} content @param {object} [more] */
function put(mediaType, content, more = {}) {
	const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
	const digest = digestOf(bytes);
	blobs.set(digest, bytes);
	return { mediaType, digest, size: bytes.length, ...more };
}

/** @param {string} name @param {number} mode @param {Uint8Array | string} [body] a folder has none @param {number} [owner] */
function entry(name, mode, body, owner = 0) {
	const bytes = typeof body === "string" ? Buffer.from(body) : body;
	const header = { name, mode, uid: owner, gid: owner, mtime: EPOCH, uname: "", gname: "" };
	if (!bytes) return { header: { ...header, name: `${name}/`, type: /** @type {const} */ ("directory"), size: 0 } };
	return { header: { ...header, type: /** @type {const} */ ("file"), size: bytes.length }, body: bytes };
}

const roots = `${rootCertificates.join("\n")}\n`;

/** One program, whom it runs as, whom it trusts, where it looks names up, and a place for its cache. @param {Uint8Array} program */
async function layer(program) {
	const tar = await packTar([
		entry("cache", 0o700, undefined, USER),
		entry("etc", 0o755),
		entry("etc/group", 0o644, `root:x:0:\nstowplan:x:${USER}:\n`),
		entry("etc/nsswitch.conf", 0o644, "hosts: files dns\n"),
		entry("etc/passwd", 0o644, `root:x:0:0:root:/:/nothing\nstowplan:x:${USER}:${USER}:stowplan:/:/nothing\n`),
		entry("etc/ssl", 0o755),
		entry("etc/ssl/certs", 0o755),
		entry("etc/ssl/certs/ca-certificates.crt", 0o644, roots),
		entry("stowplan-server", 0o755, program),
	]);
	// In JavaScript, so that every version of Node gives the same bytes.
	return { tar, gzip: gzipSync(tar, { level: 9, mtime: 0 }) };
}

const title = { "org.opencontainers.image.title": "stowplan-server", "org.opencontainers.image.version": version };
const sources = {
	version,
	roots: digestOf(Buffer.from(roots)),
	lock: digestOf(await readFile(path.join(ROOT, "Cargo.lock"))),
	// README tells the digest of the image, so it cannot be a part of what the digest is of.
	commit: git("rev-list", "-1", "HEAD", "--", ".", ":(exclude)README.md"),
};

/** @param {string[]} words */
function git(...words) {
	return execFileSync("git", words, { cwd: ROOT, encoding: "utf8" }).trim();
}

/** The image of one platform and the statements about it. @param {string} architecture @param {string} server @param {string} packages */
async function made(architecture, server, packages) {
	const program = await readFile(server);
	if (program.readUInt16LE(18) !== MACHINES[/** @type {keyof MACHINES} */ (architecture)])
		throw new Error(`${server} is no program for ${architecture}`);
	const platform = { architecture, os: "linux" };
	const { tar, gzip } = await layer(program);
	const config = put(`${OCI}.config.v1+json`, {
		...platform,
		created: EPOCH.toISOString(),
		config: {
			User: `${USER}:${USER}`,
			Env: ["STOWPLAN_HOST=0.0.0.0"],
			Entrypoint: ["/stowplan-server"],
			ExposedPorts: { "8080/tcp": {} },
			StopSignal: "SIGTERM",
			Labels: { ...title, "org.opencontainers.image.licenses": "MIT OR Apache-2.0" },
		},
		rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
		history: [{ created: EPOCH.toISOString(), created_by: "cargo xtask image" }],
	});
	const image = put(
		`${OCI}.manifest.v1+json`,
		{
			schemaVersion: 2,
			mediaType: `${OCI}.manifest.v1+json`,
			config,
			layers: [put(`${OCI}.layer.v1.tar+gzip`, gzip)],
			annotations: title,
		},
		{ platform },
	);
	const facts = { ...sources, image: image.digest, program: digestOf(program) };
	return { image, about: attestation(image, [sbom(facts, await readFile(packages, "utf8")), provenance(facts)]) };
}

const images = [];
for (let at = 0; at < rest.length; at += 3)
	images.push(await made(String(rest[at]), String(rest[at + 1]), String(rest[at + 2])));
const index = put(`${OCI}.index.v1+json`, {
	schemaVersion: 2,
	mediaType: `${OCI}.index.v1+json`,
	manifests: [...images.map(({ image }) => image), ...images.map(({ about }) => about)],
	annotations: title,
});

/** Statements beside the image in its index, as BuildKit writes them. @param {{ digest: string }} image @param {{ predicateType: string }[]} statements */
function attestation(image, statements) {
	const type = "application/vnd.in-toto+json";
	const layers = statements.map((one) =>
		put(type, one, { annotations: { "in-toto.io/predicate-type": one.predicateType } }),
	);
	const diffIds = layers.map(({ digest }) => digest);
	const unknown = { architecture: "unknown", os: "unknown" };
	const own = put(`${OCI}.config.v1+json`, { ...unknown, config: {}, rootfs: { type: "layers", diff_ids: diffIds } });
	const document = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config: own, layers };
	return put(`${OCI}.manifest.v1+json`, document, {
		platform: unknown,
		annotations: {
			"vnd.docker.reference.digest": image.digest,
			"vnd.docker.reference.type": "attestation-manifest",
		},
	});
}

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "blobs/sha256"), { recursive: true });
for (const [digest, bytes] of blobs) await writeFile(path.join(out, "blobs", digest.replace(":", "/")), bytes);
await writeFile(path.join(out, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
const named = { ...index, annotations: { "org.opencontainers.image.ref.name": version } };
await writeFile(
	path.join(out, "index.json"),
	JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: [named] }),
);
console.log(index.digest);
