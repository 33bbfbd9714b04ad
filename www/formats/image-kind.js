// file content -> www. Tells the format of an image file by its first bytes, never by its name, and its width and height.

/**
 * @typedef {{ type: "image/png" | "image/jpeg" | "image/gif" | "image/webp", width?: number, height?: number }} Picture
 */

/** The most segments of a JPEG that are passed over to find its size. */
const MAX_SEGMENTS = 500;

/**
 * SVG is none of these: it is a program, and shown as text.
 * @param {Uint8Array} bytes
 * @returns {Picture | undefined}
 */
export function pictureOf(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	try {
		if (starts(bytes, "\x89PNG\r\n\x1a\n"))
			return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
		if (starts(bytes, "GIF87a") || starts(bytes, "GIF89a")) {
			return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
		}
		if (starts(bytes, "\xff\xd8\xff")) return { type: "image/jpeg", ...jpegSize(view) };
		if (starts(bytes, "RIFF") && starts(bytes.subarray(8), "WEBP"))
			return { type: "image/webp", ...webpSize(bytes, view) };
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	return undefined;
}

/** @param {Uint8Array} bytes @param {string} magic one character a byte */
const starts = (bytes, magic) => [...magic].every((character, index) => bytes[index] === character.charCodeAt(0));

/** The frame header says it; every other segment says how long it is. @param {DataView} view */
function jpegSize(view) {
	for (let at = 2, seen = 0; at + 9 < view.byteLength && seen < MAX_SEGMENTS; seen++) {
		if (view.getUint8(at) !== 0xff) return {};
		const marker = view.getUint8(at + 1);
		const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
		at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
	}
	return {};
}

/** @param {Uint8Array} bytes @param {DataView} view */
function webpSize(bytes, view) {
	const chunk = bytes.subarray(12);
	if (starts(chunk, "VP8X")) return { width: 1 + int24(view, 24), height: 1 + int24(view, 27) };
	if (starts(chunk, "VP8L")) {
		const packed = view.getUint32(21, true);
		return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
	}
	if (starts(chunk, "VP8 "))
		return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
	return {};
}

/** @param {DataView} view @param {number} at */
const int24 = (view, at) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
