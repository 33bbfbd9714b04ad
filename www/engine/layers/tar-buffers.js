// Off the line, under www/engine/layers/read.js: the buffers that go from one half to the other and come back.

/** One buffer of tar bytes on its way between the halves, in bytes, and how many are on their way at most. */
const BUFFER = 512 * 1024;
const BUFFERS = 6;

/**
 * The buffers that are not on their way, in the order in which they came back: the one that is being filled stays the
 * first, even if others come back meanwhile.
 * @param {MessagePort} port
 */
export function tarBuffers(port) {
	const free = Array.from({ length: BUFFERS }, () => new Uint8Array(BUFFER));
	/** @type {(() => void) | undefined} */
	let wake;
	port.onmessage = ({ data }) => {
		free.push(data);
		wake?.();
	};
	const look = async () => {
		while (free.length === 0) await new Promise((resume) => (wake = () => resume(undefined)));
		return /** @type {Uint8Array<ArrayBuffer>} */ (free[0]);
	};
	const take = async () => {
		await look();
		return /** @type {Uint8Array<ArrayBuffer>} */ (free.shift());
	};
	return { look, take };
}

/**
 * Takes what the first half hands over, to its end: what that found out, or why it failed.
 * @param {MessagePort} port @param {(piece: Uint8Array) => void} take
 * @returns {Promise<{ unpacked?: unknown, failed?: string }>}
 */
export async function tarFrom(port, take) {
	try {
		return await new Promise((resolve, reject) => {
			port.onmessage = ({ data }) => {
				if (!data.buffer) return data.broken ? reject(new Error(data.broken)) : resolve(data);
				try {
					take(data.buffer.subarray(0, data.filled));
					port.postMessage(data.buffer, [data.buffer.buffer]);
				} catch (error) {
					reject(error);
				}
			};
		});
	} finally {
		port.close();
	}
}
