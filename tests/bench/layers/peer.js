// Off the line, under the benchmarks of layers: the whole job with npm's libraries, streaming, in a worker of its own.

import { Gunzip } from "fflate";
import { Decompress } from "fzstd";
import { createSHA256 } from "hash-wasm";
import { lister } from "./lister.js";

/** Each gives the tar's pieces to `out` as they come, having shown the blob's to `seen`. */
const UNPACKERS = { fflate: pushing(Gunzip), fzstd: pushing(Decompress), DecompressionStream: browsers };

/** Compiled and warmed before the first job, as every contender's code is. */
const hashes = Promise.all([createSHA256(), createSHA256()]);

globalThis.onmessage = async ({ data: { url, how } }) => {
	try {
		const [blob, tar] = await hashes;
		blob.init();
		tar.init();
		const list = lister();
		const take = (piece) => {
			tar.update(piece);
			list.push(piece);
		};
		const response = await fetch(url, { cache: "no-store" });
		if (!response.ok) throw new Error(`${url}: ${response.status}`);
		await UNPACKERS[how](response.body, (piece) => blob.update(piece), take);
		const [digest, diffId] = [blob, tar].map((hash) => `sha256:${hash.digest()}`);
		postMessage({ digest, diffId, entries: list.entries.length });
	} catch (error) {
		postMessage({ error: String(error) });
	}
};

/** fflate and fzstd have the same form. */
function pushing(Stream) {
	return async (body, seen, out) => {
		const stream = new Stream((piece) => out(piece));
		const reader = body.getReader();
		// Both want to be told which piece is the last.
		for (let next = await reader.read(); !next.done; ) {
			const piece = next.value;
			seen(piece);
			next = await reader.read();
			stream.push(piece, next.done);
		}
	};
}

async function browsers(body, seen, out) {
	const stream = new DecompressionStream("gzip");
	const feed = async () => {
		const [reader, writer] = [body.getReader(), stream.writable.getWriter()];
		for (let next = await reader.read(); !next.done; next = await reader.read()) {
			seen(next.value);
			await writer.ready;
			writer.write(next.value).catch(() => {});
		}
		await writer.close();
	};
	const drain = async () => {
		const reader = stream.readable.getReader();
		for (let next = await reader.read(); !next.done; next = await reader.read()) out(next.value);
	};
	await Promise.all([feed(), drain()]);
}
