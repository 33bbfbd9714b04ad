// file content -> www. Chooses how to show a file's content, by its bytes; text is decoded here.

import { pictureOf } from "../../formats/image-kind.js";

/**
 * @typedef {"text" | "hex" | "image" | "elf" | "json"} Way
 * @typedef {"utf-8" | "utf-16le" | "utf-16be" | "latin1"} Encoding
 * @typedef {object} Shown
 * @property {Way[]} ways the best first
 * @property {import("../../formats/image-kind.js").Picture} [picture]
 * @property {Encoding} encoding
 */

/** The number of bytes that are looked at to tell text from other bytes, as git does. */
const LOOK = 8000;
/** The most bytes that are decoded as text: more would hold up the page. */
export const MAX_TEXT = 16 * 1024 * 1024;
/** The share of control characters that a text may have among those. */
const ODD = 0.02;

/**
 * @param {Uint8Array} bytes
 * @param {boolean} truncated whether more follows: then a character may be cut at the end
 * @param {boolean} [elf] whether the core found it to be an ELF file
 * @returns {Shown}
 */
export function shownAs(bytes, truncated, elf = false) {
	const picture = pictureOf(bytes);
	const encoding = encodingOf(bytes.subarray(0, MAX_TEXT), truncated || bytes.length > MAX_TEXT);
	if (picture) return { ways: ["image", "hex"], picture, encoding };
	if (elf) return { ways: ["elf", "hex", "text"], encoding };
	if (!isText(bytes, encoding)) return { ways: ["hex", "text"], encoding };
	return { ways: opensAsJson(bytes, encoding) ? ["json", "text", "hex"] : ["text", "hex"], encoding };
}

/** @param {Uint8Array} bytes @param {boolean} truncated @returns {Encoding} */
export function encodingOf(bytes, truncated) {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: truncated });
		return "utf-8";
	} catch {
		return "latin1";
	}
}

/**
 * The text, with every byte accounted for: Latin-1 is read byte by byte, since what browsers call so is another encoding.
 * @param {Uint8Array} bytes @param {Encoding} encoding
 */
export function textOf(bytes, encoding) {
	if (encoding !== "latin1") return new TextDecoder(encoding).decode(bytes);
	let text = "";
	for (let at = 0; at < bytes.length; at += LOOK) text += String.fromCharCode(...bytes.subarray(at, at + LOOK));
	return text;
}

/** @param {Uint8Array} bytes @param {Encoding} encoding */
function isText(bytes, encoding) {
	if (encoding.startsWith("utf-16")) return true;
	const look = bytes.subarray(0, LOOK);
	if (look.includes(0)) return false;
	const odd = look.filter(
		(byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27,
	);
	return odd.length <= look.length * ODD;
}

/** @param {Uint8Array} bytes @param {Encoding} encoding */
function opensAsJson(bytes, encoding) {
	if (encoding !== "utf-8") return false;
	const text = new TextDecoder().decode(bytes.subarray(0, LOOK)).trimStart();
	return (
		/^(\{\s*("|\}|$)|\[\s*([\]{["\d-]|true|false|null|$))/.test(text) && !/^\[[^\]\n]*\]\s*\n\s*[^\s,\]]/.test(text)
	);
}
