// Off the line, under the layer tests: tars made by hand, and a registry on loopback whose blobs lie as they are told.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { TYPES } from "../e2e/support/documents.mjs";

export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/**
 * A ustar of `[name, content, { mode, type, link }]`; a name that ends in a slash is a directory.
 * @param {[name: string, content?: string | Uint8Array, as?: { mode?: number, type?: string, link?: string }][]} files
 */
export function tar(files) {
	const blocks = files.flatMap(([name, content = "", as]) => {
		const body = Buffer.from(content);
		return [header(name, body.length, as), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
	});
	return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/**
 * One block of it. `large` writes the size in base 256, as GNU tar writes what octal has no room for.
 * @param {string} name @param {number} size @param {{ mode?: number, type?: string, link?: string, large?: boolean }} [as]
 */
export function header(name, size, { mode, type, link = "", large = false } = {}) {
	const isFolder = name.endsWith("/");
	const block = Buffer.alloc(512);
	const octal = (number, width) => number.toString(8).padStart(width - 1, "0");
	block.write(name, 0);
	block.write(octal(mode ?? (isFolder ? 0o755 : 0o644), 8), 100);
	block.write(octal(0, 8), 108);
	block.write(octal(0, 8), 116);
	if (large) {
		block[124] = 0x80;
		block.writeBigUInt64BE(BigInt(size), 128);
	} else block.write(octal(size, 12), 124);
	block.write(octal(1_700_000_000, 12), 136);
	block.write("        ", 148);
	block.write(type ?? (isFolder ? "5" : "0"), 156);
	block.write(link, 157);
	block.write("ustar\x0000", 257, "latin1");
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${octal(sum, 7)}\0 `, 148, "latin1");
	return block;
}

/** Bytes that do not compress and are always the same. */
export function noise(length, seed = 1) {
	const bytes = Buffer.alloc(length);
	let state = seed;
	for (let at = 0; at < length; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		bytes[at] = state >>> 24;
	}
	return bytes;
}

/** A layer of a tar: `{ blob, tar, mediaType }`, gzip unless `plain`. */
export function layer(files, { plain = false, members = 1 } = {}) {
	const unpacked = tar(files);
	const part = Math.ceil(unpacked.length / members);
	const cut = Array.from({ length: members }, (_, n) => unpacked.subarray(n * part, (n + 1) * part));
	const blob = plain ? unpacked : Buffer.concat(cut.map((piece) => gzipSync(piece)));
	return { blob, tar: unpacked, mediaType: plain ? TYPES.layer.replace(/[+.]gzip$/, "") : TYPES.layer };
}

/**
 * A registry with one image, `reference`, of these layers. A lie is a function of `(request, response, blob)` that
 * answers a blob's request itself, by the layer's place; `claim` changes descriptors and `diffIds` the config's.
 */
export async function startImage(layers, { claim = (one, _place) => one, diffIds = (ids) => ids } = {}) {
	const rootfs = { type: "layers", diff_ids: diffIds(layers.map((one) => digestOf(one.tar))) };
	const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs }));
	const descriptor = (mediaType, bytes) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
	const manifest = Buffer.from(
		JSON.stringify({
			...{ schemaVersion: 2, mediaType: TYPES.manifest, config: descriptor(TYPES.config, config) },
			layers: layers.map((one, place) => claim(descriptor(one.mediaType, one.blob), place)),
		}),
	);
	const blobs = new Map([config, ...layers.map(({ blob }) => blob)].map((bytes) => [digestOf(bytes), bytes]));
	const lies = new Map();
	const requests = [];
	const server = createServer((request, response) => {
		requests.push(request);
		const digest = /blobs\/(.*)$/.exec(request.url)?.[1];
		const place = layers.findIndex((one) => digestOf(one.blob) === digest);
		if (request.url.startsWith("/token")) return response.end('{"token":"t"}');
		if (lies.has(place)) return lies.get(place)(request, response, blobs.get(digest));
		if (digest) return ranged(request, response, blobs.get(digest));
		response.writeHead(200, { "content-type": TYPES.manifest }).end(manifest);
	});
	await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	return {
		host: `127.0.0.1:${port}`,
		reference: `127.0.0.1:${port}/a/b:v`,
		lies,
		requests,
		gets: (place) => requests.filter(({ url }) => url.endsWith(digestOf(layers[place].blob))),
		stop: () => {
			server.closeAllConnections();
			return new Promise((done) => server.close(done));
		},
	};
}

/** The honest answer, from where it is asked for. */
export function ranged(request, response, blob) {
	const { range } = request.headers;
	if (!blob) return response.writeHead(404).end();
	const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
	const place = { "content-range": `bytes ${from}-${blob.length - 1}/${blob.length}` };
	response.writeHead(range ? 206 : 200, { "content-length": blob.length - from, ...(range && place) });
	response.end(blob.subarray(from));
}

/** So many bytes, then the connection breaks; `always`: also when it is taken up again, else honest from there on. */
export const cutAt = (at, always) => (request, response, blob) => {
	if (request.headers.range && !always) return ranged(request, response, blob);
	response.writeHead(200, { "content-length": blob.length });
	response.write(blob.subarray(0, at), () => setTimeout(() => response.destroy(), 20));
};

/** One bit of the byte at that place is another. */
export const flipped = (at) => (request, response, blob) => {
	const copy = Buffer.from(blob);
	copy[at] ^= 1;
	ranged(request, response, copy);
};

export const cut = (length) => (request, response, blob) => ranged(request, response, blob.subarray(0, length));
export const longer = (more) => (request, response, blob) =>
	ranged(request, response, Buffer.concat([blob, Buffer.alloc(more, 7)]));
