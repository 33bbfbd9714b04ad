// The part of the Worker's platform that Node lacks: streams of bytes that hold their writer back.

/** A part that was not read yet holds the next one back. */
const ONE = new CountQueuingStrategy({ highWaterMark: 1 });

class IdentityStream extends TransformStream {
	/** @param {Transformer} [transformer] */
	constructor(transformer = {}) {
		super(transformer, ONE, new CountQueuingStrategy({ highWaterMark: 0 }));
	}
}

/** Ends only after the bytes that were announced. */
class FixedStream extends IdentityStream {
	/** @param {number} length */
	constructor(length) {
		let left = length;
		super({
			transform(chunk, controller) {
				left -= chunk.byteLength;
				if (left < 0) throw new Error("more bytes than were announced");
				controller.enqueue(chunk);
			},
			flush() {
				if (left > 0) throw new Error("fewer bytes than were announced");
			},
		});
	}
}

Object.assign(globalThis, { IdentityTransformStream: IdentityStream, FixedLengthStream: FixedStream });
