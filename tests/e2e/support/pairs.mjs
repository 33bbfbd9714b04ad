// Off the line, under the tests of comparisons: pairs of images, made for what is the same in them, pushed to a real registry.

import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { header } from "../../wasm/layer-registry.mjs";
import { repository, sha256, TYPES } from "./documents.mjs";

/**
 * A tar of `[path, content, { mode, mtime }]`; a path that ends in a slash is a directory.
 * @param {[path: string, content?: string | Uint8Array, as?: { mode?: number, mtime?: number }][]} files
 */
export function tarOf(files) {
	const blocks = files.flatMap(([path, content = "", { mode, mtime = 1_700_000_000 } = {}]) => {
		const body = Buffer.from(content);
		const block = header(path, body.length, { mode });
		block.write(`${mtime.toString(8).padStart(11, "0")}`, 136);
		block.write("        ", 148);
		const sum = block.reduce((total, byte) => total + byte, 0);
		block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
		return [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
	});
	return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The ways in which a tar becomes a blob, and its media type. */
export const PACKED = {
	gzip: (tar) => [gzipSync(tar), `${TYPES.layer}`],
	fast: (tar) => [gzipSync(tar, { level: 1 }), `${TYPES.layer}`],
	zstd: (tar) => [execFileSync("zstd", ["-q", "-c"], { input: tar }), TYPES.layer.replace("gzip", "zstd")],
	plain: (tar) => [tar, TYPES.layer.replace(/[+.]gzip$/, "")],
};

const bytesOf = (value) => (typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value));

/**
 * Pushes an image.
 * @param {string} url of a registry @param {string} name `pairs/app` @param {string} tag
 * @param {{ layers: { tar: Buffer, as?: keyof typeof PACKED, by?: string, created?: string }[], config?: object, created?: string,
 *   annotations?: object, architecture?: string, indent?: number }} image
 */
export async function pushImage(url, name, tag, image) {
	const { layers, config = {}, created = "2026-01-01T00:00:00Z", annotations, architecture = "amd64", indent } = image;
	const repo = repository(url, name);
	const rootfs = { type: "layers", diff_ids: layers.map((layer) => sha256(layer.tar)) };
	const history = layers.map(({ by = "RUN x", created: at = created }) => ({ created: at, created_by: by }));
	const blobs = [];
	for (const { tar, as = "gzip" } of layers) {
		const [blob, type] = PACKED[as](tar);
		blobs.push(await repo.putBlob(type, blob));
	}
	const own = await repo.putBlob(TYPES.config, { architecture, os: "linux", created, config, rootfs, history });
	const plain = ({ mediaType, digest, size }) => ({ mediaType, digest, size });
	const manifest = {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		config: plain(own),
		layers: blobs.map(plain),
		annotations,
	};
	return repo.putManifest(tag, TYPES.manifest, JSON.stringify(manifest, undefined, indent));
}

/**
 * Pushes an index with an image for each architecture.
 * @param {string} url @param {string} name @param {string} tag @param {Record<string, Parameters<typeof pushImage>[3]>} images
 */
export async function pushIndex(url, name, tag, images) {
	const manifests = [];
	for (const [architecture, image] of Object.entries(images)) {
		const { mediaType, digest, size } = await pushImage(url, name, `${tag}-${architecture}`, {
			...image,
			architecture,
		});
		manifests.push({ mediaType, digest, size, platform: { os: "linux", architecture } });
	}
	return repository(url, name).putManifest(tag, TYPES.index, { schemaVersion: 2, mediaType: TYPES.index, manifests });
}

/** Pushes an artifact of one blob. */
export async function pushArtifact(url, name, tag, content) {
	const repo = repository(url, name);
	const plain = ({ mediaType, digest, size }) => ({ mediaType, digest, size });
	const config = plain(await repo.putBlob(TYPES.empty, "{}"));
	const blob = plain(await repo.putBlob("text/plain", bytesOf(content)));
	const artifactType = "application/vnd.example.text.v1";
	return repo.putManifest(tag, TYPES.manifest, {
		schemaVersion: 2,
		mediaType: TYPES.manifest,
		artifactType,
		config,
		layers: [blob],
	});
}
