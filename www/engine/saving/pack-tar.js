// Writes the tar of a layer, or entries of several layers in one tar, in this thread, and proves each layer on its way.

import { coded } from "../../lib/coded.js";
import { reading } from "../core.js";
import { pieces } from "../layers/read.js";
import { differs } from "./refusals.js";

/**
 * @typedef {object} Slice a layer, or some of its entries
 * @property {import("../../types.js").LayerSpec} spec
 * @property {import("../archives/places.js").Bytes} [bytes] if they are at hand; else they are fetched
 * @property {number[]} [wanted] the numbers of entries; none for the tar as it is
 * @property {boolean} [raw] the blob itself, whatever it is
 */

/** Bytes for the module at a time: an abort waits for no more than these unpack to. */
const PIECE = 64 * 1024;

/** Two empty blocks end a tar (POSIX pax). */
const END = 1024;

/** The checks that fail if these are not the promised bytes. */
const PROOFS = ["digest", "size", "diff-id", "limits"];

/**
 * @param {{ slices: Slice[] }} job @param {import("./pack.js").Hooks} hooks
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} throws an Error with a `code` if a layer is not what it should be
 */
export async function* packTar({ slices }, hooks) {
	for (const slice of slices) yield* slice.raw ? asItIs(slice, hooks) : cut(slice, hooks);
	if (slices.some(({ wanted }) => wanted)) yield new Uint8Array(END);
}

/** @param {Slice} slice @param {import("./pack.js").Hooks} hooks @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} */
async function* asItIs({ spec, bytes }, { authorise, ...hooks }) {
	const { BlobHasher } = await reading();
	const hasher = new BlobHasher(spec.digest ?? "");
	const asked = { ...hooks, authorise: (/** @type {any} */ refusal) => authorise(spec.digest ?? "", refusal) };
	try {
		for await (const piece of pieces({ spec, bytes }, asked)) {
			hooks.signal?.throwIfAborted();
			hasher.push(piece);
			// The buffer of a piece is that of the next.
			yield piece.slice();
		}
		const computed = hasher.digest();
		if (computed !== spec.digest) throw differs("the blob", computed, spec.digest);
	} finally {
		hasher.free();
	}
}

/** @param {Slice} slice @param {import("./pack.js").Hooks} hooks @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>} */
async function* cut({ spec, bytes, wanted }, { authorise, ...hooks }) {
	const { Exporter } = await reading();
	const exporter = new Exporter(spec, wanted && Uint32Array.from(wanted));
	const asked = { ...hooks, authorise: (/** @type {any} */ refusal) => authorise(spec.digest ?? "", refusal) };
	try {
		for await (const whole of pieces({ spec, bytes }, asked, exporter)) {
			for (let at = 0; at < whole.length; at += PIECE) {
				exporter.push(whole.subarray(at, at + PIECE));
				while (exporter.advance()) {
					const made = exporter.output();
					if (made.length > 0) yield made;
				}
				hooks.signal?.throwIfAborted();
			}
			if (exporter.unending) break;
		}
		judge(exporter.finish(), exporter.missing, wanted !== undefined);
	} finally {
		exporter.free();
	}
}

/** @param {import("../../types.js").LayerVerdict} verdict @param {number} missing @param {boolean} chosen */
function judge({ tar, checks }, missing, chosen) {
	const wrong = checks.find(({ id, outcome }) => outcome === "fail" && PROOFS.includes(id));
	if (wrong) throw coded("digest-mismatch", wrong.message);
	const capped = checks.find(({ id }) => id === "limits");
	if (capped) throw coded("limit-exceeded", capped.message);
	if (!tar) throw coded("not-a-layer", "the blob is no tar");
	const broken = chosen && checks.find(({ id, outcome }) => id === "tar" && outcome === "fail");
	if (broken) throw coded("not-found", broken.message);
	if (missing > 0) throw coded("not-found", `${missing} of the entries are not in the layer`);
}
