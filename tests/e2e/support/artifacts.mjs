// Off the line, under the tests of artifacts: a wasm module, and models of which only the heads are real.

import { gzipSync } from "node:zlib";
import { sha256 } from "./documents.mjs";
import { tarOf } from "./pairs.mjs";

/** A module that imports the function `env.log` and exports its memory. */
export const WASM = Buffer.from(
	"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0b\x01\x03env\x03log\0\0\x05\x03\x01\0\x01\x07\x0a\x01\x06memory\x02\0",
	"latin1",
);

/** @param {number} number */
const u32 = (number) => Buffer.from(Uint32Array.of(number).buffer);
/** @param {number} number */
const u64 = (number) => Buffer.from(BigUint64Array.of(BigInt(number)).buffer);
/** @param {string} text */
const text = (text) => Buffer.concat([u64(text.length), Buffer.from(text)]);

/** A model as GGUF with so many words and weights. @param {number} words @param {number} [weights] in bytes */
export function gguf(words, weights = 0) {
	const tokens = Array.from({ length: words }, (_, at) => text(`token${at}`));
	const values = [
		[text("general.architecture"), u32(8), text("llama")],
		[text("general.file_type"), u32(4), u32(15)],
		[text("llama.context_length"), u32(4), u32(8192)],
		[text("tokenizer.ggml.tokens"), u32(9), u32(8), u64(words), ...tokens],
	];
	const tensor = [text("token_embd.weight"), u32(2), u64(64), u64(words), u32(12), u64(0)];
	const head = ["GGUF", u32(3), u64(1), u64(values.length), ...values.flat(), ...tensor];
	return Buffer.concat([...head.map((one) => Buffer.from(one)), Buffer.alloc(weights, 7)]);
}

/** A model as safetensors. @param {number} bytes of weights, two a number */
export function safetensors(bytes) {
	const header = JSON.stringify({ w: { dtype: "BF16", shape: [bytes / 2], data_offsets: [0, bytes] } });
	return Buffer.concat([u64(header.length), Buffer.from(header), Buffer.alloc(bytes)]);
}

/**
 * An eStargz layer: filling, the files each in a gzip member of its own, a table of contents, a footer.
 * @param {Record<string, string>} files @param {Buffer} [filling] that comes first
 * @returns {{ blob: Buffer, digest: string, tail: Buffer }} `digest`: of the table; `tail`: all behind the filling
 */
export function stargz(files, filling = Buffer.alloc(0), length = filling.length) {
	const pieces = [];
	let at = length;
	const add = (/** @type {Buffer} */ piece) => {
		pieces.push(piece);
		at += piece.length;
	};
	const entries = Object.entries(files).map(([name, content]) => {
		const offset = at;
		add(gzipSync(content));
		const digest = sha256(content);
		return { name, type: "reg", mode: 0o644, size: content.length, offset, digest, chunkDigest: digest };
	});
	const toc = JSON.stringify({ version: 1, entries });
	const place = at;
	add(gzipSync(tarOf([["stargz.index.json", toc]])));
	const digits = place.toString(16).padStart(16, "0");
	add(
		Buffer.from(
			`\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0${digits}STARGZ\x01\0\0\xff\xff\0\0\0\0\0\0\0\0`,
			"latin1",
		),
	);
	const tail = Buffer.concat(pieces);
	return { blob: Buffer.concat([filling, tail]), digest: sha256(toc), tail };
}
