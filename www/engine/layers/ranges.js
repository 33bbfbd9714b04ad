// blob bytes -> www/engine. A part of one blob over HTTP, by `Range`; nothing if the registry serves no parts.

import { coded } from "../../lib/coded.js";

/**
 * @typedef {object} PartSource
 * @property {(refusal?: import("./source.js").Refusal) => Promise<import("./source.js").Authorised> | import("./source.js").Authorised} authorise
 * @property {import("./source.js").Authorised} [first] what it would answer at first
 * @property {AbortSignal} [signal]
 */

/** The time that a part may take, in milliseconds. */
const PATIENCE = 60_000;
/** The most refusals that are met. */
const ROUNDS = 4;
const REFUSAL_BYTES = 64 * 1024;

/**
 * The bytes of a blob from `from` up to `to`; fewer if it ends before.
 * @param {PartSource} source @param {number} from @param {number} to
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} nothing if the registry answers with something else than that part
 */
export async function part(source, from, to) {
	/** @type {import("./source.js").Refusal | undefined} */
	let refusal;
	for (let rounds = 0; ; rounds++) {
		const { url, authorization, round } = await authorised(source, refusal);
		const headers = new Headers({ accept: "*/*", range: `bytes=${from}-${to - 1}` });
		if (authorization) headers.set("authorization", authorization);
		const response = await send(url, headers, source.signal);
		const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
		if (response.status === 206 && Number(start ?? Number.NaN) === from) return beginningOf(response, to - from);
		// A server that sends all of it from the beginning is read as far as is wanted.
		if (response.status === 200 && from === 0) return beginningOf(response, to);
		if (response.ok || response.status === 416) {
			await response.body?.cancel();
			return undefined;
		}
		const body = await beginningOf(response, REFUSAL_BYTES);
		refusal = {
			status: response.status,
			headers: [...response.headers],
			url: response.url,
			body,
			authorization,
			round,
		};
		if (rounds >= ROUNDS) throw coded("registry-error", `the registry went on refusing (status ${response.status})`);
	}
}

/** @param {string} url @param {Headers} headers @param {AbortSignal} [signal] */
async function send(url, headers, signal) {
	const late = AbortSignal.timeout(PATIENCE);
	const both = signal ? AbortSignal.any([signal, late]) : late;
	try {
		return await fetch(url, {
			headers,
			signal: both,
			cache: "no-store",
			credentials: "omit",
			referrerPolicy: "no-referrer",
		});
	} catch (error) {
		if (signal?.aborted) throw error;
		throw coded("registry-unreachable", "the registry or the proxy refused this page or cannot be reached");
	}
}

/** @param {PartSource} source @param {import("./source.js").Refusal} [refusal] */
async function authorised(source, refusal) {
	const outcome = (!refusal && source.first) || (await source.authorise(refusal));
	if ("value" in outcome) return outcome.value;
	throw Object.assign(coded(outcome.error.code ?? "unknown", outcome.error.message), outcome.error);
}

/** The first bytes of an answer, at most `most`. @param {Response} response @param {number} most */
async function beginningOf(response, most) {
	const reader = response.body?.getReader();
	const pieces = [];
	let length = 0;
	while (reader && length < most) {
		const { value } = await reader.read();
		if (!value) break;
		pieces.push(value);
		length += value.length;
	}
	reader?.cancel().catch(() => {});
	return joined(pieces, Math.min(length, most));
}

/** @param {Uint8Array[]} pieces @param {number} length of the result; what is beyond is cut off */
export function joined(pieces, length) {
	const all = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		all.set(piece.subarray(0, length - at), at);
		at += Math.min(piece.length, length - at);
	}
	return all;
}
