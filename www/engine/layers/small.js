// blob bytes -> verdict. Reads a layer in this thread: a small one with the host's hashes, any other with the module's.

/**
 * @typedef {import("../../types.js").LayerSpec} LayerSpec
 * @typedef {import("../../types.js").LayerVerdict} LayerVerdict
 * @typedef {import("../../types.js").DataModule} Module
 */

/** The time that the host may take for a hash, in milliseconds: it needs some 10 for the largest. */
const PATIENCE = 5000;

/** Buffers for blobs that no reader uses at the moment. @type {Uint8Array<ArrayBuffer>[]} */
const spare = [];

/** @type {Promise<boolean> | undefined} */
let agreed;

/** A reader of a layer. @param {Module} module @param {LayerSpec} spec @returns {Promise<SmallFirst>} */
export async function readerOf(module, spec) {
	agreed ??= hostAgrees(module);
	return new SmallFirst(module, spec, (await agreed) ? module.SmallReader.of(spec) : undefined);
}

/** Keeps the blob while the layer is small; reads it with the module's own hashes as soon as it is not. */
class SmallFirst {
	/** @type {Module} */
	#module;
	/** @type {LayerSpec} */
	#spec;
	/** @type {import("../../types.js").SmallReader | undefined} */
	#small;
	/** @type {InstanceType<Module["LayerReader"]> | undefined} */
	#own;
	/** @type {Uint8Array<ArrayBuffer>} */
	#kept = new Uint8Array(0);
	#filled = 0;

	/** @param {Module} module @param {LayerSpec} spec @param {import("../../types.js").SmallReader | undefined} small */
	constructor(module, spec, small) {
		[this.#module, this.#spec, this.#small] = [module, spec, small];
		if (!small) this.#own = new module.LayerReader(spec);
		else this.#kept = roomFor(spec.size ?? 0);
	}

	/** @param {Uint8Array} piece */
	push(piece) {
		const fits = this.#filled + piece.length <= this.#kept.length;
		if (!this.#small || !fits) return this.#withOwn().push(piece);
		this.#kept.set(piece, this.#filled);
		this.#filled += piece.length;
		if (!this.#small.push(piece)) this.#withOwn();
	}

	/** @param {string} encoding */
	decoded(encoding) {
		this.#withOwn().decoded(encoding);
	}

	get unending() {
		return this.#own?.unending ?? false;
	}

	get unpacked() {
		return this.#own?.unpacked ?? this.#small?.unpacked ?? 0;
	}

	/** @returns {Promise<LayerVerdict>} */
	async finish() {
		const small = this.#small;
		const found = small && (await hostVerdict(small, this.#kept.subarray(0, this.#filled)));
		return found ?? this.#withOwn().finish();
	}

	index() {
		return this.#reader.index();
	}

	/** @param {number} most */
	entries(most) {
		return this.#reader.entries(most);
	}

	free() {
		this.#leave();
		this.#own?.free();
	}

	get #reader() {
		return /** @type {import("../../types.js").Listing} */ (this.#own ?? this.#small);
	}

	/** The module's own reader, which has read all that came. */
	#withOwn() {
		if (!this.#own) {
			const blob = this.#kept.subarray(0, this.#filled);
			// First the memory of the one, then that of the other: a module's memory never shrinks.
			this.#leave();
			this.#own = new this.#module.LayerReader(this.#spec);
			this.#own.push(blob);
		}
		return this.#own;
	}

	#leave() {
		this.#small?.free();
		this.#small = undefined;
		if (this.#kept.length > 0) spare.push(this.#kept);
		this.#kept = new Uint8Array(0);
	}
}

/** A buffer of at least that many bytes. @param {number} size */
function roomFor(size) {
	const room = spare.pop();
	return room && room.length >= size ? room : new Uint8Array(size);
}

/**
 * The verdict, if the host's hashes are the digests that are named.
 * @param {import("../../types.js").SmallReader} small @param {Uint8Array<ArrayBuffer>} blob
 * @returns {Promise<LayerVerdict | undefined>}
 */
async function hostVerdict(small, blob) {
	const [ofBlob = "", ofTar = ""] = small.algorithms();
	try {
		const [first, second] = await Promise.all([hostHash(ofBlob, blob), hostHash(ofTar, small.tar())]);
		return small.finish(first, second);
	} catch {
		return undefined;
	}
}

/** A hash that the browser or Node computes. @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} */
async function hostHash(name, bytes) {
	/** @type {any} */
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error("the host gives no hash")), PATIENCE);
	});
	try {
		return new Uint8Array(
			await Promise.race([crypto.subtle.digest(name, bytes), /** @type {Promise<never>} */ (late)]),
		);
	} finally {
		clearTimeout(timer);
	}
}

/** True if the host hashes as the module does, tested with bytes that could not be known before. @param {Module} module */
async function hostAgrees({ confirms }) {
	if (!globalThis.crypto?.subtle) return false;
	const bytes = crypto.getRandomValues(new Uint8Array(1000));
	return hostHash("SHA-256", bytes).then(
		(hash) => confirms(bytes, hash),
		() => false,
	);
}
