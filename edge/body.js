// The Worker's way back: a body goes through piece by piece, counted, and ends where one side stands still.

/** The number of looks at a side within the time that it may stand still; a side that stands still may get one look more. */
const LOOKS = 4;
/** A reader may pause for longer than a registry: it may have to unpack what it has. */
const READERS_PATIENCE = 2;
/** The time that an encoded body may take as a whole, in times of standing still. */
const ENCODED = 10;

/** @typedef {import("./settings.js").Limits} Limits */
/** @typedef {import("./places.js").Place} Place */

/**
 * @param {Response} response
 * @param {Limits} limits
 * @param {AbortController} controller of its request
 * @param {{ waitUntil(work: Promise<unknown>): void }} context
 * @param {Place} place left once the body has ended
 * @returns {ReadableStream | null}
 */
export function bounded(response, limits, controller, context, place) {
	const { body, headers } = response;
	if (!body) return null;
	const length = headers.get("content-length");
	// Reading decodes it, and then it no longer has the length that it was sent with: it is passed on as it came. The platform
	// keeps no clock for that unless it is told to wait, and tells neither that the body is through nor that the client is
	// gone, so the wait lasts its whole time: a clock and no memory. No encoding was asked for, so that time is short.
	if (length !== null && headers.has("content-encoding")) {
		context.waitUntil(after(ENCODED * limits.idleMs).then(() => controller.abort()));
		return body;
	}
	const { readable, writable } =
		length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
	place.streams = true;
	place.renew(limits.idleMs);
	pump(body.getReader(), writable.getWriter(), limits, place);
	return readable;
}

/**
 * Never ends a body that did not end itself: its reader sees a cut.
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {WritableStreamDefaultWriter<Uint8Array>} writer
 * @param {Limits} limits
 * @param {Place} place
 */
async function pump(reader, writer, { idleMs, wholeMs, body: most, floor }, place) {
	const at = { quiet: 0, looks: 0, writing: false, waited: 0, taken: 0 };
	// Over as long as a reader may stand still, counted while bytes wait for it: a slow registry is not its fault.
	const [window, least] = [LOOKS * READERS_PATIENCE, (floor * READERS_PATIENCE * idleMs) / 1000];
	/** @param {unknown} why */
	const cut = (why) => {
		clearInterval(clock);
		place.leave();
		for (const ended of [writer.abort(why), reader.cancel(why)]) ended.catch(() => {});
	};
	const clock = setInterval(() => {
		at.looks++;
		place.renew(idleMs);
		// The first look may come right after a piece: only the one after the last finds the whole time gone.
		if (++at.quiet > LOOKS * (at.writing ? READERS_PATIENCE : 1)) cut(new Error("the body stands still"));
		else if (at.writing && ++at.waited > window && at.taken < least) cut(new Error("the reader is too slow"));
		else if ((at.looks * idleMs) / LOOKS >= wholeMs) cut(new Error("the answer took too long"));
		if (at.waited > window) Object.assign(at, { waited: 0, taken: 0 });
	}, idleMs / LOOKS);
	try {
		for (let seen = 0; ; ) {
			const { done, value } = await reader.read();
			if (done) break;
			seen += value.byteLength;
			if (seen > most) throw new Error(`the registry sends more than ${most} bytes`);
			Object.assign(at, { quiet: 0, writing: true });
			await writer.write(value);
			at.taken += value.byteLength;
			Object.assign(at, { quiet: 0, writing: false });
		}
		clearInterval(clock);
		// The client has yet to take the last piece.
		await writer.close();
		place.leave();
	} catch (why) {
		cut(why);
	}
}

/** @param {number} milliseconds */
const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
