// Verified layers' indexes between visits, in IndexedDB: capped, the oldest out, quiet if it is broken.

import { openDB } from "idb";

/**
 * @typedef {{ compression?: "none" | "gzip" | "zstd" | "xz", unpacked: number, entryCount: number, fileBytes: number, toc?: "estargz" | "zstd:chunked" }} Facts
 * @typedef {{ index: Uint8Array, facts: Facts, at: number }} Kept `at`: when it was verified, in milliseconds since 1970
 * @typedef {{ key: string, bytes: number, at: number }} Size
 * @typedef {object} Store as much of a database as is needed here
 * @property {(key: string) => Promise<unknown>} get
 * @property {(key: string, kept: Kept & { form: number, mac: ArrayBuffer }, bytes: number) => Promise<unknown>} put
 * @property {() => Promise<Size[]>} sizes
 * @property {(key: string) => Promise<unknown>} remove
 * @property {() => Promise<unknown>} clear
 * @property {(bytes: Uint8Array) => Promise<ArrayBuffer>} seal the MAC of bytes
 * @property {(bytes: Uint8Array, mac: BufferSource) => Promise<boolean>} holds whether it is theirs
 */

/** The most that is kept, in bytes: a million files or so. */
export const LIMIT = 64 * 1024 * 1024;

/** The form of what is kept: another one is not read. */
const FORM = 3;

/** The time that the browser's database may take, in milliseconds; one that is blocked never answers. */
const PATIENCE = 3000;

export class Cache {
	/** @param {() => Promise<Store>} open @param {number} [limit] @param {number} [patience] */
	constructor(open, limit = LIMIT, patience = PATIENCE) {
		this.open = open;
		this.limit = limit;
		this.patience = patience;
		/** @type {Promise<Store> | undefined} */
		this.opened = undefined;
		this.broken = false;
	}

	/** @param {string} key @returns {Promise<Kept | undefined>} */
	async get(key) {
		return this.#quietly(undefined, async (store) => {
			const kept = await store.get(key);
			if (kept === undefined) return kept;
			if (isKept(kept) && (await store.holds(sealed(key, kept), kept.mac))) return kept;
			await store.remove(key);
			return undefined;
		});
	}

	/** @param {string} key @param {Omit<Kept, "at">} kept */
	async put(key, kept) {
		const bytes = kept.index.length + key.length;
		if (bytes > this.limit) return;
		await this.#quietly(undefined, async (store) => {
			const whole = { ...kept, at: Date.now(), form: FORM };
			await store.put(key, { ...whole, mac: await store.seal(sealed(key, whole)) }, bytes);
			const sizes = (await store.sizes()).sort((one, other) => one.at - other.at);
			let total = sizes.reduce((sum, size) => sum + size.bytes, 0);
			for (const oldest of sizes) {
				if (total <= this.limit) break;
				if (oldest.key === key) continue;
				await store.remove(oldest.key);
				total -= oldest.bytes;
			}
		});
	}

	/** @returns {Promise<{ bytes: number, layers: number, limit: number }>} */
	async usage() {
		const sizes = await this.#quietly(/** @type {Size[]} */ ([]), (store) => store.sizes());
		return { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), layers: sizes.length, limit: this.limit };
	}

	async clear() {
		await this.#quietly(undefined, (store) => store.clear());
	}

	/**
	 * A cache that does not work is none: private windows, full disks, other tabs that block.
	 * @template T
	 * @param {T} otherwise @param {(store: Store) => Promise<any>} work @returns {Promise<T>}
	 */
	async #quietly(otherwise, work) {
		if (this.broken) return otherwise;
		/** @type {any} */
		let timer;
		const patience = new Promise((_, reject) => {
			timer = setTimeout(() => reject(new Error("the database does not answer")), this.patience);
		});
		try {
			this.opened ??= this.open();
			return await Promise.race([this.opened.then(work), patience]);
		} catch {
			this.broken = true;
			return otherwise;
		} finally {
			clearTimeout(timer);
		}
	}
}

/**
 * True if it has the form that this program keeps: another version of it, or anything else on this origin, may have written it.
 * @param {any} found @returns {found is Kept & { mac: ArrayBuffer }}
 */
function isKept(found) {
	const counts = [found?.facts?.unpacked, found?.facts?.entryCount, found?.facts?.fileBytes, found?.at];
	return (
		found?.form === FORM &&
		found.index instanceof Uint8Array &&
		found.mac instanceof ArrayBuffer &&
		counts.every((count) => Number.isSafeInteger(count))
	);
}

/**
 * All that is kept, under the key that it is kept for: no part of it can be exchanged.
 * @param {string} key @param {Kept} kept
 */
function sealed(key, { index, facts, at }) {
	const { compression, unpacked, entryCount, fileBytes, toc } = facts;
	const told = JSON.stringify([FORM, key, at, compression, unpacked, entryCount, fileBytes, toc, index.length]);
	const head = new TextEncoder().encode(told);
	const whole = new Uint8Array(head.length + index.length);
	whole.set(head);
	whole.set(index, head.length);
	return whole;
}

export const cache = new Cache(database);

/**
 * The key of the MACs, made once in each browser: scripts of this origin may use it, none can read it or take it along. It
 * keeps out what other programs of the origin write, and what was changed on the disk; it is no proof of a layer.
 * @param {import("idb").IDBPDatabase} db
 */
async function macKey(db) {
	const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
	// Of two tabs the first one's key stays.
	const change = db.transaction("keys", "readwrite");
	const key = (await change.store.get("mac")) ?? made;
	if (key === made) await change.store.put(made, "mac");
	await change.done;
	return /** @type {CryptoKey} */ (key);
}

/** @returns {Promise<Store>} */
async function database() {
	const db = await openDB("stowplan", 2, {
		upgrade(db, before) {
			if (before < 1) {
				db.createObjectStore("layers");
				// Apart, so that counting them loads no index.
				db.createObjectStore("sizes", { keyPath: "key" });
			}
			db.createObjectStore("keys");
		},
		// Another tab with a newer program waits for this one.
		blocking: (_now, _blocked, event) => /** @type {any} */ (event.target).close(),
	});
	const key = await macKey(db);
	/** @param {(layers: any, sizes: any) => unknown} work */
	const write = async (work) => {
		const change = db.transaction(["layers", "sizes"], "readwrite");
		work(change.objectStore("layers"), change.objectStore("sizes"));
		await change.done;
	};
	return {
		get: (key) => db.get("layers", key),
		put: (key, kept, bytes) =>
			write((layers, sizes) => {
				layers.put(kept, key);
				sizes.put({ key, bytes, at: kept.at });
			}),
		sizes: () => db.getAll("sizes"),
		remove: (key) => write((...stores) => stores.forEach((store) => void store.delete(key))),
		clear: () => write((...stores) => stores.forEach((store) => void store.clear())),
		seal: (bytes) => crypto.subtle.sign("HMAC", key, /** @type {BufferSource} */ (bytes)),
		holds: (bytes, mac) => crypto.subtle.verify("HMAC", key, mac, /** @type {BufferSource} */ (bytes)),
	};
}
