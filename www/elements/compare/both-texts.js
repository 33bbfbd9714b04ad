// Comparison -> www. The text of a changed file on both sides, each from its layer, which is proved again.

import { failureOf } from "../../page/state.js";

/** The largest file whose text is compared, in bytes. */
const LARGEST = 1024 * 1024;

/** The text, or nothing if it is none. @param {Uint8Array} bytes */
function textOf(bytes) {
	if (bytes.includes(0)) return undefined;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/**
 * @param {Pick<import("./compare.js").StowCompare, "api" | "asking">} view
 * @param {import("../../engine/compare/compare-images.js").Comparison} comparison
 * @param {import("../../engine/compare/compare-images.js").ComparedRow} row @param {AbortSignal} signal
 * @returns {Promise<Partial<NonNullable<import("./compare.js").StowCompare["diff"]>>>} nothing if it was stopped
 */
export async function bothTexts({ api, asking }, { reports, a, b }, row, signal) {
	if (!api || !row.a || !row.b) return {};
	if (Math.max(row.sizeA ?? 0, row.sizeB ?? 0) > LARGEST) return { problem: "large" };
	const sides = /** @type {const} */ ([
		[reports[0], a, row.a],
		[reports[1], b, row.b],
	]);
	try {
		const [one, other] = await Promise.all(
			sides.map(async ([report, { layers }, { layer, at }]) => {
				const { bytes, verdict } = await api.readFile(report, layers[layer] ?? "", at, {
					...asking,
					most: LARGEST,
					signal,
				});
				const failed = (await verdict).find(({ outcome }) => outcome === "fail");
				if (failed) throw Object.assign(new Error(failed.message), { ...failed, code: "digest-mismatch" });
				return textOf(bytes);
			}),
		);
		return one === undefined || other === undefined ? { problem: "binary" } : { texts: [one, other] };
	} catch (error) {
		return signal.aborted ? {} : { failure: failureOf(error) };
	}
}
