// Computes every digest and every link of one image from its bytes as the reader has changed them; the core hashes.

import { encode, fileIn, gunzip, gzip, joined, withFile } from "./tar.js";

/**
 * @typedef {typeof import("../api.js").open} Open
 * @typedef {import("../types.js").Node} Node
 * @typedef {"config" | "manifest" | "index"} Document
 * @typedef {{ file: string, again: boolean, config: string, manifest: string, index: string }} Texts what the reader may
 *   change; `again`: the layer is compressed in another way
 * @typedef {{ digest?: string, size: number }} Sized no digest if the bytes are no document any more
 * @typedef {Sized & { diffId?: string, diffIds: string[], names: Node[], fault?: import("../types.js").Check }} Part
 * @typedef {{ id: string, by: Document, named?: string, namedSize?: number | null, found: Sized, fits: boolean }} Link
 * @typedef {{ tar: Sized, layer: Sized, base: Sized, digests: Record<Id, string | undefined>, parts: Record<Document, Part>,
 *   links: Link[] }} Results
 * @typedef {typeof IDS[number]} Id
 */

/** The subjects of digests, from the file up. */
export const IDS = /** @type {const} */ ([
	"diffId",
	"layer",
	"chainId",
	"config",
	"manifest",
	"index",
	"baseDiffId",
	"base",
]);

const FILES = {
	index: "hello/index.json",
	manifest: "hello/manifest-amd64.json",
	config: "hello/config-amd64.json",
	base: "hello/layer-1-amd64.tar.gz",
	app: "hello/layer-2-amd64.tar.gz",
};

/** The file that the reader may change, in the second layer. */
export const FILE = "srv/greeting.txt";

export class Lesson {
	/** @param {Open} open @param {Record<keyof typeof FILES, Uint8Array>} bytes @param {Uint8Array} tar of the second layer */
	constructor(open, bytes, tar) {
		this.open = open;
		this.bytes = bytes;
		this.tar = tar;
		const text = (/** @type {Uint8Array} */ one) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(one);
		const { config, manifest, index } = bytes;
		/** @type {Texts} */
		this.first = {
			file: text(fileIn(tar, FILE)),
			again: false,
			config: text(config),
			manifest: text(manifest),
			index: text(index),
		};
		/** @type {Promise<Part> | undefined} */
		this.base = undefined;
	}

	/** @param {Open} open @param {URL | string} folder of the samples @param {typeof fetch} [get] */
	static async of(open, folder, get = fetch) {
		const loads = Object.entries(FILES).map(async ([name, path]) => {
			const answer = await get(new URL(path, folder));
			if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
			return [name, new Uint8Array(await answer.arrayBuffer())];
		});
		const bytes = Object.fromEntries(await Promise.all(loads));
		return new Lesson(open, bytes, await gunzip(bytes.app));
	}

	/** @param {Texts} texts @returns {Promise<Results>} */
	async results(texts) {
		const tar = texts.file === this.first.file ? this.tar : withFile(this.tar, FILE, encode(texts.file));
		const layer = await this.compressed(tar, texts.again);
		this.base ??= this.read(this.bytes.base);
		const documents = [texts.config, texts.manifest, texts.index].map((text) => this.read(encode(text)));
		const [base, app, config, manifest, index] = await Promise.all([this.base, this.read(layer), ...documents]);
		if (!base || !app || !config || !manifest || !index) throw new Error("unreachable");
		const digests = {
			diffId: app.diffId,
			layer: app.digest,
			chainId: await this.chainId(encode(texts.config), config),
			config: config.digest,
			manifest: manifest.digest,
			index: index.digest,
			baseDiffId: base.diffId,
			base: base.digest,
		};
		const links = linksOf({ base, app, config, manifest, index });
		return {
			tar: { digest: app.diffId, size: tar.length },
			layer: app,
			base,
			digests,
			parts: { config, manifest, index },
			links,
		};
	}

	/** The layer as it came if nothing was changed: every gzip writes other bytes. @param {Uint8Array} tar @param {boolean} again */
	async compressed(tar, again) {
		const packed = tar === this.tar ? this.bytes.app : await gzip(tar);
		// A second, empty member: the same tar comes out of it.
		return again ? joined(packed, await gzip(new Uint8Array())) : packed;
	}

	/** @param {Uint8Array} bytes @returns {Promise<Part>} */
	async read(bytes) {
		const { nodes } = await this.open(bytes);
		const [root, ...names] = nodes;
		const fault = root?.checks.find(({ id, outcome }) => id === "parse" && outcome === "fail");
		const { digest, diffId, diffIds = [] } = root ?? {};
		return { digest: digest ?? undefined, size: bytes.length, diffId, diffIds, names, fault };
	}

	/** The core says ChainIDs of layers, so a manifest is made that names this config and as many layers. @param {Uint8Array} bytes @param {Part} config */
	async chainId(bytes, { digest, size, diffIds }) {
		if (!digest || diffIds.length < 2) return undefined;
		const type = "application/vnd.oci.image";
		const layers = diffIds.map((one) => ({ mediaType: `${type}.layer.v1.tar`, digest: one, size: 0 }));
		const about = { mediaType: `${type}.config.v1+json`, digest, size };
		const manifest = { schemaVersion: 2, mediaType: `${type}.manifest.v1+json`, config: about, layers };
		const { nodes } = await this.open([encode(JSON.stringify(manifest)), bytes]);
		return nodes.filter(({ chainId }) => chainId)[1]?.chainId;
	}
}

/** @param {Record<Document | "base" | "app", Part>} parts @returns {Link[]} */
function linksOf({ base, app, config, manifest, index }) {
	/** @param {Document} by @param {string} id @param {Sized} found @param {string | null} [named] @param {number | null} [namedSize] */
	const link = (by, id, found, named, namedSize) => {
		const fits = !!named && named === found.digest && (namedSize === undefined || namedSize === found.size);
		return { id: `${by}.${id}`, by, named: named ?? undefined, namedSize, found, fits };
	};
	/** @param {Document} by @param {string} id @param {Sized} found @param {Node} [node] */
	const described = (by, id, found, node) => link(by, id, found, node?.digest, node?.size ?? null);
	const layers = manifest.names.filter(({ kind }) => kind === "layer");
	return [
		link("config", "base", { digest: base.diffId, size: 0 }, config.diffIds[0]),
		link("config", "app", { digest: app.diffId, size: 0 }, config.diffIds[1]),
		described(
			"manifest",
			"config",
			config,
			manifest.names.find(({ kind }) => kind === "config"),
		),
		described("manifest", "base", base, layers[0]),
		described("manifest", "app", app, layers[1]),
		described("index", "manifest", manifest, index.names[0]),
	];
}
