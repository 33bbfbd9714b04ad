// The Worker's way back: a body goes through piece by piece, counted, and ends where one side stands still.

/** How often it is looked at within the time that a side may stand still. */
const LOOKS = 4;
/** A reader may pause for longer than a registry: it may have to unpack what it has. */
const READERS_PATIENCE = 2;
/** What an encoded body may take as a whole, in times of standing still. */
const ENCODED = 10;

/** @typedef {import("./settings.js").Limits} Limits */

/**
 * @param {Response} response
 * @param {Limits} limits
 * @param {AbortController} controller of its request
 * @param {{ waitUntil(work: Promise<unknown>): void }} context
 * @returns {ReadableStream | null}
 */
export function bounded(response, limits, controller, context) {
	const { body, headers } = response;
	if (!body) return null;
	// Reading would decode it, and it could not be passed on as it came. Nobody asked for it, so it gets little time.
	if (headers.has("content-encoding")) {
		// The platform keeps no clock for what it passes on by itself, unless it is told to wait.
		context.waitUntil(after(ENCODED * limits.idleMs).then(() => controller.abort()));
		return headers.has("content-length") ? body : body.pipeThrough(counted(limits.body));
	}
	const length = headers.get("content-length");
	const { readable, writable } =
		length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
	pump(body.getReader(), writable.getWriter(), limits);
	return readable;
}

/**
 * Never ends a body that did not end itself: whoever waits for it sees a cut.
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {WritableStreamDefaultWriter<Uint8Array>} writer
 * @param {Limits} limits
 */
async function pump(reader, writer, { idleMs, wholeMs, body: most }) {
	const at = { quiet: 0, looks: 0, writing: false };
	/** @param {unknown} why */
	const cut = (why) => {
		clearInterval(clock);
		for (const ended of [writer.abort(why), reader.cancel(why)]) ended.catch(() => {});
	};
	const clock = setInterval(() => {
		at.looks++;
		if (++at.quiet >= LOOKS * (at.writing ? READERS_PATIENCE : 1)) cut(new Error("the body stands still"));
		else if ((at.looks * idleMs) / LOOKS >= wholeMs) cut(new Error("the answer took too long"));
	}, idleMs / LOOKS);
	try {
		for (let seen = 0; ; ) {
			const { done, value } = await reader.read();
			if (done) break;
			seen += value.byteLength;
			if (seen > most) throw new Error(`the registry sends more than ${most} bytes`);
			Object.assign(at, { quiet: 0, writing: true });
			await writer.write(value);
			Object.assign(at, { quiet: 0, writing: false });
		}
		clearInterval(clock);
		await writer.close();
	} catch (why) {
		cut(why);
	}
}

/** @param {number} milliseconds */
const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {number} most bytes */
function counted(most) {
	let seen = 0;
	return new TransformStream({
		/** @param {Uint8Array} chunk @param {TransformStreamDefaultController} out */
		transform(chunk, out) {
			seen += chunk.byteLength;
			if (seen > most) out.error(new Error(`the registry sends more than ${most} bytes`));
			else out.enqueue(chunk);
		},
	});
}
