// The Worker's way back: a body is passed on by the platform where its length is known, and counted where it is not.

/**
 * @param {Response} response
 * @param {number} most bytes
 * @returns {ReadableStream | null}
 */
export function bounded(response, most) {
	// HTTP holds the body to its length, and that was compared before; counting would cost time for every byte.
	if (!response.body || response.headers.has("content-length")) return response.body;
	let seen = 0;
	return response.body.pipeThrough(
		new TransformStream({
			/** @param {Uint8Array} chunk @param {TransformStreamDefaultController} out */
			transform(chunk, out) {
				seen += chunk.byteLength;
				if (seen > most) out.error(new Error(`the registry sends more than ${most} bytes`));
				else out.enqueue(chunk);
			},
		}),
	);
}
