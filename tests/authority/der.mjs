// DER for the tests' own authority: as much as its certificates and timestamps need.

/** @param {number} size */
const length = (size) => (size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]);

/** One value. @param {number} tag @param {(Buffer | Uint8Array | number[])[]} parts its content */
export function tlv(tag, ...parts) {
	const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
	return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

/** @param {(Buffer | number[])[]} parts */
export const sequence = (...parts) => tlv(0x30, ...parts);
/** @param {(Buffer | number[])[]} parts */
export const setOf = (...parts) => tlv(0x31, ...parts);
/** @param {(Buffer | number[])[]} parts */
export const octets = (...parts) => tlv(0x04, ...parts);
/** @param {Buffer} bytes */
export const bits = (bytes) => tlv(0x03, [0], bytes);
/** @param {string} text */
export const utf8 = (text) => tlv(0x0c, Buffer.from(text));
/** A value behind a tag of its context. @param {number} number @param {Buffer[]} parts */
export const context = (number, ...parts) => tlv(0xa0 + number, ...parts);
export const TRUE = tlv(0x01, [0xff]);
export const NULL = tlv(0x05);

/** A number that is not negative. @param {number | Buffer} value */
export function integer(value) {
	const written = typeof value === "number" ? value.toString(16) : value.toString("hex");
	// DER takes no more bytes than the number needs.
	const hex = written.replace(/^(00)+(?=..)/, "");
	const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
	return tlv(0x02, Number(bytes[0]) & 0x80 ? [0] : [], bytes);
}

/** @param {string} text as `1.2.840` */
export function oid(text) {
	const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
	const arc = (/** @type {number} */ value) => {
		const bytes = [value & 0x7f];
		for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
			bytes.unshift((left & 0x7f) | 0x80);
		return bytes;
	};
	return tlv(0x06, [first * 40 + second, ...rest.flatMap(arc)]);
}

/** `20261128225248Z` @param {Date} date */
const moment = (date) => date.toISOString().replace(/\.\d+|[-:T]/g, "");
/** As certificates have it until 2049. @param {Date} date */
export const utcTime = (date) => tlv(0x17, Buffer.from(moment(date).slice(2)));
/** @param {Date} date */
export const generalizedTime = (date) => tlv(0x18, Buffer.from(moment(date)));
