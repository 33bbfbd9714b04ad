// Off the line: a text in an address and back, compressed by the browser's own deflate.

import { coded } from "./coded.js";

/** The longest text in an address, in characters of the address: longer ones are cut by mail programs and chats. */
export const LONGEST = 32 * 1024;
/** The largest text that an address is unpacked to: what the core takes apart. */
const LARGEST = 16 * 1024 * 1024;

/** @param {string} text @returns {Promise<string>} in base64url */
export async function packed(text) {
	const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
	const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
	const parts = [];
	for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
	return btoa(parts.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} code @returns {Promise<string>} rejects for what is no such text, or a larger one */
export async function unpacked(code) {
	const raw = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
	const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
	const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	let [text, size] = ["", 0];
	for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
		size += piece.value.length;
		if (size > LARGEST) throw coded("limit-exceeded", "the text in the address is too large");
		text += decoder.decode(piece.value, { stream: true });
	}
	return text + decoder.decode();
}
