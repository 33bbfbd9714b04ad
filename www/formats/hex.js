// Verified -> www. Bytes as lines of hex and text.

const WIDTH = 16;

/** @param {Uint8Array} bytes */
export const hexLineCount = (bytes) => Math.ceil(bytes.length / WIDTH);

/**
 * One line of 16 bytes.
 * @param {Uint8Array} bytes
 * @param {number} index
 */
export function hexLine(bytes, index) {
	const part = [...bytes.subarray(index * WIDTH, (index + 1) * WIDTH)];
	const digits = part.map((byte) => byte.toString(16).padStart(2, "0"));
	const hex = `${digits.slice(0, 8).join(" ")}  ${digits.slice(8).join(" ")}`;
	return {
		offset: (index * WIDTH).toString(16).padStart(8, "0"),
		hex: hex.padEnd(WIDTH * 3, " "),
		text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(""),
	};
}
