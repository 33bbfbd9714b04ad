// Report -> files. A layer with a table of contents that its manifest proves, listed and read by parts of its blob.

import { coded } from "../../lib/coded.js";
import { placesOf } from "../archives/places.js";
import { createExplorer } from "../layers/files-handle.js";
import { specOf } from "../layers/merge.js";
import { talk } from "../layers/pool.js";
import { part } from "../layers/ranges.js";
import { slices } from "../layers/slices.js";
import { aborted } from "../session.js";
import { standingLayer } from "./standing.js";

/**
 * @param {import("../../types.js").Report} report @param {string} id of the layer's node
 * @param {{ signal?: AbortSignal }} options @param {import("../layers/verify.js").Authorise} authorise
 * @returns {Promise<import("../../types.js").Peeked>}
 */
export async function peekLayer(report, id, { signal }, authorise) {
	if (signal?.aborted) throw aborted();
	const node = standingLayer(report, id);
	const place = placesOf(report)?.get(id);
	const spec = specOf(node, {}, place);
	const worker = await talk("peek");
	const told = { requests: 0, bytes: 0 };
	const ask = async (/** @type {string} */ name, /** @type {any[]} */ ...given) => {
		const { value, error } = await worker.ask(name, ...given);
		if (error) throw coded(error.code ?? "unknown", error.message, error);
		return value;
	};
	const fetched = async (/** @type {number} */ from, /** @type {number} */ to) => {
		if (from === to) return new Uint8Array();
		const source = { authorise: authorise.bind(null, spec.digest ?? ""), signal };
		told.requests += 1;
		const bytes = place?.bytes ? await local(place.bytes, from, to) : await part(source, from, to);
		if (!bytes) throw coded("no-ranges", "the registry serves no parts of a blob");
		told.bytes += bytes.length;
		return bytes;
	};
	/** @type {Awaited<ReturnType<typeof createExplorer>> | undefined} */
	let files;
	const close = () => {
		files?.close();
		worker.close();
	};
	try {
		const kind = await ask("begin", spec);
		if (!kind) throw coded("unsupported-input", "the manifest promises no table of contents of this layer");
		for (let [from, to] = await ask("wants"); to !== undefined; [from, to] = await ask("wants"))
			await ask("give", await fetched(from, to));
		const index = await ask("index");
		const known = { id, position: 0, digest: spec.digest ?? "", index, name: id };
		files = await createExplorer({ known: async () => [known], signal });
		const read = async (/** @type {number} */ at) => {
			const [from, to] = await ask("part", at);
			return ask("content", at, await fetched(from, to));
		};
		return { kind, files, read, close, told: () => ({ ...told }) };
	} catch (error) {
		close();
		throw signal?.aborted ? aborted() : error;
	}
}

/** @param {import("../archives/places.js").Bytes} bytes @param {number} from @param {number} to */
async function local(bytes, from, to) {
	if (bytes instanceof Uint8Array) return bytes.slice(from, to);
	if (!(bytes instanceof Blob)) throw coded("unsupported-input", "the layer lies in a compressed archive");
	const pieces = [];
	for await (const piece of slices(bytes.slice(from, to))) pieces.push(piece.slice());
	return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
