// Parts of a blob -> a layer's list, in a data worker or in Node's own thread. Errors are data, so that they keep their codes.

import { asData, coded } from "../../lib/coded.js";
import { reading } from "../core.js";
import { each, tell } from "../layers/read.js";

/** Layers that are looked at in this thread, by the caller's number. @type {Map<string, any>} */
const peeks = new Map();

/** One call of `Peek`, or `close`. @param {string} id @param {string} name @param {any[]} given @returns {Promise<{ value?: any, error?: import("../../lib/coded.js").ErrorData }>} */
export async function peek(id, name, given) {
	try {
		if (name === "close") {
			peeks.get(id)?.free();
			return { value: peeks.delete(id) };
		}
		if (name !== "begin") return { value: peeks.get(id)[name](...given) };
		const { Peek } = await reading();
		const made = Peek.of(given[0]);
		if (made) peeks.set(id, made);
		return { value: made?.kind };
	} catch (/** @type {any} */ error) {
		return { error: asData(error) };
	}
}

/**
 * The first entry of that path. Nothing of the blob beyond it is asked for, but of a hard link the layer is read once more, up
 * to the entry before it that it names.
 * @param {import("../layers/read.js").Job & { path: string, most: number }} job @param {import("../layers/read.js").Hooks} hooks
 * @returns {Promise<{ value: object } | { error: import("../../lib/coded.js").ErrorData }>}
 */
export async function peekFile(job, hooks) {
	const { Extractor } = await reading();
	try {
		const found = await upTo(job, hooks, Extractor.first(job.spec, job.path, job.most));
		const { kind, target, at } = found;
		if (kind !== "link") return { value: found };
		if (target === undefined) throw coded("not-found", "the hard link names no entry before it");
		const content = await upTo(job, hooks, new Extractor(job.spec, target, job.most));
		return { value: { ...content, at, read: Math.max(found.read, content.read) } };
	} catch (/** @type {any} */ error) {
		if (hooks.signal?.aborted) throw error;
		return { error: asData(error) };
	}
}

/** @param {import("../layers/read.js").Job} job @param {import("../layers/read.js").Hooks} hooks @param {any} extractor @returns {Promise<any>} */
async function upTo(job, hooks, extractor) {
	let read = 0;
	const reader = {
		decoded: (/** @type {string} */ encoding) => extractor.decoded(encoding),
		get unending() {
			return extractor.settled || extractor.unending;
		},
	};
	try {
		const failed = await each(job, hooks, reader, (piece) => {
			read += piece.length;
			extractor.push(piece);
			return read;
		});
		const facts = extractor.facts();
		if (facts.at === undefined) throw absent(failed ?? wrong(extractor));
		if (facts.kind === "cut") throw coded("not-found", failed ?? "the layer ends or cannot be read within the file");
		return await tell(extractor, (content) => ({ ...content, read, check: extractor.stopped(read) }));
	} finally {
		extractor.free();
	}
}

/** Why a layer that was read to its end is not the promised one. @param {any} extractor */
function wrong(extractor) {
	if (extractor.settled) return "it cannot be read as a tar any further";
	const { checks } = extractor.finish();
	return checks.find((/** @type {import("../../types.js").Check} */ { outcome }) => outcome === "fail")?.message;
}

/** @param {string} [why] */
const absent = (why) => coded("not-found", `the layer has no entry of that path${why ? `: ${why}` : ""}`);
