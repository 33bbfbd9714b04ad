// Off the line, under the benchmarks of layers: each part of our own work alone, in a worker: what the machine allows.

import { reading } from "../../../www/engine/core.js";

const PIECE = 256 * 1024;

globalThis.onmessage = async ({ data: { url, spec } }) => {
	try {
		const { Unpacker, TarHasher } = await reading();
		const seconds = async (work) => {
			const start = performance.now();
			const made = await work();
			return [(performance.now() - start) / 1000, made];
		};
		const drained = async () => {
			const reader = (await fetch(url, { cache: "no-store" })).body.getReader();
			while (!(await reader.read()).done);
		};
		const [fetched] = await seconds(drained);
		const blob = new Uint8Array(await (await fetch(url, { cache: "no-store" })).arrayBuffer());
		const [front, tar] = await seconds(() => unpacked(new Unpacker(spec), blob));
		const [back] = await seconds(() => tarFacts(new TarHasher(spec), tar));
		postMessage({ fetched, front, back });
	} catch (error) {
		postMessage({ error: String(error) });
	}
};

/** The tar in pieces, as the other half gets it. */
function unpacked(unpacker, blob) {
	const pieces = [];
	const into = new Uint8Array(2 * PIECE);
	for (let at = 0; at < blob.length; at += PIECE) {
		unpacker.push(blob.subarray(at, at + PIECE));
		for (let made = unpacker.take(into); made > 0; made = unpacker.take(into)) pieces.push(into.slice(0, made));
	}
	unpacker.finish();
	return pieces;
}

function tarFacts(hasher, pieces) {
	for (const piece of pieces) hasher.push(piece);
	hasher.finish();
}
